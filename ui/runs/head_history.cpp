#include "ui/runs/head_history.h"

#include <QEvent>
#include <algorithm>
#include <chrono>

#include "core/analysis/uniform_maps.h"
#include "core/config/experiment.h"
#include "core/data/guessing.h"
#include "core/runs/budget.h"
#include "ui/runs/coarse_first.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

HeadHistory::HeadHistory(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &HeadHistory::measure);
}

HeadHistory::~HeadHistory() {
    withdrawJob();
}

void HeadHistory::look(Run* run, const Input& input) {
    Input wanted = input;
    wanted.targets.clear();  // no metric asks for them
    if (run != m_run || wanted != m_input) {
        forget();
        if (run != m_run) withdrawJob();  // another input of the same run goes on under the same title
        disconnect(m_reset);
        m_run = run;
        m_input = wanted;
        if (run) m_reset = connect(run, &Run::wasReset, this, &HeadHistory::forget);
    }
    plan();
}

void HeadHistory::setWatched(bool watched) {
    m_watched = watched;
    if (watched)
        plan();
    else
        withdrawJob();
}

bool HeadHistory::eventFilter(QObject* view, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide) setWatched(event->type() == QEvent::Show);
    return QObject::eventFilter(view, event);
}

bool HeadHistory::settled() const {
    return m_complete || m_stopped || !m_error.isEmpty() || (m_run && m_run->state() == Run::State::training);
}

void HeadHistory::goOn() {
    m_stopped = false;
    plan();
    emit changed();
}

/// The person cancelled the job.
void HeadHistory::stop() {
    m_job.reset();
    m_stopped = true;
    m_task.cancel();
    m_rest.stop();
    m_busy = false;
    emit changed();
}

void HeadHistory::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = false;
    m_measured.clear();
    m_waiting.clear();
    m_pending = 0;
    m_complete = false;
    m_stopped = false;
    m_error.clear();
    emit changed();
}

/// Finds out what is missing.
void HeadHistory::plan() {
    if (!m_run || !m_watched || m_busy || m_stopped || !m_error.isEmpty() || m_input.tokens.empty()) return;
    std::vector<CheckpointPtr> missing;
    for (const CheckpointPtr& checkpoint : m_run->history().checkpoints())
        if (!m_measured.contains(checkpoint->step)) missing.push_back(checkpoint);
    // What a run in training keeps meanwhile only makes the curve longer.
    const bool complete = !m_measured.empty() && (missing.empty() || missing.front()->step > m_measured.rbegin()->first);
    m_pending = complete ? 0 : static_cast<int>(missing.size());
    if (complete != m_complete) {
        m_complete = complete;
        emit changed();
    }
    m_waiting = coarseFirst(missing);
    if (!m_rest.isActive()) measure();
}

void HeadHistory::measure() {
    if (!m_run || !m_watched || m_busy) return;
    if (m_waiting.empty()) return;
    m_busy = true;
    const bool training = m_run->state() == Run::State::training;
    m_task.request(
        [this, model = m_run->model(), task = m_run->experiment().task, input = m_input, waiting = m_waiting,
         seconds = training ? budget::portionInTraining : budget::portion]() -> LatestTask::Found {
            Portion portion;
            const auto start = Clock::now();
            const auto elapsed = [start] { return std::chrono::duration<double>(Clock::now() - start).count(); };
            for (auto next = waiting.rbegin(); next != waiting.rend() && (portion.measured.empty() || elapsed() < seconds); ++next)
                portion.measured.emplace_back((*next)->step, allHeadMetrics(*model, task, model->trace((*next)->weights, input)));
            portion.seconds = elapsed();
            return [this, portion] { take(portion); };
        },
        [this](const QString& error) {
            m_error = error;
            take({});
        });
}

void HeadHistory::take(const Portion& portion) {
    m_busy = false;
    for (const auto& [step, measures] : portion.measured) m_measured.insert_or_assign(step, measures);
    if (m_run && m_run->state() == Run::State::training) {
        m_rest.start(budget::restAfter(portion.seconds, m_run->pace() > 0 ? budget::restPerWork : budget::restPerWorkAtFullSpeed));
    }
    plan();
    const double each = portion.seconds / static_cast<double>(std::max<std::size_t>(portion.measured.size(), 1));
    tellJobs(m_pending * each);
    emit changed();
}

/// After a portion.
void HeadHistory::tellJobs(double secondsLeft) {
    if (!m_run || !m_watched) return withdrawJob();
    const bool over = m_complete || !m_error.isEmpty();
    Jobs& jobs = m_run->jobs();
    if (!m_job && !over && secondsLeft >= budget::leastListed) {
        m_job = jobs.announce(tr("Heads over training"), {m_run, 0, m_run->step(), QStringLiteral("heads-over-training")});
        connect(m_job.get(), &Job::cancelled, this, &HeadHistory::stop);
        emit announced();
    }
    if (!m_job) return;
    const int known = static_cast<int>(m_measured.size());
    jobs.report(m_job, known, known + m_pending);
    if (!over) return;
    const JobPtr ended = std::move(m_job);
    m_job.reset();
    jobs.conclude(ended, m_error);
}

void HeadHistory::withdrawJob() {
    const JobPtr job = std::move(m_job);
    m_job.reset();
    if (!job) return;
    job->disconnect(this);
    if (m_run) m_run->jobs().withdraw(job);
}

std::vector<std::int64_t> HeadHistory::steps() const {
    std::vector<std::int64_t> result;
    for (const auto& entry : m_measured) result.push_back(entry.first);
    return result;
}

std::vector<double> HeadHistory::values(int head, HeadMetric metric) const {
    std::vector<double> result;
    for (const auto& entry : m_measured)
        if (static_cast<std::size_t>(head) < entry.second.size()) result.push_back(entry.second[static_cast<std::size_t>(head)][metric]);
    return result;
}

bool HeadHistory::runGuesses() const {
    if (!m_run || m_run->records().empty()) return false;
    const auto& records = m_run->records();
    const auto validated =
        std::find_if(records.rbegin(), records.rend(), [](const StepRecord& record) { return record.validation.has_value(); });
    const double loss = validated == records.rend() ? records.back().train.loss : validated->validation->loss;
    return isGuessing(loss, m_run->guesses().uniform.loss);
}

std::optional<Formation> HeadHistory::formation(int head, HeadMetric metric) const {
    // Beginning and end alone (a run of a sweep) do not tell when.
    if (!m_complete || !isMass(metric) || m_measured.size() <= 2 || runGuesses()) return std::nullopt;
    return formationOf(steps(), values(head, metric));
}

std::optional<std::int64_t> HeadHistory::namedFrom(int head, HeadMetric metric) const {
    const auto index = static_cast<std::size_t>(head);
    if (!m_complete || m_measured.empty() || index >= m_measured.rbegin()->second.size()) return std::nullopt;
    const HeadKind kind = headKind(m_measured.rbegin()->second[index]);
    if (metricOf(kind) != metric) return std::nullopt;
    auto first = m_measured.rbegin();
    for (auto entry = first; entry != m_measured.rend() && headKind(entry->second[index]) == kind; ++entry) first = entry;
    return first->first;
}

}  // namespace lab
