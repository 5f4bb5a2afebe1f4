#include "ui/runs/part_history.h"

#include <QEvent>
#include <algorithm>
#include <chrono>

#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/runs/coarse_first.h"
#include "ui/runs/validation_inputs.h"

namespace lab {
namespace {

using PartClock = std::chrono::steady_clock;

double partSecondsSince(PartClock::time_point start) {
    return std::chrono::duration<double>(PartClock::now() - start).count();
}

}  // namespace

struct PartHistory::Work {
    std::shared_ptr<const Model> model;
    std::vector<const PartMeasure*> parts;
    std::shared_ptr<const std::vector<Sample>> samples;
    std::vector<CheckpointPtr> waiting;
    double seconds = 0;
};

PartHistory::PartHistory(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &PartHistory::plan);
}

void PartHistory::look(Run* run) {
    if (run != m_run) {
        for (auto& connection : m_connections) disconnect(connection);
        m_run = run;
        m_parts = run ? PartMeasure::of(run->experiment().model) : std::vector<const PartMeasure*>();
        m_samples.reset();
        forget();
        if (run) {
            m_connections[0] = connect(run, &Run::wasReset, this, &PartHistory::forget);
            m_connections[1] = connect(run, &Run::stateChanged, this, &PartHistory::plan);
            m_connections[2] = connect(run, &Run::historyExtended, this, &PartHistory::plan);
        }
    }
    plan();
}

void PartHistory::setWatched(bool watched) {
    m_watched = watched;
    plan();
}

bool PartHistory::eventFilter(QObject* view, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide) setWatched(event->type() == QEvent::Show);
    return QObject::eventFilter(view, event);
}

void PartHistory::want(const CheckpointPtr& checkpoint) {
    m_wanted = checkpoint;
    plan();
}

bool PartHistory::settled() const {
    return !m_run || m_parts.empty() || m_complete || !m_error.isEmpty() || m_run->state() == Run::State::training;
}

void PartHistory::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = m_complete = false;
    m_measured.clear();
    m_waiting.clear();
    m_wanted.reset();
    m_error.clear();
    plan();
    emit changed();
}

/// Finds out what is missing.
void PartHistory::plan() {
    if (!m_run || m_parts.empty() || !m_watched || m_busy || !m_error.isEmpty()) return;
    std::vector<CheckpointPtr> missing;
    for (const CheckpointPtr& checkpoint : m_run->history().checkpoints())
        if (!has(checkpoint->step)) missing.push_back(checkpoint);
    m_complete = missing.empty() && !m_measured.empty();
    m_waiting = coarseFirst(missing);
    const bool hurries = m_wanted && !has(m_wanted->step);
    if (hurries) m_waiting.push_back(m_wanted);
    if (hurries || !m_rest.isActive()) measure();
}

void PartHistory::measure() {
    if (m_waiting.empty()) return;
    m_busy = true;
    if (!m_samples) m_samples = std::make_shared<const std::vector<Sample>>(firstSamples(*m_run->dataset(), sampleCount));
    const bool training = m_run->state() == Run::State::training;
    m_task.request(
        [this, work = Work{m_run->model(), m_parts, m_samples, m_waiting, training ? budget::portionInTraining : budget::portion}](
            const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const Portion portion = measuredPortion(work, wanted);
            return [this, portion] { take(portion); };
        },
        [this](const QString& error) {
            m_error = error;
            take({});
        });
}

/// At least one step, and as many more as the time allows.
PartHistory::Portion PartHistory::measuredPortion(const Work& work, const LatestTask::Wanted& wanted) {
    Portion portion;
    const auto start = PartClock::now();
    const PartMeasure::Cancelled cancelled = [&wanted] { return !wanted(); };
    for (auto next = work.waiting.rbegin();
         next != work.waiting.rend() && (portion.measured.empty() || partSecondsSince(start) < work.seconds); ++next) {
        Values values;
        for (const PartMeasure* part : work.parts)
            if (auto own = part->values(*work.model, (*next)->weights, *work.samples, cancelled)) values.push_back(std::move(*own));
        if (values.size() != work.parts.size()) break;
        portion.measured.emplace_back((*next)->step, std::move(values));
    }
    portion.seconds = partSecondsSince(start);
    return portion;
}

void PartHistory::take(const Portion& portion) {
    m_busy = false;
    for (const auto& [step, values] : portion.measured) m_measured.insert_or_assign(step, values);
    if (m_run && m_run->state() == Run::State::training)
        m_rest.start(budget::restAfter(portion.seconds, m_run->pace() > 0 ? budget::restPerWork : budget::restPerWorkAtFullSpeed));
    plan();
    emit changed();
}

}  // namespace lab
