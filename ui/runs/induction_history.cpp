#include "ui/runs/induction_history.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/runs/coarse_first.h"
#include "ui/runs/validation_inputs.h"

namespace lab {
namespace {

using InductionClock = std::chrono::steady_clock;

double secondsSince(InductionClock::time_point start) {
    return std::chrono::duration<double>(InductionClock::now() - start).count();
}

}  // namespace

InductionHistory::InductionHistory(Run& run, QObject* parent)
    : QObject(parent), m_run(&run), m_samples(std::make_shared<const std::vector<Sample>>(firstSamples(*run.dataset(), sampleCount))) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &InductionHistory::plan);
    connect(&run, &Run::wasReset, this, &InductionHistory::forget);
    connect(&run, &Run::historyExtended, this, &InductionHistory::plan);
    connect(&run, &Run::stateChanged, this, &InductionHistory::plan);
}

InductionHistory::~InductionHistory() = default;

void InductionHistory::setWatched(bool watched) {
    m_watched = watched;
    plan();
}

void InductionHistory::want(const CheckpointPtr& checkpoint) {
    m_wanted = checkpoint;
    plan();
}

void InductionHistory::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = false;
    m_measured.clear();
    m_waiting.clear();
    m_wanted.reset();
    m_complete = false;
    m_error.clear();
    plan();
    emit changed();
}

/// Finds out what is missing.
void InductionHistory::plan() {
    if (!m_run || !m_watched || m_busy || !m_error.isEmpty()) return;
    std::vector<CheckpointPtr> missing;
    for (const CheckpointPtr& checkpoint : m_run->history().checkpoints())
        if (!m_measured.contains(checkpoint->step)) missing.push_back(checkpoint);
    m_complete = missing.empty() && !m_measured.empty();
    m_waiting = coarseFirst(missing);
    const bool hurries = m_wanted && !m_measured.contains(m_wanted->step);
    if (hurries) m_waiting.push_back(m_wanted);
    if (hurries || !m_rest.isActive()) measure();
}

void InductionHistory::measure() {
    if (m_waiting.empty()) return;
    m_busy = true;
    const bool training = m_run->state() == Run::State::training;
    m_task.request(
        [this, model = m_run->model(), task = m_run->experiment().task, samples = m_samples, waiting = m_waiting,
         seconds = training ? budget::portionInTraining : budget::portion](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const Portion portion = measuredPortion(*model, task, *samples, waiting, seconds, wanted);
            return [this, portion] { take(portion); };
        },
        [this](const QString& error) {
            m_error = error;
            take({});
        });
}

/// At least one step, and as many more as the time allows.
InductionHistory::Portion InductionHistory::measuredPortion(const Model& model, const TaskConfig& task, const std::vector<Sample>& samples,
                                                            const std::vector<CheckpointPtr>& waiting, double seconds,
                                                            const LatestTask::Wanted& wanted) {
    Portion portion;
    const auto start = InductionClock::now();
    for (auto next = waiting.rbegin(); next != waiting.rend() && (portion.measured.empty() || secondsSince(start) < seconds); ++next) {
        auto measures = inductionMeasures(model, (*next)->weights, task, samples, [&wanted] { return !wanted(); });
        if (!measures) break;
        portion.measured.emplace_back((*next)->step, std::move(*measures));
    }
    portion.seconds = secondsSince(start);
    return portion;
}

void InductionHistory::take(const Portion& portion) {
    m_busy = false;
    for (const auto& [step, measures] : portion.measured) m_measured.insert_or_assign(step, measures);
    if (m_run && m_run->state() == Run::State::training)
        m_rest.start(budget::restAfter(portion.seconds, m_run->pace() > 0 ? budget::restPerWork : budget::restPerWorkAtFullSpeed));
    plan();
    emit changed();
}

const InductionMeasures* InductionHistory::at(std::int64_t step) const {
    const auto found = m_measured.find(step);
    return found == m_measured.end() ? nullptr : &found->second;
}

bool InductionHistory::settled() const {
    return m_complete || !m_error.isEmpty() || !m_run || m_run->state() == Run::State::training;
}

std::optional<InductionHead> InductionHistory::strongest(double InductionHead::*share) const {
    if (m_measured.empty()) return std::nullopt;
    const InductionHead* head = m_measured.rbegin()->second.strongest(share);
    return head ? std::optional(*head) : std::nullopt;
}

std::vector<double> InductionHistory::course(const InductionHead& head, double InductionHead::*share) const {
    std::vector<double> values;
    for (const auto& [step, measures] : m_measured) {
        const auto same = [&head](const InductionHead& other) { return other.block == head.block && other.head == head.head; };
        const auto found = std::ranges::find_if(measures.heads, same);
        if (found != measures.heads.end()) values.push_back((*found).*share);
    }
    return values;
}

std::optional<Formation> InductionHistory::formation(const InductionHead& head, double InductionHead::*share) const {
    if (!m_complete || m_measured.size() <= 2) return std::nullopt;  // beginning and end alone do not tell when
    std::vector<std::int64_t> steps;
    for (const auto& each : m_measured) steps.push_back(each.first);
    return formationOf(steps, course(head, share));
}

}  // namespace lab
