#include "core/training/state_before.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/ops/kernels.h"
#include "core/optimizers/adapter_merge.h"

namespace lab {
namespace {

std::array<const Weights*, 3> partsOf(const TrainingState& state) {
    return {&state.trained(), &state.firstMoment, &state.secondMoment};
}

bool allFinite(const float* values, std::size_t n) {
    return std::all_of(values, values + n, [](float x) { return std::isfinite(x); });
}

}  // namespace

void StateBefore::begin(const TrainingState& state) {
    m_broken = false;
    if (state.step % stepsBetween == 0 || m_kept.firstMoment.empty()) keep(state);
}

void StateBefore::keep(const TrainingState& state) {
    if (!state.hasAdapters()) {
        m_kept = state;
        return;
    }
    m_kept.firstMoment = state.firstMoment;
    m_kept.secondMoment = state.secondMoment;
    m_kept.step = state.step;
    m_kept.best = state.best;
    m_kept.base = state.base;
    m_kept.adapters = state.adapters;
}

TrainingState StateBefore::kept() const {
    TrainingState state = m_kept;
    if (state.hasAdapters()) state.weights = mergedWeights(*state.base, state.adapters);
    return state;
}

void StateBefore::check(std::size_t parameter, const TrainingState& state) {
    const std::size_t begin = m_layout.parameters()[parameter].offset, n = m_layout.endOf(parameter) - begin;
    for (const Weights* part : partsOf(state)) {
        if (part->empty()) continue;
        const float* values = part->data() + begin;
        // Squares tell it at a glance; those of large numbers may overflow where the numbers do not.
        const bool finite = std::isfinite(m_kernels.sumOfSquares(static_cast<std::int64_t>(n), values)) || allFinite(values, n);
        if (!finite) m_broken = true;
    }
}

Message StateBefore::firstBroken(const TrainingState& state) const {
    const std::array<SourceText, 3> whats = {LAB_TEXT("training", "a weight of %1"), LAB_TEXT("training", "a moment of %1"),
                                             LAB_TEXT("training", "a moment of %1")};
    for (std::size_t i = 0; i < whats.size(); ++i)
        for (std::size_t index = 0; !partsOf(state)[i]->empty() && index < m_layout.parameters().size(); ++index) {
            const Parameter& p = m_layout.parameters()[index];
            if (!allFinite(at(*partsOf(state)[i], p), m_layout.endOf(index) - p.offset)) return Message(whats[i]).arg(p.name);
        }
    return {};
}

}  // namespace lab
