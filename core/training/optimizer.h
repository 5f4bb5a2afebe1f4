#pragma once

#include <cstdint>

#include "core/config/experiment.h"
#include "core/ops/kernels.h"
#include "core/tensor/weights.h"

namespace lab {

struct TrainingState;

/// One update rule over the flat vector: Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019; decays matrices, no vectors), SGD with
/// momentum; all as in PyTorch. Ranges may be updated by different threads.
class Optimizer {
public:
    Optimizer(const OptimizerConfig& config, const ParameterLayout& layout);

    bool hasSecondMoment() const { return m_config.kind != OptimizerKind::sgd; }
    /// Updates scalars [begin, end) of the state with `gradient` times gradientScale, as step `step` (from 1).
    void update(const Kernels<float>& kernels, std::int64_t step, double learningRate, double gradientScale, const Weights& gradient,
                TrainingState& state, std::size_t begin, std::size_t end) const;

private:
    /// A run of parameters that decay alike.
    struct Segment {
        std::size_t begin, end;
        bool decays;
    };
    OptimizerConfig m_config;
    std::vector<Segment> m_segments;
};

}  // namespace lab
