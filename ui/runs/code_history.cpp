#include "ui/runs/code_history.h"

#include <QEvent>
#include <algorithm>
#include <chrono>

#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/runs/coarse_first.h"

namespace lab {
namespace {

using CodeClock = std::chrono::steady_clock;

double codeSecondsSince(CodeClock::time_point start) {
    return std::chrono::duration<double>(CodeClock::now() - start).count();
}

}  // namespace

struct CodeHistory::Work {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> dataset;
    TaskConfig task;
    codes::CodeQuestion question;
    std::shared_ptr<const codes::SequenceSet> set;
    std::vector<CheckpointPtr> waiting;
    double seconds = 0;
};

CodeHistory::CodeHistory(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &CodeHistory::measure);
}

void CodeHistory::look(Run* run) {
    if (run != m_run) {
        m_run = run;
        forget();
        for (auto& connection : m_connections) disconnect(connection);
        if (run) {
            m_connections[0] = connect(run, &Run::wasReset, this, &CodeHistory::forget);
            m_connections[1] = connect(run, &Run::stateChanged, this, &CodeHistory::plan);
            m_connections[2] = connect(run, &Run::historyExtended, this, &CodeHistory::plan);
        }
    }
    plan();
}

void CodeHistory::setWatched(bool watched) {
    m_watched = watched;
    if (watched) plan();
}

bool CodeHistory::eventFilter(QObject* view, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide) setWatched(event->type() == QEvent::Show);
    return QObject::eventFilter(view, event);
}

bool CodeHistory::stop() {
    if (!measuring()) return false;
    m_task.cancel();
    m_rest.stop();
    m_busy = false;
    m_stopped = true;
    emit changed();
    return true;
}

void CodeHistory::goOn() {
    m_stopped = false;
    m_error.clear();
    plan();
    emit changed();
}

int CodeHistory::kept() const {
    return m_run ? static_cast<int>(m_run->history().size()) : 0;
}

bool CodeHistory::settled() const {
    const bool training = m_run && m_run->state() == Run::State::training;
    return !m_run || m_stopped || !m_error.isEmpty() || training || (m_waiting.empty() && !m_busy);
}

bool CodeHistory::isMeasured(std::int64_t step) const {
    return std::ranges::binary_search(m_points, step, {}, &codes::CodePoint::step);
}

void CodeHistory::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = m_stopped = false;
    m_set.reset();
    m_points.clear();
    m_waiting.clear();
    m_error.clear();
    emit changed();
}

/// Finds out what is missing.
void CodeHistory::plan() {
    if (!m_run || !m_watched || m_busy || m_stopped || !m_error.isEmpty()) return;
    std::vector<CheckpointPtr> missing;
    for (const CheckpointPtr& checkpoint : m_run->history().checkpoints())
        if (!isMeasured(checkpoint->step)) missing.push_back(checkpoint);
    m_waiting = coarseFirst(missing);
    if (!m_rest.isActive()) measure();
}

void CodeHistory::measure() {
    if (!m_run || !m_watched || m_busy || m_stopped || m_waiting.empty()) return;
    m_busy = true;
    const bool training = m_run->state() == Run::State::training;
    Work work{m_run->model(),
              m_run->dataset(),
              m_run->experiment().task,
              m_question,
              m_set,
              m_waiting,
              training ? budget::portionInTraining : budget::portion};
    m_task.request(
        [this, work = std::move(work)](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const Portion portion = measuredPortion(work, wanted);
            return [this, portion] { take(portion); };
        },
        [this](const QString& message) {
            m_busy = false;
            m_error = message;
            emit changed();
        });
}

/// At least one step, and as many more as the time allows.
CodeHistory::Portion CodeHistory::measuredPortion(Work work, const LatestTask::Wanted& wanted) {
    const auto start = CodeClock::now();
    Portion portion;
    portion.set = work.set ? work.set : std::make_shared<const codes::SequenceSet>(codes::testSet(*work.dataset, work.question.sequences));
    const Watch watch = [&wanted](double) { return wanted(); };
    for (; !work.waiting.empty() && (portion.measured.empty() || codeSecondsSince(start) < work.seconds); work.waiting.pop_back()) {
        const Checkpoint& checkpoint = *work.waiting.back();
        const codes::Coder coder(work.model, checkpoint.weights);
        const auto report = codes::codeReport(coder, work.task, *portion.set, work.question, watch);
        if (!report) break;
        portion.measured.push_back(codes::pointOf(checkpoint.step, *report));
    }
    portion.seconds = codeSecondsSince(start);
    return portion;
}

void CodeHistory::take(const Portion& portion) {
    m_busy = false;
    m_set = portion.set;
    for (const codes::CodePoint& point : portion.measured)
        m_points.insert(std::ranges::lower_bound(m_points, point.step, {}, &codes::CodePoint::step), point);
    if (m_run && m_run->state() == Run::State::training)
        m_rest.start(budget::restAfter(portion.seconds, m_run->pace() > 0 ? budget::restPerWork : budget::restPerWorkAtFullSpeed));
    plan();
    emit changed();
}

}  // namespace lab
