#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/tensor/parameter_layout.h"
#include "core/tensor/quantise.h"
#include "core/tensor/weights.h"

namespace lab {

/// The matrices of a model whose weights stand for bytes, as these bytes: a product with one row of activations reads a quarter of what the
/// floats take.
class ByteWeights {
public:
    /// Those matrices that the scheme keeps as whole rows of bytes; `weights` are what it stands for (quantised()).
    ByteWeights(const Weights& weights, const ParameterLayout& layout, const QuantisationScheme& scheme);

    struct Matrix {
        const signed char* codes;  ///< [rows, columns]
        const float* scales;       ///< [rows]
    };
    /// Of the parameter that begins at `offset` of the flat weights; both null where it is kept as floats.
    Matrix find(std::size_t offset) const;

private:
    std::unordered_map<std::size_t, PackedMatrix> m_matrices;
};

}  // namespace lab
