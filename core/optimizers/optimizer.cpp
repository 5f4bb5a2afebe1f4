#include "core/optimizers/optimizer.h"

#include <algorithm>

namespace lab {
namespace {

int rowsOf(const Parameter& parameter) {
    return parameter.isMatrix() ? parameter.shape.front() : 0;
}

int columnsOf(const Parameter& parameter) {
    return parameter.isMatrix() ? static_cast<int>(parameter.size) / parameter.shape.front() : 0;
}

}  // namespace

Optimizer::Optimizer(const OptimizerConfig& config, const ParameterLayout& layout, const Kernels<float>& kernels)
    : m_rule(*config.kind), m_kernels(kernels), m_update(updateKernel(*config.kind, kernels)) {
    for (const ParameterSpec& spec : m_rule.parameters) m_numbers.push_back(config.numbers[spec]);
    for (std::size_t i = 0; i < layout.parameters().size(); ++i) {
        const Parameter& p = layout.parameters()[i];
        m_places.push_back({p.offset, static_cast<std::int64_t>(layout.endOf(i) - p.offset), static_cast<std::int64_t>(p.size), rowsOf(p),
                            columnsOf(p), p.isHiddenMatrix()});
    }
}

void Optimizer::update(std::size_t index, const UpdateStep& step, const Weights& gradient, TrainingState& state, float* scratch) const {
    const Place& place = m_places[index];
    float* second = m_rule.moments > 1 ? state.secondMoment.data() + place.offset : nullptr;
    m_update(step, m_numbers.data(),
             {place.size, place.count, place.rows, place.columns, place.hidden, gradient.data() + place.offset,
              state.trained().data() + place.offset, state.firstMoment.data() + place.offset, second, scratch, m_kernels});
}

double clipFactor(double clipNorm, double gradientNorm) {
    constexpr double epsilon = 1e-6;  // PyTorch's
    return clipNorm > 0.0 ? std::min(1.0, clipNorm / (gradientNorm + epsilon)) : 1.0;
}

std::size_t updateScratch(const UpdateRule& rule, const ParameterLayout& layout) {
    std::int64_t most = 0;
    for (const Parameter& p : layout.parameters())
        if (rule.scratch && p.isHiddenMatrix()) most = std::max(most, rule.scratch(rowsOf(p), columnsOf(p)));
    return static_cast<std::size_t>(most);
}

}  // namespace lab
