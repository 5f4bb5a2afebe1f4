#pragma once

#include <cstddef>
#include <cstdint>

#include "core/layers/pass.h"
#include "core/tensor/adapter_base.h"
#include "core/tensor/parameter_layout.h"

namespace lab {

/// Low-rank adapters of a pass: backward makes their gradients and no others. Those of A and B follow from what a map read and from its
/// outputs' gradients; that of the sum W + factor B A, as large as W, is not made.
template <class T>
struct AdapterPass {
    const AdapterBase& base;
    const T* values;  ///< A and B of each matrix, by base.layout
    T* gradient;      ///< the same; added to
};

/// As many numbers as the largest parameter has that layers add gradients of without asking whether it is trained.
std::size_t unreadNumbers(const ParameterLayout& layout);

/// What a linear map, or some of its outputs, read and gave.
template <class T>
struct MapGradient {
    std::size_t weight = 0;  ///< of the whole map's W [outputs, in], in the flat vector
    int firstOutput = 0, outputs = 0, in = 0;
    int rows = 0;
    const T* x = nullptr;   ///< [rows, in]
    const T* dy = nullptr;  ///< [rows, outputs]
    int lddy = 0;
};

/// The pass has adapters: adds to their gradients, if W has one, factor (dy B)^T x to A's and factor dy^T (x A^T) to B's.
template <class T>
void addAdapterGradient(Pass<T>& pass, const MapGradient<T>& map);

/// Adds dy^T x to W's gradient, or what an adapter makes of it to its own.
template <class T>
void addMatrixGradient(Pass<T>& pass, const MapGradient<T>& map);

}  // namespace lab
