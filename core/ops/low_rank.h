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

/// Numbers of scratch that either direction wants.
std::int64_t lowRankScratch(const LowRankShape& shape);

/// sum [outputs, inputs] = W + factor B A.
template <class T>
void lowRankForward(const Kernels<T>& kernels, const LowRankShape& shape, const T* weight, const T* a, const T* b, T* scratch, T* sum);

/// From dsum [outputs, inputs]: db = factor dsum A^T, da = factor B^T dsum; both are overwritten.
template <class T>
void lowRankBackward(const Kernels<T>& kernels, const LowRankShape& shape, const T* dsum, const T* a, const T* b, T* scratch, T* da, T* db);

}  // namespace lab
