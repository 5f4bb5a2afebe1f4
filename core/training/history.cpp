#include "core/training/history.h"

#include <algorithm>
#include <cassert>

#include "core/training/trainer.h"

namespace lab {
namespace {

/// Recomputing this many steps takes the presets about half a second.
constexpr std::int64_t stateStride = 250;
/// More halvings leave nothing but step 0.
constexpr int mostLevels = 40;

/// Distance of kept steps around `step`: 1 to step 100, 2 to 200, 5 to 500, 10 to 1 000 and so on, so about one or two per cent of it.
std::int64_t strideAt(std::int64_t step) {
    for (std::int64_t decade = 1;; decade *= 10) {
        if (step <= 100 * decade) return decade;
        if (step <= 200 * decade) return 2 * decade;
        if (step <= 500 * decade) return 5 * decade;
    }
}

/// Each level keeps every other step of the one before, so what a level keeps is a part of what the coarser budget kept.
bool isKeptAt(int level, std::int64_t step) {
    return step % (strideAt(step) << level) == 0;
}

bool isStateKeptAt(int level, std::int64_t step) {
    return step % (stateStride << level) == 0;
}

std::size_t bytesOf(const Checkpoint& checkpoint) {
    return sizeof(Checkpoint) + (checkpoint.ofState ? 0 : checkpoint.weights.size() * sizeof(float));
}

std::size_t bytesOf(const TrainingState& state) {
    return sizeof(TrainingState) +
           (state.weights.size() + state.firstMoment.size() + state.secondMoment.size() + state.adapters.size()) * sizeof(float);
}

template <class Pointer>
Pointer newestNotAfter(const std::vector<Pointer>& all, std::int64_t step) {
    const auto after =
        std::upper_bound(all.begin(), all.end(), step, [](std::int64_t wanted, const Pointer& each) { return wanted < each->step; });
    return after == all.begin() ? nullptr : *(after - 1);
}

template <class Pointer>
std::size_t bytesOfAll(const std::vector<Pointer>& all) {
    std::size_t bytes = 0;
    for (const Pointer& each : all) bytes += bytesOf(*each);
    return bytes;
}

}  // namespace

bool isHistoryStep(std::int64_t step) {
    return isKeptAt(0, step);
}

bool isStateStep(std::int64_t step) {
    return isStateKeptAt(0, step);
}

History::History(std::size_t budgetBytes) : m_budgetBytes(budgetBytes) {}

bool History::isKept(const Checkpoint& checkpoint) const {
    return &checkpoint == m_checkpoints.front().get() || &checkpoint == m_checkpoints.back().get() || checkpoint.step == m_best ||
           m_pins.contains(checkpoint.step) || isKeptAt(m_level, checkpoint.step);
}

void History::add(CheckpointPtr checkpoint, std::optional<double> validationLoss) {
    assert(checkpoint);
    const bool isBest = validationLoss && *validationLoss < m_bestLoss;
    if (isBest) {
        m_best = checkpoint->step;
        m_bestLoss = *validationLoss;
    }
    if (m_checkpoints.empty() || checkpoint->step != last()->step) {
        assert(m_checkpoints.empty() || checkpoint->step > last()->step);
        m_bytes += bytesOf(*checkpoint);
        m_checkpoints.push_back(std::move(checkpoint));
    }
    // What was last until now may have been kept for that alone; the best until now may be anywhere.
    const std::size_t size = m_checkpoints.size();
    if (isBest || (size > 2 && !isKept(*m_checkpoints[size - 2]))) dropUnkept();
    keepWithinBudget();
}

void History::addState(TrainingStatePtr state) {
    assert(state);
    if (!m_states.empty() && (state->step <= m_states.back()->step || !isStateKeptAt(m_stateLevel, state->step))) return;
    m_stateBytes += bytesOf(*state);
    m_states.push_back(std::move(state));
    keepWithinBudget();
}

void History::clear() {
    *this = History(m_budgetBytes);
}

void History::setBudget(std::size_t bytes) {
    if (bytes > m_budgetBytes) m_level = m_stateLevel = 0;
    m_budgetBytes = bytes;
    keepWithinBudget();
}

CheckpointPtr History::atOrBefore(std::int64_t step) const {
    return newestNotAfter(m_checkpoints, step);
}

TrainingStatePtr History::stateAtOrBefore(std::int64_t step) const {
    return newestNotAfter(m_states, step);
}

void History::pin(CheckpointPtr checkpoint, std::string name) {
    assert(checkpoint);
    m_pins[checkpoint->step] = std::move(name);
    const auto place = std::lower_bound(m_checkpoints.begin(), m_checkpoints.end(), checkpoint->step,
                                        [](const CheckpointPtr& each, std::int64_t step) { return each->step < step; });
    if (place != m_checkpoints.end() && (*place)->step == checkpoint->step) return;
    m_bytes += bytesOf(*checkpoint);
    m_checkpoints.insert(place, std::move(checkpoint));
    keepWithinBudget();
}

void History::unpin(std::int64_t step) {
    if (m_pins.erase(step) > 0) dropUnkept();
}

void History::keepWithinBudget() {
    while (m_stateBytes > m_budgetBytes / 2 && m_states.size() > 1 && m_stateLevel < mostLevels) {
        ++m_stateLevel;
        dropUnkeptStates();
    }
    while (bytes() > m_budgetBytes && m_checkpoints.size() > 2 && m_level < mostLevels) {
        ++m_level;
        dropUnkept();
    }
}

void History::dropUnkept() {
    if (m_checkpoints.size() < 3) return;
    // Ends are compared by address, so they are told before anything moves.
    std::vector<CheckpointPtr> kept;
    for (const CheckpointPtr& each : m_checkpoints)
        if (isKept(*each)) kept.push_back(each);
    m_checkpoints = std::move(kept);
    m_bytes = bytesOfAll(m_checkpoints);
}

void History::dropUnkeptStates() {
    const auto unkept = std::remove_if(m_states.begin() + 1, m_states.end(),
                                       [this](const TrainingStatePtr& each) { return !isStateKeptAt(m_stateLevel, each->step); });
    m_states.erase(unkept, m_states.end());
    m_stateBytes = bytesOfAll(m_states);
}

}  // namespace lab
