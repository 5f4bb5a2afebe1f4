#include "core/training/history.h"

#include <algorithm>
#include <cassert>

namespace lab {
namespace {

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

std::size_t bytesOf(const Checkpoint& checkpoint) {
    return sizeof(Checkpoint) + checkpoint.weights.size() * sizeof(float);
}

}  // namespace

bool isHistoryStep(std::int64_t step) {
    return isKeptAt(0, step);
}

History::History(std::size_t budgetBytes) : m_budgetBytes(budgetBytes) {}

void History::add(CheckpointPtr checkpoint) {
    assert(checkpoint);
    if (!m_checkpoints.empty()) {
        assert(checkpoint->step >= last()->step);
        if (checkpoint->step == last()->step) return;
        // What was last until now was kept for that alone.
        if (m_checkpoints.size() > 1 && !isKeptAt(m_level, last()->step)) dropLast();
    }
    m_bytes += bytesOf(*checkpoint);
    m_checkpoints.push_back(std::move(checkpoint));
    while (m_bytes > m_budgetBytes && m_checkpoints.size() > 2) thin();
}

void History::clear() {
    m_checkpoints.clear();
    m_bytes = 0;
    m_level = 0;
}

CheckpointPtr History::atOrBefore(std::int64_t step) const {
    const auto after = std::upper_bound(m_checkpoints.begin(), m_checkpoints.end(), step,
                                        [](std::int64_t wanted, const CheckpointPtr& checkpoint) { return wanted < checkpoint->step; });
    return after == m_checkpoints.begin() ? nullptr : *(after - 1);
}

void History::dropLast() {
    m_bytes -= bytesOf(*m_checkpoints.back());
    m_checkpoints.pop_back();
}

void History::thin() {
    ++m_level;
    std::vector<CheckpointPtr> kept;
    m_bytes = 0;
    for (const CheckpointPtr& checkpoint : m_checkpoints) {
        const bool isEnd = checkpoint == m_checkpoints.front() || checkpoint == m_checkpoints.back();
        if (!isEnd && !isKeptAt(m_level, checkpoint->step)) continue;
        m_bytes += bytesOf(*checkpoint);
        kept.push_back(checkpoint);
    }
    m_checkpoints = std::move(kept);
}

}  // namespace lab
