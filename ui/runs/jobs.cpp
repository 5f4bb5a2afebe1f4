#include "ui/runs/jobs.h"

#include <algorithm>
#include <deque>
#include <variant>

#include "ui/runs/gui_post.h"
#include "ui/runs/run.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr std::size_t endedShown = 20;
constexpr std::size_t resultsKept = 64;

}  // namespace

Watch watchOf(JobContext& context) {
    return [&context](double share) {
        context.progress(static_cast<int>(100 * share), 100);
        return !context.cancelled();
    };
}

void JobContext::progress(int done, int total) {
    m_done = done;
    m_total = total;
    m_context.progress([held = m_job, done, total] {
        if (const JobPtr job = held.lock()) job->moveOn(done, total);
    });
}

void JobContext::tellAny(std::any part) {
    m_context.tell([held = m_job, part = std::move(part)] {
        const JobPtr job = held.lock();
        if (job && job->state() == Job::State::running) emit job->partReady(part);
    });
}

void Job::cancel() {
    if (ended()) return;
    if (m_ticket) m_ticket->cancel();
    m_state = State::cancelled;
    emit cancelled();
    emit changed();
}

void Job::setOpener(QObject* where, std::function<void()> open) {
    m_opener = where;
    m_open = std::move(open);
    emit changed();
}

void Job::open() {
    if (canOpen()) m_open();
}

void Job::start() {
    if (m_state != State::waiting) return;
    m_state = State::running;
    emit started();
    emit changed();
}

void Job::moveOn(int done, int total) {
    if (m_state != State::running || (done == m_done && total == m_total)) return;
    m_done = done;
    m_total = total;
    emit progressed(done, total);
    emit changed();
}

void Job::end(std::any result, const QString& error) {
    if (m_state != State::running) return;
    m_result = std::move(result);
    m_message = error;
    m_state = m_result.has_value() ? State::finished : State::failed;
    if (m_state == State::finished)
        emit finished();
    else
        emit failed(error);
    emit changed();
}

class Jobs::Private {
public:
    using Work = std::function<std::any(JobContext&)>;

    explicit Private(Jobs* jobs) : q(jobs) {}

    ~Private() {
        for (const JobPtr& job : m_list) {
            QObject::disconnect(job.get(), nullptr, q, nullptr);
            if (!job->ended()) job->m_state = Job::State::cancelled;
        }
    }

    JobPtr add(const QString& title, JobKey key) {
        const JobPtr job(new Job);
        job->m_title = title;
        job->m_runName = key.run ? key.run->name() : QString();
        job->m_key = std::move(key);
        return job;
    }

    JobPtr underWay(const JobKey& key) const {
        const auto same = [&key](const JobPtr& job) { return !job->ended() && job->key() == key; };
        const auto found = key.analysis.isEmpty() ? m_list.end() : std::find_if(m_list.begin(), m_list.end(), same);
        return found == m_list.end() ? nullptr : *found;
    }

    std::any kept(const JobKey& key) const {
        const auto found = std::find_if(m_kept.begin(), m_kept.end(), [&key](const auto& entry) { return entry.first == key; });
        return found == m_kept.end() ? std::any() : found->second;
    }

    void keep(const JobKey& key, const std::any& result) {
        if (key.analysis.isEmpty()) return;
        std::erase_if(m_kept, [&key](const auto& entry) { return entry.first == key; });
        m_kept.emplace_back(key, result);
        if (m_kept.size() > resultsKept) m_kept.pop_front();
    }

    /// Of a result that is kept: the job has ended before it was asked for.
    void endAtOnce(const JobPtr& job, std::any result) {
        job->m_state = Job::State::running;
        m_post.post([job, result = std::move(result)] { job->end(result, {}); });
    }

    void list(const JobPtr& job) {
        QObject::connect(job.get(), &Job::changed, q, [this] { tellActive(); });
        m_list.push_back(job);
        dropOldest();
        const QPointer<Jobs> alive(q);
        emit q->listChanged();
        if (alive) tellActive();
    }

    void queue(const JobPtr& job, Work work) {
        const std::weak_ptr<Job> held = job;
        job->m_ticket = m_worker.enqueue([this, held, work = std::move(work)](Worker::Context& context) { run(work, held, context); },
                                         [held](const Message& why) {
                                             if (const JobPtr failed = held.lock()) failed->end({}, shown(why));
                                         });
    }

    template <class Predicate>
    void drop(Predicate outdated) {
        if (std::erase_if(m_list, outdated) > 0) emit q->listChanged();
    }

    void forgetResultsOf(const Run* run) {
        std::erase_if(m_kept, [run](const auto& entry) { return entry.first.run == run; });
    }

    const std::vector<JobPtr>& all() const { return m_list; }
    int active() const {
        return static_cast<int>(std::count_if(m_list.begin(), m_list.end(), [](const JobPtr& job) { return !job->ended(); }));
    }

private:
    void tellActive() {
        if (const int now = active(); now != m_toldActive) {
            m_toldActive = now;
            emit q->activeChanged();
        }
    }

    void dropOldest() {
        auto ended = static_cast<std::size_t>(m_list.size()) - static_cast<std::size_t>(active());
        std::erase_if(m_list, [&ended](const JobPtr& job) { return job->ended() && ended-- > endedShown; });
    }

    /// On the worker's thread.
    void run(const Work& work, const std::weak_ptr<Job>& held, Worker::Context& context) {
        context.tell([held] {
            if (const JobPtr job = held.lock()) job->start();
        });
        JobContext asked(context, held);
        std::any result = work(asked);
        context.tell([this, held, done = asked.m_done, total = asked.m_total, result = std::move(result)] {
            const JobPtr job = held.lock();
            if (!job || job->state() != Job::State::running) return;
            keep(job->key(), result);
            job->moveOn(done, total);
            job->end(result, {});
        });
    }

    Jobs* q;
    GuiPost m_post;
    std::vector<JobPtr> m_list;
    std::deque<std::pair<JobKey, std::any>> m_kept;  ///< the oldest first
    int m_toldActive = 0;
    Worker m_worker{m_post.poster(), Worker::Priority::givesWay};  ///< ends first
};

Jobs::Jobs(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
Jobs::~Jobs() = default;

JobPtr Jobs::enqueue(const QString& title, JobKey key, std::function<std::any(JobContext&)> work) {
    if (JobPtr same = d->underWay(key)) return same;
    std::any known = d->kept(key);
    JobPtr job = d->add(title, std::move(key));
    if (known.has_value()) {
        d->endAtOnce(job, std::move(known));
        return job;
    }
    d->queue(job, std::move(work));
    d->list(job);
    return job;
}

JobPtr Jobs::announce(const QString& title, const JobKey& key) {
    d->drop([&key](const JobPtr& job) { return job->ended() && job->key().run == key.run && job->key().analysis == key.analysis; });
    const JobPtr job = d->add(title, key);
    job->m_state = Job::State::running;
    d->list(job);
    return job;
}

void Jobs::report(const JobPtr& announced, int done, int total) {
    announced->moveOn(done, total);
}

void Jobs::conclude(const JobPtr& announced, const QString& error) {
    announced->end(error.isEmpty() ? std::any(std::monostate()) : std::any(), error);
}

void Jobs::withdraw(const JobPtr& announced) {
    announced->cancel();
    d->drop([&announced](const JobPtr& job) { return job == announced; });
}

std::any Jobs::keptAny(const JobKey& key) const {
    return d->kept(key);
}
const std::vector<JobPtr>& Jobs::list() const {
    return d->all();
}
int Jobs::active() const {
    return d->active();
}

void Jobs::clearEnded() {
    d->drop([](const JobPtr& job) { return job->ended(); });
}

void Jobs::cancelAll() {
    const std::vector<JobPtr> jobs = list();
    for (const JobPtr& job : jobs) job->cancel();
}

void Jobs::forget(const Run* run) {
    const std::vector<JobPtr> jobs = list();
    for (const JobPtr& job : jobs)
        if (job->key().run == run) job->cancel();
    d->forgetResultsOf(run);
    d->drop([run](const JobPtr& job) { return job->key().run == run; });
}

}  // namespace lab
