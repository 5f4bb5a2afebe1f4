#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/tensor/weights.h"

namespace lab {

/// The weights after a step; immutable, shared by all threads.
struct Checkpoint {
    std::int64_t step = 0;
    Weights weights;
};
using CheckpointPtr = std::shared_ptr<const Checkpoint>;

/// Whether step `step` of a run is worth keeping while the history is young: every step to 100, then ever more widely. A pure function of
/// the step.
bool isHistoryStep(std::int64_t step);

/// Checkpoints in ascending order of their steps within a memory budget; older ones are thinned by step alone, first and last always stay.
class History {
public:
    explicit History(std::size_t budgetBytes = std::size_t{256} << 20);

    void add(CheckpointPtr checkpoint);
    void clear();

    bool empty() const { return m_checkpoints.empty(); }
    std::size_t size() const { return m_checkpoints.size(); }
    std::size_t bytes() const { return m_bytes; }
    const std::vector<CheckpointPtr>& checkpoints() const { return m_checkpoints; }
    /// The newest one not after `step`; null when the history is empty or begins later.
    CheckpointPtr atOrBefore(std::int64_t step) const;
    CheckpointPtr last() const { return m_checkpoints.empty() ? nullptr : m_checkpoints.back(); }

private:
    void dropLast();
    void thin();

    std::vector<CheckpointPtr> m_checkpoints;
    std::size_t m_budgetBytes;
    std::size_t m_bytes = 0;
    int m_level = 0;  ///< how often the steps were halved
};

}  // namespace lab
