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

/// Operand A of the products: element (row i, depth k) lies at i * stride + k, or transposed at k * stride + i.
template <class T, bool transposed>
struct LeftFactor {
    const T* data;
    Index stride;

    LAB_INLINE LeftFactor fromRow(int i) const { return {transposed ? data + i : data + i * stride, stride}; }
    LAB_INLINE LeftFactor fromDepth(int k) const { return {transposed ? data + k * stride : data + k, stride}; }
};

/// The rows of A that one tile walks down. Four rows share a pointer, which reaches them as p, p + s, p + 2 s, p + 3 s: sixteen pointers
/// would not fit the registers. The empty assembly keeps the compiler from deriving the pointers from each other again.
template <class T, bool transposed, int rows>
struct TileRows {
    static constexpr int groups = transposed ? 1 : (rows + 3) / 4;
    const T* group[groups];
    Index stride;

    LAB_INLINE explicit TileRows(LeftFactor<T, transposed> a) : stride(a.stride) {
        LAB_UNROLL
        for (int g = 0; g < groups; ++g) {
            group[g] = a.data + 4 * g * stride;
            asm("" : "+r"(group[g]));
        }
    }
    LAB_INLINE T at(int i) const { return transposed ? group[0][i] : group[transposed ? 0 : i / 4][i % 4 * stride]; }
    LAB_INLINE void advance() {
        LAB_UNROLL
        for (int g = 0; g < groups; ++g) group[g] += transposed ? stride : 1;
    }
};

/// Where products go: C from some row and column on.
template <class T>
struct Output {
    T* c;
    Index ldc;
    bool accumulate;
    const GemmExtra<T>* extra;  ///< null but in the last block of K
    int row, column;

    LAB_INLINE Output from(int i, int j) const { return {c + i * ldc + j, ldc, accumulate, extra, row + i, column + j}; }
};

/// f(lanes, i, j, column of vector j) for every vector of a tile.
template <int rows, int vectors, class T, class Lanes, class Function>
LAB_INLINE void forTile(Lanes last, Function f) {
    LAB_UNROLL
    for (int i = 0; i < rows; ++i) {
        LAB_UNROLL
        for (int j = 0; j + 1 < vectors; ++j) f(AllLanes{}, i, j, j * width<T>);
        f(last, i, vectors - 1, (vectors - 1) * width<T>);
    }
}

template <int rows, int vectors, class T, class Lanes>
LAB_INLINE void applyExtra(const Output<T>& out, Vector<T> (&sum)[rows][vectors], Lanes last) {
    const GemmExtra<T>& extra = *out.extra;
    if (const T* bias = extra.bias) {
        forTile<rows, vectors, T>(last, [&](auto lanes, int i, int j, Index c) { sum[i][j] += load(lanes, bias + out.column + c); });
    }
    if (extra.addend) {
        const T* addend = extra.addend + Index{out.row} * extra.ldaddend + out.column;
        forTile<rows, vectors, T>(
            last, [&](auto lanes, int i, int j, Index c) { sum[i][j] += load(lanes, addend + Index{i} * extra.ldaddend + c); });
    }
    if (extra.relu) {
        forTile<rows, vectors, T>(last, [&](auto, int i, int j, Index) { sum[i][j] = sum[i][j] < T(0) ? Vector<T>{} : sum[i][j]; });
    }
    if (extra.gate) {
        const T* gate = extra.gate + Index{out.row} * extra.ldgate + out.column;
        forTile<rows, vectors, T>(last, [&](auto lanes, int i, int j, Index c) {
            sum[i][j] = load(lanes, gate + Index{i} * extra.ldgate + c) > T(0) ? sum[i][j] : Vector<T>{};
        });
    }
}

/// C tile [rows, vectors * width] of a product over `depth`; of the last vector only the lanes `last`.
template <int rows, int vectors, class T, bool transposed, class Lanes>
LAB_INLINE void tile(int depth, LeftFactor<T, transposed> left, const T* b, Index ldb, const Output<T>& out, Lanes last) {
    Vector<T> sum[rows][vectors] = {};
    TileRows<T, transposed, rows> a(left);
    for (int k = 0; k < depth; ++k, b += ldb, a.advance()) {
        Vector<T> x[vectors];
        LAB_UNROLL
        for (int j = 0; j + 1 < vectors; ++j) x[j] = load(AllLanes{}, b + j * width<T>);
        x[vectors - 1] = load(last, b + (vectors - 1) * width<T>);
        LAB_UNROLL
        for (int i = 0; i < rows; ++i) {
            const T factor = a.at(i);
            LAB_UNROLL
            for (int j = 0; j < vectors; ++j) sum[i][j] += factor * x[j];
        }
    }
    if (out.accumulate) {
        forTile<rows, vectors, T>(last, [&](auto lanes, int i, int j, Index c) { sum[i][j] += load(lanes, out.c + i * out.ldc + c); });
    }
    if (out.extra) applyExtra(out, sum, last);
    forTile<rows, vectors, T>(last, [&](auto lanes, int i, int j, Index c) { store(lanes, out.c + i * out.ldc + c, sum[i][j]); });
}

/// All rows of one panel of columns.
template <int vectors, class T, bool transposed, class Lanes>
void panel(int M, int depth, LeftFactor<T, transposed> a, const T* b, Index ldb, const Output<T>& out, Lanes last) {
    int i = 0;
    const auto rowsOf = [&](auto count) __attribute__((always_inline)) {
        constexpr int rows = decltype(count)::value;
        for (; i + rows <= M; i += rows) tile<rows, vectors>(depth, a.fromRow(i), b, ldb, out.from(i, 0), last);
    };
    if constexpr (vectors == 1) rowsOf(Constant<2 * tileRows>{});
    rowsOf(Constant<tileRows>{});
    if constexpr (tileRows > 4) rowsOf(Constant<4>{});
    rowsOf(Constant<2>{});
    rowsOf(Constant<1>{});
}

/// One block of K; without any depth the sums are 0.
template <class T, bool transposed>
void multiplyBlock(int M, int N, int depth, LeftFactor<T, transposed> a, const T* b, Index ldb, const Output<T>& out) {
    constexpr int wide = 2 * width<T>;
    int j = 0;
    for (; j + wide <= N; j += wide) panel<2>(M, depth, a, b + j, ldb, out.from(0, j), AllLanes{});
    const int left = N - j;
    if (left == width<T>) {
        panel<1>(M, depth, a, b + j, ldb, out.from(0, j), AllLanes{});
    } else if (left > width<T>) {
        panel<2>(M, depth, a, b + j, ldb, out.from(0, j), FirstLanes(left - width<T>));
    } else if (left > 0) {
        panel<1>(M, depth, a, b + j, ldb, out.from(0, j), FirstLanes(left));
    }
}

template <class T, bool transposed>
LAB_INLINE void multiply(int M, int N, int K, const T* A, int lda, const T* B, int ldb, Output<T> out, const GemmExtra<T>* extra) {
    const LeftFactor<T, transposed> a{A, lda};
    for (int k = 0; k == 0 || k < K; k += depthOfBlock) {
        const int rest = K - k;
        out.extra = rest <= depthOfBlock ? extra : nullptr;
        multiplyBlock(M, N, rest < depthOfBlock ? rest : depthOfBlock, a.fromDepth(k), B + Index{k} * ldb, ldb, out);
        out.accumulate = true;
    }
}

template <class T, bool transposed>
void gemm(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, bool accumulate) {
    multiply<T, transposed>(M, N, K, A, lda, B, ldb, {C, ldc, accumulate, nullptr, 0, 0}, nullptr);
}

template <class T>
void gemmFused(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, const GemmExtra<T>& extra) {
    multiply<T, false>(M, N, K, A, lda, B, ldb, {C, ldc, false, nullptr, 0, 0}, &extra);
}

}  // namespace
}  // namespace lab
