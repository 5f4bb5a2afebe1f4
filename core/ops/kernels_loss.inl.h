#pragma once

#include "core/ops/kernels_math.inl.h"
#include "core/ops/kernels_row_groups.inl.h"

namespace lab {
namespace {

/// Where the loss finds and leaves its rows.
template <class T>
struct LossRows {
    Index classes;
    const T* logits;
    Index ldlogits;
    const int* targets;
    T weight;
    T* dlogits;  ///< or null
    Index lddlogits;
    signed char* correct;  ///< or null
};

template <class T>
LAB_INLINE T largestOf(Index n, const T* x) {
    constexpr T lowest = -static_cast<T>(__builtin_inff());
    Vector<T> largest = broadcast(lowest);
    forVectors<T>(n, [&](auto lanes, Index i) { largest = larger(only(lanes, load(lanes, x + i), lowest), largest); });
    return largestLane(largest);
}

template <class T>
LAB_INLINE void fillZero(Index n, T* x) {
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, x + i, Vector<T>{}); });
}

/// Books one row: `top` its largest logit, `own` the target's, both read before dlogits (which may be the logits) were written.
template <class T>
LAB_INLINE void countRow(const LossRows<T>& at, Index r, T top, T own, bool hit, CrossEntropySums& sums) {
    const bool counts = at.targets[r] >= 0;
    if (at.correct) at.correct[r] = static_cast<signed char>(counts ? hit : -1);
    if (!counts) return;
    // code: loss !numbers
    sums.loss -= static_cast<double>(own - top);
    // end code
    sums.counted += 1;
    sums.correct += hit;
}

/// weight * (softmax - onehot), from the exponentials that crossEntropyRows has left.
template <class T>
LAB_INLINE void gradientOfRow(const LossRows<T>& at, Index r, T top, T sum) {
    const T* z = at.logits + r * at.ldlogits;
    T* dz = at.dlogits + r * at.lddlogits;
    const int target = at.targets[r];
    if (target < 0) return fillZero(at.lddlogits, dz);
    // code: d_logits !numbers
    const T factor = at.weight / sum;
    const Vector<T> numbers = laneNumbers<T>();
    forVectors<T>(at.classes, [&](auto lanes, Index i) {
        Vector<T> e;
        if constexpr (isWhole<decltype(lanes)>)
            e = load(lanes, dz + i);
        else
            e = exponential<T>(load(lanes, z + i) - top);
        const Vector<T> hot = numbers == static_cast<T>(target - i) ? broadcast(at.weight) : Vector<T>{};
        store(lanes, dz + i, e * factor - hot);
    });
    // end code
    fillZero(at.lddlogits - at.classes, dz + at.classes);
}

/// e^(z - top) goes into the sum and, by whole vectors, to dlogits. Of a last vector that is not whole it is taken again later: reading
/// back what a masked store has just written would wait for the cache.
template <int rows, class T>
LAB_INLINE void crossEntropyRows(const LossRows<T>& at, Index first, CrossEntropySums& sums) {
    T top[rows], sum[rows];
    Vector<T> exponentials[rows] = {};
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) top[r] = largestOf(at.classes, at.logits + (first + r) * at.ldlogits);
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) {
        const T* z = at.logits + (first + r) * at.ldlogits;
        const int target = at.targets[first + r];
        const T own = target < 0 ? top[r] : z[target];
        const bool hit = own >= top[r] && !(target > 0 && largestOf(target, z) >= top[r]);  // of equals the first wins
        countRow(at, first + r, top[r], own, hit, sums);
    }
    forVectors<T>(at.classes, [&](auto lanes, Index i) {
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> z = load(lanes, at.logits + (first + r) * at.ldlogits + i);
            // code: probabilities
            const Vector<T> e = only(lanes, exponential<T>(z - top[r]), T(0));
            exponentials[r] += e;
            // end code
            if constexpr (isWhole<decltype(lanes)>) {
                if (at.dlogits) store(lanes, at.dlogits + (first + r) * at.lddlogits + i, e);
            }
        }
    });
    double product = 1;  // of numbers from 1 to the number of classes: one logarithm for all rows
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) {
        // code: loss !numbers
        sum[r] = sumOfLanes(exponentials[r]);
        product *= at.targets[first + r] < 0 ? 1.0 : static_cast<double>(sum[r]);
        // end code
    }
    // code: loss !numbers
    sums.loss += logarithm(product);
    // end code
    if (!at.dlogits) return;
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) gradientOfRow(at, first + r, top[r], sum[r]);
}

template <class T>
LAB_FLATTEN CrossEntropySums crossEntropy(int rows, int classes, const T* logits, int ldlogits, const int* targets, T weight, T* dlogits,
                                          int lddlogits, signed char* correct) {
    CrossEntropySums sums = {0, 0, 0};
    const LossRows<T> at = {classes, logits, ldlogits, targets, weight, dlogits, lddlogits, correct};
    forRowGroups(rows, [&](auto group, Index first) { crossEntropyRows<group.value>(at, first, sums); });
    return sums;
}

}  // namespace
}  // namespace lab
