#pragma once

#include <cstdint>

#include "core/ops/kernels.h"

// What the kernel of an update rule gets: plain numbers and pointers, since it is compiled once per instruction set (DESIGN.md 7).

namespace lab {

/// A step, the same for all parameters.
struct UpdateStep {
    std::int64_t step;     ///< t, from 1
    double learningRate;   ///< of this step
    double rateFactor;     ///< the schedule's, for rates of a rule's own
    double gradientScale;  ///< from clipping: g = gradientScale * gradient
};

/// One parameter and what belongs to it, from its place in the flat vectors on.
template <class T>
struct UpdatedParameter {
    std::int64_t size;   ///< the gap behind the parameter included: zeros, which every rule leaves zeros
    std::int64_t count;  ///< without it
    int rows, columns;   ///< of a matrix, row-major [out, in]; 0: a vector
    bool hidden;         ///< a matrix between activations: no table, no output head
    const T* gradient;
    T* weights;
    T* first;   ///< moments
    T* second;  ///< null for a rule of one moment
    T* scratch;
    const Kernels<T>& kernels;
};

/// Updates weights and moments. `numbers` are those of the rule in the order of its row's parameters.
template <class T>
using UpdateKernel = void (*)(const UpdateStep& step, const double* numbers, const UpdatedParameter<T>& parameter);

}  // namespace lab
