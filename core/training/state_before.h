#pragma once

#include <algorithm>
#include <atomic>
#include <vector>

#include "core/optimizers/training_state.h"
#include "core/training/batch_cut.h"

namespace lab {

/// The numbers that an update is about to replace: an update that makes one of them infinite is taken back, bit for bit. It may use memory
/// that its owner needs between two updates only.
class StateBefore {
public:
    /// How many flat vectors it wants: weights and moments.
    static int vectorsOf(const UpdateRule& rule) { return 1 + rule.moments; }

    /// `room`: so many vectors, each as large as the weights.
    StateBefore(const ParameterLayout& layout, const Kernels<float>& kernels, std::vector<Weights*> room);

    /// Before the first parameter of an update.
    void begin() { m_broken = false; }
    /// Of one parameter, by any thread: before its update, and behind it.
    void keep(std::size_t parameter, const TrainingState& state);
    void check(std::size_t parameter, const TrainingState& state);

    /// Some number is no longer finite.
    bool isBroken() const { return m_broken; }
    /// "a weight of output.projection.weight": the first of them in the layout's order.
    Message firstBroken(const TrainingState& state) const;
    void takeBack(TrainingState& state) const;

private:
    const ParameterLayout& m_layout;
    const Kernels<float>& m_kernels;
    std::vector<Weights*> m_room;
    std::atomic<bool> m_broken = false;
};

/// Vectors that a trainer keeps for it beside the gradients of its groups.
inline int roomBesideGroups(const UpdateRule& rule, int batchSize) {
    return std::max(0, StateBefore::vectorsOf(rule) - groupBuffers(batchSize));
}

}  // namespace lab
