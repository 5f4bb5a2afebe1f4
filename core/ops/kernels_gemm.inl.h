#pragma once

#include "core/ops/kernels_vector.inl.h"

// Matrix products by register tiles: a tile of C stays in registers while k runs over a block of K, B comes in vectors and A in
// broadcasts. Each element of C is the sum over k in rising order, whatever tile it falls into: a row's bits do not depend on its
// neighbours. A block of 256 rows of a B panel (32 KiB at the most) stays in the first cache while all rows of A pass by.

namespace lab {
namespace {

constexpr int depthOfBlock = 256;

/// Rows of a tile two vectors wide, so that tile, B and the broadcast fit the registers (32 of AVX-512, else 16).
constexpr int tileRows = LAB_VECTOR_BYTES == 64 ? 8 : LAB_VECTOR_BYTES == 32 ? 6 : 4;

/// One operand A of the products: element (row i, depth k).
template <class T, bool transposed>
struct LeftFactor {
    const T* data;
    Index stride;

    LAB_INLINE T at(int i, Index k) const { return transposed ? data[k * stride + i] : data[i * stride + k]; }
    LAB_INLINE LeftFactor fromRow(int i) const { return {transposed ? data + i : data + i * stride, stride}; }
    LAB_INLINE LeftFactor fromDepth(int k) const { return {transposed ? data + k * stride : data + k, stride}; }
};

/// C tile [rows, vectors * width] of a product over `depth`; of the last vector only the lanes `last`.
template <int rows, int vectors, class T, bool transposed, class Lanes>
LAB_INLINE void tile(int depth, LeftFactor<T, transposed> a, const T* b, Index ldb, T* c, Index ldc, bool accumulate, Lanes last) {
    Vector<T> sum[rows][vectors] = {};
    for (Index k = 0; k < depth; ++k) {
        Vector<T> x[vectors];
        LAB_UNROLL
        for (int j = 0; j + 1 < vectors; ++j) x[j] = load(AllLanes{}, b + k * ldb + j * width<T>);
        x[vectors - 1] = load(last, b + k * ldb + (vectors - 1) * width<T>);
        LAB_UNROLL
        for (int i = 0; i < rows; ++i) {
            const T factor = a.at(i, k);
            LAB_UNROLL
            for (int j = 0; j < vectors; ++j) sum[i][j] += factor * x[j];
        }
    }
    const auto put = [accumulate](auto lanes, T* p, Vector<T> x) __attribute__((always_inline)) {
        store(lanes, p, accumulate ? load(lanes, p) + x : x);
    };
    LAB_UNROLL
    for (int i = 0; i < rows; ++i) {
        LAB_UNROLL
        for (int j = 0; j + 1 < vectors; ++j) put(AllLanes{}, c + i * ldc + j * width<T>, sum[i][j]);
        put(last, c + i * ldc + (vectors - 1) * width<T>, sum[i][vectors - 1]);
    }
}

/// All rows of one panel of columns.
template <int vectors, class T, bool transposed, class Lanes>
void panel(int M, int depth, LeftFactor<T, transposed> a, const T* b, Index ldb, T* c, Index ldc, bool accumulate, Lanes last) {
    int i = 0;
    const auto rowsOf = [&](auto count) __attribute__((always_inline)) {
        constexpr int rows = decltype(count)::value;
        for (; i + rows <= M; i += rows) tile<rows, vectors>(depth, a.fromRow(i), b, ldb, c + i * ldc, ldc, accumulate, last);
    };
    if constexpr (vectors == 1) rowsOf(Constant<2 * tileRows>{});
    rowsOf(Constant<tileRows>{});
    if constexpr (tileRows > 4) rowsOf(Constant<4>{});
    rowsOf(Constant<2>{});
    rowsOf(Constant<1>{});
}

template <class T, bool transposed>
void gemm(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, bool accumulate) {
    constexpr int wide = 2 * width<T>;
    const LeftFactor<T, transposed> a{A, lda};
    if (K <= 0 && !accumulate) {
        for (Index i = 0; i < M; ++i) forVectors<T>(N, [&](auto lanes, Index j) { store(lanes, C + i * ldc + j, Vector<T>{}); });
    }
    for (int k = 0; k < K; k += depthOfBlock) {
        const int depth = K - k < depthOfBlock ? K - k : depthOfBlock;
        const T* b = B + Index{k} * ldb;
        const bool add = accumulate || k > 0;
        int j = 0;
        for (; j + wide <= N; j += wide) panel<2>(M, depth, a.fromDepth(k), b + j, ldb, C + j, ldc, add, AllLanes{});
        const int left = N - j;
        if (left == width<T>) {
            panel<1>(M, depth, a.fromDepth(k), b + j, ldb, C + j, ldc, add, AllLanes{});
        } else if (left > width<T>) {
            panel<2>(M, depth, a.fromDepth(k), b + j, ldb, C + j, ldc, add, FirstLanes(left - width<T>));
        } else if (left > 0) {
            panel<1>(M, depth, a.fromDepth(k), b + j, ldb, C + j, ldc, add, FirstLanes(left));
        }
    }
}

template <class T>
void transpose(int rows, int columns, const T* in, int ldin, T* out, int ldout) {
    constexpr int block = 16;
    for (int r0 = 0; r0 < rows; r0 += block) {
        const int r1 = r0 + block < rows ? r0 + block : rows;
        for (int c = 0; c < columns; ++c) {
            for (int r = r0; r < r1; ++r) out[Index{c} * ldout + r] = in[Index{r} * ldin + c];
        }
    }
}

}  // namespace
}  // namespace lab
