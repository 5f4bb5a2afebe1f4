#pragma once

#include "core/ops/kernels_vector.inl.h"

// Transposes in registers: a block of `width` rows by 4 columns is read as 4-element pieces, so that after a 4 x 4 transpose inside each
// 128-bit part the parts stand in the order of the rows.

namespace lab {
namespace {

template <class T>
void transposeScalar(int rows, int columns, const T* in, Index ldin, T* out, Index ldout) {
    for (Index c = 0; c < columns; ++c) {
        for (Index r = 0; r < rows; ++r) out[c * ldout + r] = in[r * ldin + c];
    }
}

typedef float FourFloats __attribute__((vector_size(16)));
typedef float FourFloatsUnaligned __attribute__((vector_size(16), aligned(4)));

/// Elements 0 .. 3 of rows 0, 4, 8, ... side by side.
LAB_INLINE Vector<float> everyFourthRow(const float* in, Index ld) {
    const auto piece = [&](Index row) { return FourFloats(*reinterpret_cast<const FourFloatsUnaligned*>(in + row * ld)); };
#if LAB_VECTOR_BYTES == 16
    return piece(0);
#else
    const auto low = __builtin_shufflevector(piece(0), piece(4), 0, 1, 2, 3, 4, 5, 6, 7);
#if LAB_VECTOR_BYTES == 32
    return low;
#else
    const auto high = __builtin_shufflevector(piece(8), piece(12), 0, 1, 2, 3, 4, 5, 6, 7);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
#endif
}

// Shuffle of a and b that does the same in each 128-bit part: indices 0 .. 3 are a's elements there, 4 .. 7 b's.
#define LAB_PART(i, p) ((i) % 4 + (i) / 4 * width<float> + 4 * (p))
#define LAB_QUAD(i, j, k, l, p) LAB_PART(i, p), LAB_PART(j, p), LAB_PART(k, p), LAB_PART(l, p)
#if LAB_VECTOR_BYTES == 16
#define LAB_PARTS(a, b, i, j, k, l) __builtin_shufflevector(a, b, LAB_QUAD(i, j, k, l, 0))
#elif LAB_VECTOR_BYTES == 32
#define LAB_PARTS(a, b, i, j, k, l) __builtin_shufflevector(a, b, LAB_QUAD(i, j, k, l, 0), LAB_QUAD(i, j, k, l, 1))
#else
#define LAB_PARTS(a, b, i, j, k, l) \
    __builtin_shufflevector(a, b, LAB_QUAD(i, j, k, l, 0), LAB_QUAD(i, j, k, l, 1), LAB_QUAD(i, j, k, l, 2), LAB_QUAD(i, j, k, l, 3))
#endif

/// Four columns of width rows.
LAB_INLINE void loadColumns(const float* in, Index ldin, Vector<float> (&columns)[4]) {
    using V = Vector<float>;
    const V a = everyFourthRow(in, ldin), b = everyFourthRow(in + ldin, ldin);
    const V c = everyFourthRow(in + 2 * ldin, ldin), d = everyFourthRow(in + 3 * ldin, ldin);
    const V ab = LAB_PARTS(a, b, 0, 4, 1, 5), ab2 = LAB_PARTS(a, b, 2, 6, 3, 7);
    const V cd = LAB_PARTS(c, d, 0, 4, 1, 5), cd2 = LAB_PARTS(c, d, 2, 6, 3, 7);
    columns[0] = LAB_PARTS(ab, cd, 0, 1, 4, 5);
    columns[1] = LAB_PARTS(ab, cd, 2, 3, 6, 7);
    columns[2] = LAB_PARTS(ab2, cd2, 0, 1, 4, 5);
    columns[3] = LAB_PARTS(ab2, cd2, 2, 3, 6, 7);
}

/// width rows by 4 columns
LAB_INLINE void transposeBlock(const float* in, Index ldin, float* out, Index ldout) {
    Vector<float> columns[4];
    loadColumns(in, ldin, columns);
    LAB_UNROLL
    for (int c = 0; c < 4; ++c) store(AllLanes{}, out + c * ldout, columns[c]);
}

#undef LAB_PARTS
#undef LAB_QUAD
#undef LAB_PART

template <class T>
void transpose(int rows, int columns, const T* in, int ldin, T* out, int ldout) {
    int wholeRows = 0;
    if constexpr (sizeof(T) == sizeof(float)) {
        const int wholeColumns = columns / 4 * 4;
        wholeRows = rows / width<T> * width<T>;
        for (Index c = 0; c < wholeColumns; c += 4) {
            for (Index r = 0; r < wholeRows; r += width<T>) transposeBlock(in + r * ldin + c, ldin, out + c * ldout + r, ldout);
        }
        transposeScalar(wholeRows, columns - wholeColumns, in + wholeColumns, ldin, out + Index{wholeColumns} * ldout, ldout);
    }
    transposeScalar(rows - wholeRows, columns, in + Index{wholeRows} * ldin, ldin, out + wholeRows, ldout);
}

}  // namespace
}  // namespace lab
