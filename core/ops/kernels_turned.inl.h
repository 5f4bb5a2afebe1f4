#pragma once

#include "core/ops/kernels_gemm.inl.h"

// Products with W^T of many rows A and weights W that are read once: instead of W, which is long, A is turned, and the product comes out
// turned, some rows of W at a time. Each element is the same sum in the same order as in gemmByRows.

namespace lab {
namespace {

template <class T>
constexpr int panelRows = 2 * width<T>;

constexpr int rowsOfWeights = 64;  ///< of W together, so that they stay in the second cache while all of A passes by
constexpr int panelsTogether = 4;  ///< of A

template <class T>
void turnRows(int M, int K, const T* A, int lda, T* panels) {
    constexpr int rows = panelRows<T>;
    for (int i = 0; i < M; i += rows, panels += Index{K} * rows) {
        const int count = M - i < rows ? M - i : rows;
        if (count < rows) {
            for (Index at = 0; at < Index{K} * rows; ++at) panels[at] = T(0);
        }
        transpose(count, K, A + Index{i} * lda, lda, panels, rows);
    }
}

/// Some panels of A, and where the product with some rows of W goes, turned: [rows of W, panels * panelRows].
template <class T>
struct TurnedProduct {
    const T* panels;
    int count, K;
    T* to;
    Index ldto;
};

/// `ahead`: rows of W that come next, of which each panel asks for a part.
template <class T>
LAB_INLINE void multiplyPanels(const TurnedProduct<T>& product, const T* W, Index ldw, int rows, int ahead) {
    constexpr int wide = panelRows<T>;
    const int part = (ahead + product.count - 1) / product.count;
    for (int k = 0; k == 0 || k < product.K; k += depthOfBlock) {
        const int depth = product.K - k < depthOfBlock ? product.K - k : depthOfBlock;
        for (Index p = 0; p < product.count; ++p) {
            const int first = static_cast<int>(p) * part, asked = ahead - first < part ? ahead - first : part;
            const NextPanel<T> next{W + (Index{rows} + first) * ldw + k, ldw, asked > 0 ? asked : 0, depth / width<T>};
            const Output<T> out{product.to + p * wide, product.ldto, k > 0, nullptr, 0, 0};
            panel<2, true>(rows, depth, LeftFactor<T, Layout::rows>{W + k, ldw}, product.panels + (p * product.K + k) * wide, wide, out,
                           AllLanes{}, next);
        }
    }
}

/// What `extra` does to some sums of one row.
template <class T, class Lanes>
LAB_INLINE Vector<T> withExtra(Lanes lanes, Vector<T> sum, const GemmExtra<T>& extra, Index row, Index column) {
    if (extra.bias) sum += load(lanes, extra.bias + column);
    if (extra.addend) sum += load(lanes, extra.addend + row * extra.ldaddend + column);
    if (extra.relu) sum = sum < T(0) ? Vector<T>{} : sum;
    if (extra.gate) sum = load(lanes, extra.gate + row * extra.ldgate + column) > T(0) ? sum : Vector<T>{};
    return sum;
}

/// What came out turned, [columns, rows], as rows from `row` and `column` of C on.
template <class T>
LAB_APART void turnBack(int rows, int columns, const T* turned, Index ldturned, T* C, Index ldc, const GemmExtra<T>& extra, Index row,
                        Index column) {
    constexpr int together = 16;
    alignas(lineBytes) T part[together * rowsOfWeights];
    for (int i = 0; i < rows; i += together) {
        const int count = rows - i < together ? rows - i : together;
        transpose(columns, count, turned + i, static_cast<int>(ldturned), part, rowsOfWeights);
        for (Index r = 0; r < count; ++r) {
            T* to = C + (row + i + r) * ldc + column;
            forVectors<T>(
                columns, [&](auto lanes, Index c) __attribute__((always_inline)) {
                    store(lanes, to + c, withExtra(lanes, load(lanes, part + r * rowsOfWeights + c), extra, row + i + r, column + c));
                });
        }
    }
}

template <class T>
void gemmOfPanels(int M, int N, int K, const T* panels, const T* W, int ldw, T* C, int ldc, const GemmExtra<T>& extra) {
    constexpr int wide = panelRows<T>, rowsAtOnce = panelsTogether * wide;
    alignas(lineBytes) T turned[rowsOfWeights * rowsAtOnce];
    for (int n = 0; n < N; n += rowsOfWeights) {
        const int columns = N - n < rowsOfWeights ? N - n : rowsOfWeights;
        const int ahead = N - n - columns < rowsOfWeights ? N - n - columns : rowsOfWeights;
        for (int i = 0; i < M; i += rowsAtOnce) {
            const int rows = M - i < rowsAtOnce ? M - i : rowsAtOnce;
            const TurnedProduct<T> product{panels + Index{i} * K, (rows + wide - 1) / wide, K, turned, rowsAtOnce};
            multiplyPanels(product, W + Index{n} * ldw, ldw, columns, i == 0 ? ahead : 0);
            turnBack(rows, columns, turned, Index{rowsAtOnce}, C, Index{ldc}, extra, Index{i}, Index{n});
        }
    }
}

}  // namespace
}  // namespace lab
