#pragma once

#include <cstdint>

#include "core/ops/kernels.h"

// A matrix and what a low-rank adapter adds to it (Hu et al. 2021): sum = W + factor B A, W [outputs, inputs], A [rank, inputs],
// B [outputs, rank], all contiguous. Deterministic as the kernels are.

namespace lab {

struct LowRankShape {
    int outputs = 0, inputs = 0, rank = 0;
    double factor = 1;
};

/// Numbers of scratch that the sum wants.
std::int64_t lowRankScratch(const LowRankShape& shape);

/// sum [outputs, inputs] = W + factor B A.
template <class T>
void lowRankForward(const Kernels<T>& kernels, const LowRankShape& shape, const T* weight, const T* a, const T* b, T* scratch, T* sum);

/// From what y = x sum^T read, x [rows, inputs], and its gradient dy [rows, outputs]: adds factor (dy B)^T x to da and factor dy^T (x A^T)
/// to db. The sum's own gradient dy^T x, as large as W, is not made. `scratch`: rows * rank numbers.
template <class T>
void lowRankBackward(const Kernels<T>& kernels, const LowRankShape& shape, int rows, const T* x, const T* dy, int lddy, const T* a,
                     const T* b, T* scratch, T* da, T* db);

}  // namespace lab
