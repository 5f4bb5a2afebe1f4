#pragma once

#include "core/ops/kernels_math.inl.h"

namespace lab {
namespace {

/// One row in place; score(lanes, i) are its scores.
template <class T, class Score>
LAB_INLINE void softmaxRow(int n, T* x, Score score) {
    constexpr T lowest = -static_cast<T>(__builtin_inff());
    // code: max softmax !sinks
    Vector<T> largest = broadcast(lowest);
    forVectors<T>(n, [&](auto lanes, Index i) { largest = larger(only(lanes, score(lanes, i), lowest), largest); });
    const T top = largestLane(largest);
    const T shift = top == lowest ? T(0) : top;  // a row of nothing but -infinity: all its exponentials are 0
    // end code
    // code: exp,sum softmax !sinks
    Vector<T> sums = {};
    forVectors<T>(n, [&](auto lanes, Index i) {
        const Vector<T> e = only(lanes, exponential<T>(score(lanes, i) - shift), T(0));
        sums += e;
        store(lanes, x + i, e);
    });
    // end code
    // code: sum,weights softmax !sinks
    const T sum = sumOfLanes(sums);
    const T factor = sum == T(0) ? T(0) : T(1) / sum;
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, x + i, load(lanes, x + i) * factor); });
    // end code
}

template <class T>
LAB_FLATTEN void softmaxForward(int rows, int n, T factor, const T* columnBias, T* x, int ldx) {
    for (Index r = 0; r < rows; ++r) {
        T* row = x + r * ldx;
        if (columnBias) {
            softmaxRow<T>(n, row, [&](auto lanes, Index i) { return load(lanes, row + i) * factor + load(lanes, columnBias + i); });
        } else {
            softmaxRow<T>(n, row, [&](auto lanes, Index i) { return load(lanes, row + i) * factor; });
        }
    }
}

template <class T>
LAB_FLATTEN void softmaxBackward(int rows, int n, T factor, const T* p, int ldp, T* dx, int ldx) {
    for (Index r = 0; r < rows; ++r) {
        const T* weight = p + r * ldp;
        T* d = dx + r * ldx;
        // code: d_softmax,d_l_query,d_l_cross_query,d_cross_query softmax
        Vector<T> products = {};
        forVectors<T>(n, [&](auto lanes, Index i) { products += load(lanes, weight + i) * load(lanes, d + i); });
        const T mean = sumOfLanes(products);
        forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, d + i, load(lanes, weight + i) * (load(lanes, d + i) - mean) * factor); });
        // end code
    }
}

}  // namespace
}  // namespace lab
