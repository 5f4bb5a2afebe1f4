#pragma once

#include <atomic>
#include <cstdint>

#include "core/optimizers/training_state.h"

namespace lab {

/// A finite state of a few steps ago. An update that makes a weight or moment infinite is taken back by doing the steps since then anew,
/// which gives the same bits: to copy all numbers at every step would cost up to a tenth of it.
class StateBefore {
public:
    static constexpr std::int64_t stepsBetween = 16;
    /// How many flat vectors it holds of what is trained: itself and moments.
    static int vectorsOf(const UpdateRule& rule) { return 1 + rule.moments; }

    StateBefore(const ParameterLayout& layout, const Kernels<float>& kernels) : m_layout(layout), m_kernels(kernels) {}

    /// Before an update of a state whose numbers are finite.
    void begin(const TrainingState& state);
    /// Behind the update of one parameter, by any thread.
    void check(std::size_t parameter, const TrainingState& state);

    /// Some number is no longer finite.
    bool isBroken() const { return m_broken; }
    /// "a weight of output.projection.weight": the first of them in the layout's order.
    Message firstBroken(const TrainingState& state) const;
    TrainingState kept() const;

private:
    void keep(const TrainingState& state);

    const ParameterLayout& m_layout;
    const Kernels<float>& m_kernels;
    TrainingState m_kept;  ///< empty before the first step; with adapters without the weights, which follow from them
    std::atomic<bool> m_broken = false;
};

}  // namespace lab
