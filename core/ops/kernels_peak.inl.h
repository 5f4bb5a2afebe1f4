#pragma once

#include "core/ops/kernels_vector.inl.h"

namespace lab {
namespace {

template <class T>
double peak(Index rounds, T* sink) {
    constexpr int chains = 12;  // more than latency times units of any processor so far, and they fit 16 registers
    Vector<T> sums[chains];
    LAB_UNROLL
    for (int c = 0; c < chains; ++c) sums[c] = broadcast(*sink + static_cast<T>(c));
    const Vector<T> factor = broadcast(static_cast<T>(0.999)), summand = broadcast(static_cast<T>(0.001));
    for (Index r = 0; r < rounds; ++r) {
        LAB_UNROLL
        for (int c = 0; c < chains; ++c) sums[c] = sums[c] * factor + summand;
    }
    LAB_UNROLL
    for (int c = 1; c < chains; ++c) sums[0] += sums[c];
    *sink = sumOfLanes(sums[0]);
    return 2.0 * chains * width<T> * static_cast<double>(rounds);
}

}  // namespace
}  // namespace lab
