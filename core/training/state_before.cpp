#include "core/training/state_before.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/ops/kernels.h"

namespace lab {
namespace {

template <class State>
auto partsOf(State& state) {
    return std::array{&state.weights, &state.firstMoment, &state.secondMoment};
}

bool allFinite(const float* values, std::size_t n) {
    return std::all_of(values, values + n, [](float x) { return std::isfinite(x); });
}

}  // namespace

StateBefore::StateBefore(const ParameterLayout& layout, const Kernels<float>& kernels, std::vector<Weights*> room)
    : m_layout(layout), m_kernels(kernels), m_room(std::move(room)) {}

void StateBefore::keep(std::size_t parameter, const TrainingState& state) {
    const std::size_t begin = m_layout.parameters()[parameter].offset, n = m_layout.endOf(parameter) - begin;
    for (std::size_t i = 0; i < m_room.size(); ++i) std::copy_n(partsOf(state)[i]->data() + begin, n, m_room[i]->data() + begin);
}

void StateBefore::check(std::size_t parameter, const TrainingState& state) {
    const std::size_t begin = m_layout.parameters()[parameter].offset, n = m_layout.endOf(parameter) - begin;
    for (std::size_t i = 0; i < m_room.size(); ++i) {
        const float* values = partsOf(state)[i]->data() + begin;
        // Squares tell it at a glance; those of large numbers may overflow where the numbers do not.
        const bool finite = std::isfinite(m_kernels.sumOfSquares(static_cast<std::int64_t>(n), values)) || allFinite(values, n);
        if (!finite) m_broken = true;
    }
}

Message StateBefore::firstBroken(const TrainingState& state) const {
    const std::array<SourceText, 3> whats = {LAB_TEXT("training", "a weight of %1"), LAB_TEXT("training", "a moment of %1"),
                                             LAB_TEXT("training", "a moment of %1")};
    for (std::size_t i = 0; i < m_room.size(); ++i)
        for (std::size_t index = 0; index < m_layout.parameters().size(); ++index) {
            const Parameter& p = m_layout.parameters()[index];
            if (!allFinite(at(*partsOf(state)[i], p), m_layout.endOf(index) - p.offset)) return Message(whats[i]).arg(p.name);
        }
    return {};
}

void StateBefore::takeBack(TrainingState& state) const {
    for (std::size_t i = 0; i < m_room.size(); ++i) *partsOf(state)[i] = *m_room[i];
}

}  // namespace lab
