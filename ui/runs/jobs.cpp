#include "ui/runs/jobs.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

#include "core/base/platform.h"
#include "ui/runs/gui_post.h"
#include "ui/runs/run.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t endedShown = 20;
constexpr std::size_t resultsKept = 64;
constexpr std::chrono::milliseconds betweenProgress{33};  ///< the window draws no more often

}  // namespace

/// What the GUI thread and the worker share of a job. The job itself is touched on the GUI thread only.
struct JobContext::Token {
    std::atomic<bool> cancelled{false};
    GuiPost* post = nullptr;  ///< outlives the worker
    std::weak_ptr<Job> job;

    // The worker's own:
    int done = 0;
    int total = 0;
    Clock::time_point toldAt{};
};

bool JobContext::cancelled() const {
    return m_token->cancelled;
}

void JobContext::progress(int done, int total) {
    m_token->done = done;
    m_token->total = total;
    const auto now = Clock::now();
    if (now - m_token->toldAt < betweenProgress) return;
    m_token->toldAt = now;
    m_token->post->post([held = m_token->job, done, total] {
        if (const JobPtr job = held.lock()) job->moveOn(done, total);
    });
}

void JobContext::tellAny(std::any part) {
    m_token->post->post([held = m_token->job, part = std::move(part)] {
        const JobPtr job = held.lock();
        if (job && job->state() == Job::State::running) emit job->partReady(part);
    });
}

void Job::cancel() {
    if (ended()) return;
    m_token->cancelled = true;
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
    using TokenPtr = std::shared_ptr<JobContext::Token>;

    explicit Private(Jobs* jobs) : q(jobs) {}

    ~Private() {
        for (const JobPtr& job : m_list) {
            QObject::disconnect(job.get(), nullptr, q, nullptr);
            if (job->ended()) continue;
            job->m_token->cancelled = true;
            job->m_state = Job::State::cancelled;
        }
        if (!m_thread.joinable()) return;
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wakeUp.notify_one();
        m_thread.join();
    }

    JobPtr add(const QString& title, JobKey key) {
        const JobPtr job(new Job);
        job->m_title = title;
        job->m_runName = key.run ? key.run->name() : QString();
        job->m_key = std::move(key);
        job->m_token = std::make_shared<JobContext::Token>();
        job->m_token->post = &m_post;
        job->m_token->job = job;
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
        if (!m_thread.joinable()) m_thread = std::thread([this] { loop(); });
        {
            const std::lock_guard lock(m_mutex);
            m_queue.push_back({job->m_token, std::move(work)});
        }
        m_wakeUp.notify_one();
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
    struct Entry {
        TokenPtr token;
        Work work;
    };

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

    // On the worker's thread from here on.

    void loop() {
        giveWayToOtherThreads();
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wakeUp.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
            if (m_stopping) return;
            {
                const Entry entry = std::move(m_queue.front());
                m_queue.pop_front();
                lock.unlock();
                if (!entry.token->cancelled) run(entry);
            }
            lock.lock();
        }
    }

    void run(const Entry& entry) {
        cleanVectorRegisters();
        JobContext::Token& token = *entry.token;
        m_post.post([held = token.job] {
            if (const JobPtr job = held.lock()) job->start();
        });
        std::any result;
        QString error;
        try {
            JobContext context(entry.token);
            result = entry.work(context);
        } catch (const std::exception& problem) {
            error = shown(messageOf(problem));
        } catch (...) {
            error = Jobs::tr("the analysis ended with an error of an unknown kind");
        }
        m_post.post([this, held = token.job, done = token.done, total = token.total, result = std::move(result), error] {
            const JobPtr job = held.lock();
            if (!job || job->state() != Job::State::running) return;
            if (result.has_value()) keep(job->key(), result);
            job->moveOn(done, total);
            job->end(result, error);
        });
    }

    Jobs* q;
    GuiPost m_post;
    std::vector<JobPtr> m_list;
    std::deque<std::pair<JobKey, std::any>> m_kept;  ///< the oldest first
    int m_toldActive = 0;

    std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::deque<Entry> m_queue;
    bool m_stopping = false;
    std::thread m_thread;  ///< begins with the first job
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
