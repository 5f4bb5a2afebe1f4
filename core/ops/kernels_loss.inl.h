#pragma once

#include "core/ops/kernels_math.inl.h"

namespace lab {
namespace {

template <class T>
LAB_INLINE T largestOf(Index n, const T* x) {
    constexpr T lowest = -static_cast<T>(__builtin_inff());
    Vector<T> largest = broadcast(lowest);
    forVectors<T>(n, [&](auto lanes, Index i) { largest = larger(only(lanes, load(lanes, x + i), lowest), largest); });
    return largestLane(largest);
}

/// Whether some element is >= bound.
template <class T>
LAB_INLINE bool reaches(Index n, const T* x, T bound) {
    return n > 0 && largestOf(n, x) >= bound;
}

template <class T>
LAB_INLINE void fillZero(Index n, T* x) {
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, x + i, Vector<T>{}); });
}

/// sum of exp(z - top); the exponentials into e unless it is null.
template <class T>
LAB_INLINE T sumOfExponentials(Index n, const T* z, T top, T* e) {
    Vector<T> sums = {};
    forVectors<T>(n, [&](auto lanes, Index i) {
        const Vector<T> x = only(lanes, exponential<T>(load(lanes, z + i) - top), T(0));
        sums += x;
        if (e) store(lanes, e + i, x);
    });
    return sumOfLanes(sums);
}

template <class T>
CrossEntropySums crossEntropy(int rows, int classes, const T* logits, int ldlogits, const int* targets, T weight, T* dlogits, int lddlogits,
                              signed char* correct) {
    CrossEntropySums sums = {0, 0, 0};
    for (Index r = 0; r < rows; ++r) {
        const T* z = logits + r * ldlogits;
        T* dz = dlogits ? dlogits + r * lddlogits : nullptr;
        const int target = targets[r];
        if (target < 0) {
            if (dz) fillZero(lddlogits, dz);
            if (correct) correct[r] = -1;
            continue;
        }
        const T top = largestOf(classes, z);
        const T own = z[target];
        const bool hit = own >= top && !reaches(target, z, top);
        const T sum = sumOfExponentials(classes, z, top, dz);  // dz may be z: read z no more
        sums.loss += logarithm(static_cast<double>(sum)) - static_cast<double>(own - top);
        sums.counted += 1;
        sums.correct += hit;
        if (correct) correct[r] = hit;
        if (!dz) continue;
        const T factor = weight / sum;
        forVectors<T>(classes, [&](auto lanes, Index i) { store(lanes, dz + i, load(lanes, dz + i) * factor); });
        dz[target] -= weight;
        fillZero(lddlogits - classes, dz + classes);
    }
    return sums;
}

}  // namespace
}  // namespace lab
