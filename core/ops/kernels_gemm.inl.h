#pragma once

#include "core/ops/kernels_transpose.inl.h"
#include "core/ops/kernels_vector.inl.h"

// Matrix products by register tiles: a tile of C stays in registers while k runs over a block of K, B comes in vectors and A in
// broadcasts. Each element of C is the sum over k in rising order, whatever tile it falls into: a row's bits do not depend on its
// neighbours. A block of 256 rows of a B panel (32 KiB at the most) stays in the first cache while all rows of A pass by.
//
// Products of large models are done another way to the same bits. Their rows lie so far apart that they would share few of the first
// cache's sets: panels of B and the columns of a transposed A are copied together. And their operands come from beyond the second cache,
// so the lines needed next are asked for ahead.

namespace lab {
namespace {

constexpr int depthOfBlock = 256;

/// Rows of a tile two vectors wide, so that tile, B and the broadcast fit the registers (32 of AVX-512, else 16).
constexpr int tileRows = LAB_VECTOR_BYTES == 64 ? 8 : LAB_VECTOR_BYTES == 32 ? 6 : 4;

/// From one tile to the next of a copied A: not all of them begin in the same set.
template <class T>
constexpr Index copiedTileStride = Index{tileRows} * depthOfBlock + width<T>;

/// How operand A lies: element (row i, depth k) at i * stride + k, or at k * stride + i, or as copyTiles leaves it.
enum class Layout { rows, columns, tiles };

template <class T, Layout layout>
struct LeftFactor {
    static constexpr bool transposed = layout != Layout::rows;
    const T* data;
    Index stride;

    LAB_INLINE LeftFactor fromRow(int i) const {
        if constexpr (layout == Layout::tiles) return {data + i / tileRows * copiedTileStride<T> + i % tileRows, stride};
        return {transposed ? data + i : data + i * stride, stride};
    }
    LAB_INLINE LeftFactor fromDepth(int k) const { return {transposed ? data + k * stride : data + k, stride}; }
};

/// The rows of A that one tile walks down. Four rows share a pointer, which reaches them as p, p + s, p + 2 s, p + 3 s: sixteen pointers
/// would not fit the registers. The empty assembly keeps the compiler from deriving the pointers from each other again.
template <class T, Layout layout, int rows>
struct TileRows {
    static constexpr bool transposed = LeftFactor<T, layout>::transposed;
    static constexpr int groups = transposed ? 1 : (rows + 3) / 4;
    const T* group[groups];
    Index stride;

    LAB_INLINE explicit TileRows(LeftFactor<T, layout> a) : stride(a.stride) {
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

constexpr Index lineBytes = 64;

/// Asks for some vectors, to be had from the cache of that number soon.
template <int vectors, int cache, class T>
LAB_INLINE void fetch(const T* from) {
    LAB_UNROLL
    for (int j = 0; j < vectors; ++j) __builtin_prefetch(from + j * width<T>, 0, 4 - cache);
}

/// Asks for one line of each row of the tile below.
template <int rows, class T>
LAB_INLINE void fetchRowsBelow(const T* a, Index stride) {
    LAB_UNROLL
    for (int i = 0; i < rows; ++i) __builtin_prefetch(a + (rows + i) * stride);
}

/// What will be copied next: rows of B that are two vectors wide, or, where `vectorsOfRow` says so, rows of W.
template <class T>
struct NextPanel {
    const T* row;
    Index stride;
    int rows;
    int vectorsOfRow = 2, vector = 0;

    LAB_INLINE void fetchSome() {
        if (rows == 0) return;
        fetch<2, 2>(row + vector * width<T>);
        vector += 2;
        if (vector < vectorsOfRow) {  // rows of W: twice as much of them as of a panel's fits between two tiles
            fetch<2, 2>(row + vector * width<T>);
            vector += 2;
        }
        if (vector < vectorsOfRow) return;
        vector = 0;
        row += stride;
        --rows;
    }
};

/// C tile [rows, vectors * width] of a product over `depth`; of the last vector only the lanes `last`.
template <int rows, int vectors, bool far, class T, Layout layout, class Lanes>
LAB_INLINE void tile(int depth, LeftFactor<T, layout> left, const T* b, Index ldb, const Output<T>& out, Lanes last, NextPanel<T>& next) {
    Vector<T> sum[rows][vectors] = {};
    TileRows<T, layout, rows> a(left);
    const auto multiplyUpTo = [&](int end, int k) __attribute__((always_inline)) {
        for (; k < end; ++k, b += ldb, a.advance()) {
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
    };
    int k = 0;
    // Little by little: a processor that has asked for a dozen lines waits before it asks for more.
    if constexpr (far) {
        constexpr int step = lineBytes / sizeof(T);
        for (int row = 0; k + step <= depth; k += step, ++row) {
            if constexpr (layout == Layout::rows) fetchRowsBelow<rows>(left.data + k, left.stride);
            if (row < rows)
                fetch<vectors, 1>(out.c + row * out.ldc);
            else
                next.fetchSome();
            multiplyUpTo(k + step, k);
        }
    }
    multiplyUpTo(depth, k);
    if (out.accumulate) {
        forTile<rows, vectors, T>(last, [&](auto lanes, int i, int j, Index c) { sum[i][j] += load(lanes, out.c + i * out.ldc + c); });
    }
    if (out.extra) applyExtra(out, sum, last);
    forTile<rows, vectors, T>(last, [&](auto lanes, int i, int j, Index c) { store(lanes, out.c + i * out.ldc + c, sum[i][j]); });
}

/// All rows of one panel of columns.
template <int vectors, bool far, class T, Layout layout, class Lanes>
LAB_APART void panel(int M, int depth, LeftFactor<T, layout> a, const T* b, Index ldb, const Output<T>& out, Lanes last,
                     NextPanel<T> next = {}) {
    int i = 0;
    const auto rowsOf = [&](auto count) __attribute__((always_inline)) {
        constexpr int rows = decltype(count)::value;
        for (; i + rows <= M; i += rows) tile<rows, vectors, far>(depth, a.fromRow(i), b, ldb, out.from(i, 0), last, next);
    };
    if constexpr (vectors == 1 && layout != Layout::tiles) rowsOf(Constant<2 * tileRows>{});
    rowsOf(Constant<tileRows>{});
    if constexpr (tileRows > 4) rowsOf(Constant<4>{});
    rowsOf(Constant<2>{});
    rowsOf(Constant<1>{});
}

/// The last columns, that fill no panel.
template <bool far, class T, Layout layout>
LAB_INLINE void lastColumns(int M, int count, int depth, LeftFactor<T, layout> a, const T* b, Index ldb, const Output<T>& out) {
    if (count == width<T>)
        panel<1, far>(M, depth, a, b, ldb, out, AllLanes{});
    else if (count > width<T>)
        panel<2, far>(M, depth, a, b, ldb, out, FirstLanes(count - width<T>));
    else if (count > 0)
        panel<1, far>(M, depth, a, b, ldb, out, FirstLanes(count));
}

/// A single row, as in decoding: one row's sums wait for each other, so eight vectors are summed side by side. Returns the columns done.
template <class T, Layout layout>
LAB_APART int wideRow(int N, int depth, LeftFactor<T, layout> a, const T* b, Index ldb, const Output<T>& out) {
    constexpr int vectors = 8;
    constexpr int wide = vectors * width<T>;
    NextPanel<T> none{};
    int j = 0;
    for (; j + wide <= N; j += wide) tile<1, vectors, false>(depth, a, b + j, ldb, out.from(0, j), AllLanes{}, none);
    return j;
}

/// One block of K; without any depth the sums are 0.
template <class T, Layout layout>
LAB_INLINE void multiplyNear(int M, int N, int depth, LeftFactor<T, layout> a, const T* b, Index ldb, const Output<T>& out) {
    constexpr int wide = 2 * width<T>;
    int j = layout == Layout::rows && M == 1 ? wideRow(N, depth, a, b, ldb, out) : 0;
    for (; j + wide <= N; j += wide) panel<2, false>(M, depth, a, b + j, ldb, out.from(0, j), AllLanes{});
    lastColumns<false>(M, N - j, depth, a, b + j, ldb, out.from(0, j));
}

/// The same by copies of B's panels.
template <class T, Layout layout>
LAB_APART void multiplyFar(int M, int N, int depth, LeftFactor<T, layout> a, const T* b, Index ldb, const Output<T>& out) {
    constexpr int wide = 2 * width<T>;
    alignas(lineBytes) T copy[depthOfBlock * wide];
    int j = 0;
    for (; j + wide <= N; j += wide) {
        for (Index k = 0; k < depth; ++k) {
            store(AllLanes{}, copy + k * wide, load(AllLanes{}, b + k * ldb + j));
            store(AllLanes{}, copy + k * wide + width<T>, load(AllLanes{}, b + k * ldb + j + width<T>));
        }
        const NextPanel<T> next{b + j + wide, ldb, j + 2 * wide <= N ? depth : 0};
        panel<2, true>(M, depth, a, copy, wide, out.from(0, j), AllLanes{}, next);
    }
    lastColumns<true>(M, N - j, depth, a, b + j, ldb, out.from(0, j));
}

constexpr int tilesOfCopy = 32;  // of a transposed A, so that the copy stays in the second cache

/// A block of a transposed A by tiles: all the depth of one lies behind that of the other.
template <class T>
void copyTiles(int rows, int depth, const T* a, Index lda, T* copy) {
    const int whole = rows / tileRows;
    for (Index k = 0; k < depth; ++k) {
        const T* row = a + k * lda;
        T* to = copy + k * tileRows;
        for (Index t = 0; t < whole; ++t) __builtin_memcpy(to + t * copiedTileStride<T>, row + t * tileRows, tileRows * sizeof(T));
        for (int r = whole * tileRows; r < rows; ++r) to[whole * copiedTileStride<T> + r % tileRows] = row[r];
    }
}

template <class T>
LAB_APART void multiplyFar(int M, int N, int depth, LeftFactor<T, Layout::columns> a, const T* b, Index ldb, const Output<T>& out) {
    alignas(lineBytes) T copy[tilesOfCopy * copiedTileStride<T>];
    constexpr int rowsOfCopy = tilesOfCopy * tileRows;
    for (int i = 0; i < M; i += rowsOfCopy) {
        const int rows = M - i < rowsOfCopy ? M - i : rowsOfCopy;
        copyTiles(rows, depth, a.data + i, a.stride, copy);
        multiplyFar<T, Layout::tiles>(rows, N, depth, {copy, tileRows}, b, ldb, out.from(i, 0));
    }
}

/// Whether a product belongs to a large model, judged by the size of the matrix: B, or of a weight gradient C.
template <Layout layout>
LAB_INLINE bool isFar(Index M, Index N, Index K) {
    return M >= 128 && N * (layout == Layout::rows ? K : M) >= Index{128} * 128;
}

template <class T, Layout layout>
LAB_INLINE void multiply(int M, int N, int K, const T* A, int lda, const T* B, int ldb, Output<T> out, const GemmExtra<T>* extra) {
    const LeftFactor<T, layout> a{A, lda};
    const bool far = isFar<layout>(M, N, K);
    for (int k = 0; k == 0 || k < K; k += depthOfBlock) {
        const int rest = K - k;
        const int depth = rest < depthOfBlock ? rest : depthOfBlock;
        out.extra = rest <= depthOfBlock ? extra : nullptr;
        if (far)
            multiplyFar(M, N, depth, a.fromDepth(k), B + Index{k} * ldb, ldb, out);
        else
            multiplyNear(M, N, depth, a.fromDepth(k), B + Index{k} * ldb, ldb, out);
        out.accumulate = true;
    }
}

template <class T, bool transposed>
void gemm(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, bool accumulate) {
    multiply<T, transposed ? Layout::columns : Layout::rows>(M, N, K, A, lda, B, ldb, {C, ldc, accumulate, nullptr, 0, 0}, nullptr);
}

template <class T>
void gemmFused(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, const GemmExtra<T>& extra) {
    multiply<T, Layout::rows>(M, N, K, A, lda, B, ldb, {C, ldc, false, nullptr, 0, 0}, &extra);
}

/// One block of K of a product with W^T: panels of B are made of W's rows.
template <bool far, class T>
LAB_APART void multiplyByRows(int M, int N, int depth, LeftFactor<T, Layout::rows> a, const T* W, Index ldw, const Output<T>& out) {
    constexpr int wide = 2 * width<T>;
    alignas(lineBytes) T copy[depthOfBlock * wide];
    int j = 0;
    for (; j + wide <= N; j += wide) {
        transpose(wide, depth, W + j * ldw, static_cast<int>(ldw), copy, wide);
        const NextPanel<T> next{W + (j + wide) * ldw, ldw, j + 2 * wide <= N ? wide : 0, depth / width<T>};
        panel<2, far>(M, depth, a, copy, wide, out.from(0, j), AllLanes{}, next);
    }
    if (j == N) return;
    transpose(N - j, depth, W + j * ldw, static_cast<int>(ldw), copy, wide);
    lastColumns<far>(M, N - j, depth, a, copy, wide, out.from(0, j));
}

constexpr int groupsOfRow = 2;  ///< of `width` rows of W side by side: one's additions wait for each other

/// Asks for what the rows that come next have in these columns: four calls for four columns each ask for the line of sixteen of every row.
template <class T>
LAB_INLINE void fetchRowsAhead(const T* W, Index ldw, int k) {
    constexpr int rows = groupsOfRow * width<T>, step = 4, line = lineBytes / sizeof(T), part = rows * step / line;
    const T* from = W + (Index{rows} + k / step % (line / step) * part) * ldw + k / line * line;
    LAB_UNROLL
    for (int r = 0; r < part; ++r) __builtin_prefetch(from + r * ldw, 0, 2);
}

/// Of groupsOfRow * width rows of W the products with a, k rising.
template <class T>
LAB_INLINE void dotsOfRows(int begin, int end, const T* a, const T* W, Index ldw, Vector<T> (&sum)[groupsOfRow]) {
    int k = begin;
    if constexpr (sizeof(T) == sizeof(float)) {
        for (; k + 4 <= end; k += 4) {
            fetchRowsAhead(W, ldw, k);
            LAB_UNROLL
            for (int g = 0; g < groupsOfRow; ++g) {
                Vector<T> columns[4];
                loadColumns(W + Index{g} * width<T> * ldw + k, ldw, columns);
                LAB_UNROLL
                for (int i = 0; i < 4; ++i) sum[g] += a[k + i] * columns[i];
            }
        }
    }
    for (; k < end; ++k) {
        LAB_UNROLL
        for (int g = 0; g < groupsOfRow; ++g) {
            Vector<T> column{};
            for (int r = 0; r < width<T>; ++r) column[r] = W[(Index{g} * width<T> + r) * ldw + k];
            sum[g] += a[k] * column;
        }
    }
}

/// gemmByRows of a few rows, as in decoding: W is read once, in the order it lies in, and turned in registers for each. Returns the columns
/// done.
template <class T>
LAB_APART int fewByRows(int M, int N, int K, const T* a, Index lda, const T* W, Index ldw, const Output<T>& out) {
    constexpr int wide = groupsOfRow * width<T>;
    int j = 0;
    for (; j + wide <= N; j += wide) {
        for (int m = 0; m < M; ++m) {
            Vector<T> sum[1][groupsOfRow] = {};
            for (int k = 0; k < K; k += depthOfBlock) {
                Vector<T> block[groupsOfRow] = {};
                dotsOfRows(k, K - k < depthOfBlock ? K : k + depthOfBlock, a + m * lda, W + j * ldw, ldw, block);
                LAB_UNROLL
                for (int g = 0; g < groupsOfRow; ++g) sum[0][g] = k == 0 ? block[g] : block[g] + sum[0][g];
            }
            const Output<T> here = out.from(m, j);
            applyExtra(here, sum, AllLanes{});
            forTile<1, groupsOfRow, T>(AllLanes{}, [&](auto lanes, int, int g, Index c) { store(lanes, here.c + c, sum[0][g]); });
        }
    }
    return j;
}

constexpr int fewRows = 3;  ///< more are worth a turned copy of W

template <class T>
void gemmByRows(int M, int N, int K, const T* A, int lda, const T* W, int ldw, T* C, int ldc, const GemmExtra<T>& extra) {
    if (M <= fewRows && N >= groupsOfRow * width<T>) {
        const int done = fewByRows(M, N, K, A, Index{lda}, W, Index{ldw}, {C, ldc, false, &extra, 0, 0});
        if (done < N) gemmByRows(M, N - done, K, A, lda, W + Index{done} * ldw, ldw, C + done, ldc, extra.from(done));
        return;
    }
    const LeftFactor<T, Layout::rows> a{A, lda};
    Output<T> out{C, ldc, false, nullptr, 0, 0};
    const bool far = isFar<Layout::rows>(M, N, K);
    for (int k = 0; k == 0 || k < K; k += depthOfBlock) {
        const int rest = K - k, depth = rest < depthOfBlock ? rest : depthOfBlock;
        out.extra = rest <= depthOfBlock ? &extra : nullptr;
        if (far)
            multiplyByRows<true>(M, N, depth, a.fromDepth(k), W + k, ldw, out);
        else
            multiplyByRows<false>(M, N, depth, a.fromDepth(k), W + k, ldw, out);
        out.accumulate = true;
    }
}

}  // namespace
}  // namespace lab
