#include "core/training/optimizer.h"

#include <algorithm>
#include <cmath>

#include "core/training/trainer.h"

namespace lab {

Optimizer::Optimizer(const OptimizerConfig& config, const ParameterLayout& layout) : m_config(config) {
    const bool decayMatters = config.kind == OptimizerKind::adamw && config.weight_decay != 0.0;
    const auto& parameters = layout.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::size_t end = i + 1 < parameters.size() ? parameters[i + 1].offset : layout.flatSize();
        const bool decays = decayMatters && parameters[i].isMatrix();
        if (!m_segments.empty() && m_segments.back().decays == decays)
            m_segments.back().end = end;
        else
            m_segments.push_back({parameters[i].offset, end, decays});
    }
}

void Optimizer::update(const Kernels<float>& kernels, std::int64_t step, double learningRate, double gradientScale, const Weights& gradient,
                       TrainingState& state, std::size_t begin, std::size_t end) const {
    AdamFactors factors{learningRate, m_config.beta1, m_config.beta2, m_config.epsilon, gradientScale, 0.0, 1.0, 1.0};
    factors.correction1 = 1.0 - std::pow(m_config.beta1, static_cast<double>(step));
    factors.correction2 = 1.0 - std::pow(m_config.beta2, static_cast<double>(step));
    for (const Segment& segment : m_segments) {
        const std::size_t from = std::max(begin, segment.begin), to = std::min(end, segment.end);
        if (from >= to) continue;
        const auto n = static_cast<std::int64_t>(to - from);
        factors.decay = segment.decays ? m_config.weight_decay : 0.0;
        if (m_config.kind == OptimizerKind::sgd)
            kernels.sgd(n, learningRate, m_config.momentum, gradientScale, gradient.data() + from, state.weights.data() + from,
                        state.firstMoment.data() + from);
        else
            kernels.adam(n, factors, gradient.data() + from, state.weights.data() + from, state.firstMoment.data() + from,
                         state.secondMoment.data() + from);
    }
}

}  // namespace lab
