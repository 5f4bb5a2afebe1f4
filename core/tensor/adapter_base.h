#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

namespace lab {

/// What low-rank adapters are added to (W + factor B A), and which matrices have them. Never changes: all states of a training share it.
struct AdapterBase {
    /// `matrices`: indices of [outputs, inputs] matrices in the model's layout, ascending; `weights` those of the model.
    AdapterBase(const ParameterLayout& model, std::vector<std::size_t> matrices, int rank, double factor, Weights weights);

    std::vector<std::size_t> matrices;
    std::vector<std::size_t> offsets;  ///< where each begins in the model's weights
    int rank;
    double factor;
    ParameterLayout layout;  ///< NAME.a [rank, inputs] and NAME.b [outputs, rank] of each matrix in turn
    Weights weights;

    const Parameter& a(std::size_t matrix) const { return layout.parameters()[2 * matrix]; }
    const Parameter& b(std::size_t matrix) const { return layout.parameters()[2 * matrix + 1]; }
    /// The adapted parameter's name in the model.
    std::string nameOf(std::size_t matrix) const;
};

}  // namespace lab
