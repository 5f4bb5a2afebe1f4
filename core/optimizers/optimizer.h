#pragma once

#include <cstddef>
#include <vector>

#include "core/ops/kernels.h"
#include "core/optimizers/optimizer_config.h"
#include "core/optimizers/training_state.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

namespace lab {

/// The chosen update rule over the parameters of a layout. Immutable: different threads may update different parameters.
class Optimizer {
public:
    Optimizer(const OptimizerConfig& config, const ParameterLayout& layout, const Kernels<float>& kernels);

    /// Parameter `index` and its moments by its gradient; the state's step stays. `scratch`: updateScratch() floats, each thread's own.
    void update(std::size_t index, const UpdateStep& step, const Weights& gradient, TrainingState& state, float* scratch) const;

private:
    /// A parameter in the flat vectors.
    struct Place {
        std::size_t offset;
        std::int64_t size;   ///< with the gap behind it
        std::int64_t count;  ///< without it
        int rows, columns;   ///< 0 of a vector
        bool hidden;
    };
    const UpdateRule& m_rule;
    const Kernels<float>& m_kernels;
    UpdateKernel<float> m_update;
    std::vector<double> m_numbers;  ///< in the order of the rule's parameters
    std::vector<Place> m_places;
};

/// Clipping (Pascanu et al. 2013) as PyTorch's clip_grad_norm_: what a gradient of this norm is multiplied by; a clip norm of 0 does
/// nothing.
double clipFactor(double clipNorm, double gradientNorm);

/// Floats of scratch that an update needs for the largest matrix of the layout.
std::size_t updateScratch(const UpdateRule& rule, const ParameterLayout& layout);

}  // namespace lab
