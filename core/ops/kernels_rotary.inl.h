#pragma once

#include "core/ops/kernels_vector.inl.h"

namespace lab {
namespace {

template <bool interleaved, class T>
LAB_INLINE void rotateRow(int pairs, T direction, const T* cos, const T* sin, T* x) {
    const Index step = interleaved ? 2 : 1;
    T* first = x;
    T* second = x + (interleaved ? 1 : pairs);
#pragma omp simd
    // code: rotate
    for (Index p = 0; p < pairs; ++p) {
        const T a = first[p * step], b = second[p * step];
        const T c = cos[p], s = direction * sin[p];
        first[p * step] = a * c - b * s;
        second[p * step] = a * s + b * c;
    }
    // end code
}

template <class T>
void rotate(int rows, int pairs, bool interleaved, bool inverse, const T* cos, const T* sin, T* x, int ldx) {
    const T direction = inverse ? T(-1) : T(1);
    for (Index r = 0; r < rows; ++r) {
        if (interleaved) {
            rotateRow<true>(pairs, direction, cos + r * pairs, sin + r * pairs, x + r * ldx);
        } else {
            rotateRow<false>(pairs, direction, cos + r * pairs, sin + r * pairs, x + r * ldx);
        }
    }
}

}  // namespace
}  // namespace lab
