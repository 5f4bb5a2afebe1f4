#pragma once

#include "core/ops/attention_blocks.h"
#include "core/ops/kernels_gemm.inl.h"
#include "core/ops/kernels_math.inl.h"
#include "core/ops/kernels_transpose.inl.h"

// One attention head (Vaswani et al. 2017) forward and backward, a block of queries at a time. Scores and weights stand transposed, keys by
// queries: the softmax then runs down the lanes of vectors, without any sum across lanes. Lanes of padding hold queries of zeros, whose
// gradients are zero.

namespace lab {
namespace {

/// One block of queries and the keys that any of them sees.
struct QueryBlock {
    int first, queries, padded, keys;
    Index offset;  ///< of its weights
};

/// Calls body(block) from the last block to the first: the last one sees every key, so it may overwrite what the others then add to.
template <class T, class Body>
LAB_INLINE void forQueryBlocks(const AttentionHead<T>& head, Index stored, Body&& body) {
    const int size = head.causal ? attentionCausalBlock : attentionBlock;
    for (int first = (head.queries - 1) / size * size; first >= 0 && head.queries > 0; first -= size) {
        const int queries = head.queries - first < size ? head.queries - first : size;
        const QueryBlock block = {first, queries, paddedQueries(queries), head.causal ? first + queries : head.keys, 0};
        stored -= Index{block.padded} * block.keys;
        body(QueryBlock{block.first, block.queries, block.padded, block.keys, stored});
    }
}

/// rows of x [block.queries, n] as columns of out [n, block.padded], the padding zero
template <class T>
LAB_INLINE void transposeBlockOfRows(const QueryBlock& block, int n, const T* x, int ldx, T* out) {
    transpose(block.queries, n, x + Index{block.first} * ldx, ldx, out, block.padded);
    const int padding = block.padded - block.queries;
    for (Index c = 0; padding > 0 && c < n; ++c)
        forVectors<T>(padding, [&](auto lanes, Index i) { store(lanes, out + c * block.padded + block.queries + i, Vector<T>{}); });
}

/// Softmax over the keys of `vectors` vectors of queries from query `first` on, in place.
template <int vectors, bool sloped, class T>
LAB_INLINE void softmaxColumns(const AttentionHead<T>& head, int first, int keys, T* scores, Index ld) {
    constexpr T lowest = -static_cast<T>(__builtin_inff());
    const Vector<T> lanes = laneNumbers<T>();
    const auto score = [&](auto masked, Index j, int c) __attribute__((always_inline)) {
        Vector<T> z = load(AllLanes{}, scores + j * ld + c * width<T>) * head.factor;
        if (head.columnBias) z += head.columnBias[j];
        if constexpr (sloped || masked.value) {
            const Vector<T> distance = lanes + static_cast<T>(first + c * width<T> - j);
            if constexpr (sloped) z -= (distance < T(0) ? -distance : distance) * head.slope;
            if constexpr (masked.value) z = distance < T(0) ? broadcast(lowest) : z;
        }
        return z;
    };
    const Index clear = head.causal && first + 1 < keys ? first + 1 : keys;  // keys that every lane sees
    const auto forKeys = [&](auto&& body) __attribute__((always_inline)) {
        for (Index j = 0; j < clear; ++j) body(Constant<0>{}, j);
        for (Index j = clear; j < keys; ++j) body(Constant<1>{}, j);
    };
    Vector<T> top[vectors], sum[vectors] = {};
    LAB_UNROLL
    for (int c = 0; c < vectors; ++c) top[c] = broadcast(lowest);
    forKeys([&](auto masked, Index j) __attribute__((always_inline)) {
        LAB_UNROLL
        for (int c = 0; c < vectors; ++c) top[c] = larger(score(masked, j, c), top[c]);
    });
    forKeys([&](auto masked, Index j) __attribute__((always_inline)) {
        LAB_UNROLL
        for (int c = 0; c < vectors; ++c) {
            const Vector<T> e = exponential<T>(score(masked, j, c) - top[c]);
            sum[c] += e;
            store(AllLanes{}, scores + j * ld + c * width<T>, e);
        }
    });
    LAB_UNROLL
    for (int c = 0; c < vectors; ++c) sum[c] = T(1) / sum[c];
    for (Index j = 0; j < keys; ++j) {
        LAB_UNROLL
        for (int c = 0; c < vectors; ++c) {
            T* p = scores + j * ld + c * width<T>;
            store(AllLanes{}, p, load(AllLanes{}, p) * sum[c]);
        }
    }
}

/// body(Constant<vectors>, first column) over the columns of a block, two vectors at a time for the sake of latency.
template <class T, class Body>
LAB_INLINE void forColumnPairs(int padded, Body&& body) {
    int c = 0;
    for (; c + 2 * width<T> <= padded; c += 2 * width<T>) body(Constant<2>{}, c);
    for (; c < padded; c += width<T>) body(Constant<1>{}, c);
}

template <class T>
void attentionForward(const AttentionHead<T>& head, T* weights, T* out, int ldout, T* scratch) {
    forQueryBlocks(head, attentionStored(head.queries, head.keys, head.causal), [&](const QueryBlock& block) {
        T* w = weights + block.offset;
        transposeBlockOfRows(block, head.headDim, head.q, head.ldq, scratch);
        gemm<T, false>(block.keys, block.padded, head.headDim, head.k, head.ldk, scratch, block.padded, w, block.padded, false);
        forColumnPairs<T>(block.padded, [&](auto vectors, int c) {
            if (head.slope != T(0))
                softmaxColumns<vectors.value, true>(head, block.first + c, block.keys, w + c, block.padded);
            else
                softmaxColumns<vectors.value, false>(head, block.first + c, block.keys, w + c, block.padded);
        });
        gemm<T, true>(block.queries, head.headDim, block.keys, w, block.padded, head.v, head.ldv, out + Index{block.first} * ldout, ldout,
                      false);
    });
}

/// d [keys, vectors] in place: gradient of the weights -> factor * gradient of the scores.
template <int vectors, class T>
LAB_INLINE void softmaxColumnsBackward(int keys, T factor, const T* weights, T* d, Index ld) {
    Vector<T> sum[vectors] = {};
    for (Index j = 0; j < keys; ++j) {
        LAB_UNROLL
        for (int c = 0; c < vectors; ++c)
            sum[c] += load(AllLanes{}, weights + j * ld + c * width<T>) * load(AllLanes{}, d + j * ld + c * width<T>);
    }
    for (Index j = 0; j < keys; ++j) {
        LAB_UNROLL
        for (int c = 0; c < vectors; ++c) {
            T* p = d + j * ld + c * width<T>;
            store(AllLanes{}, p, (load(AllLanes{}, p) - sum[c]) * (load(AllLanes{}, weights + j * ld + c * width<T>) * factor));
        }
    }
}

/// sums[j] += the sum of row j of ds [keys, padded].
template <class T>
LAB_INLINE void addRowSums(Index keys, int padded, const T* ds, T* sums) {
    const auto rowSum = [&](Index j) __attribute__((always_inline)) {
        Vector<T> sum = load(AllLanes{}, ds + j * padded);
        for (int c = width<T>; c < padded; c += width<T>) sum += load(AllLanes{}, ds + j * padded + c);
        return sum;
    };
    constexpr int rows = 4;
    Index j = 0;
    for (; j + rows <= keys; j += rows) {
        const Vector<T> x[rows] = {rowSum(j), rowSum(j + 1), rowSum(j + 2), rowSum(j + 3)};
        T four[rows];
        sumsOfLanes<rows>(x, four);
        for (int r = 0; r < rows; ++r) sums[j + r] += four[r];
    }
    for (; j < keys; ++j) sums[j] += sumOfLanes(rowSum(j));
}

/// Gradients of columnBias and factor, of keys and queries from ds, the gradient of factor * s + bias.
/// scratch [2 * attentionBlock, headDim]
template <class T>
LAB_INLINE void biasedScoresBackward(const AttentionHead<T>& head, const QueryBlock& block, const AttentionHeadGradient<T>& gradient,
                                     const T* ds, T* scratch, bool add, bool shared) {
    const int n = head.headDim;
    addRowSums(block.keys, block.padded, ds, gradient.columnSums);
    T* scaled = scratch;                             // factor * q
    T* mixed = scratch + Index{attentionBlock} * n;  // ds k: with q the gradient of the factor, times the factor that of q
    for (Index i = 0; i < block.queries; ++i) {
        const T* q = head.q + (block.first + i) * head.ldq;
        forVectors<T>(n, [&](auto lanes, Index c) { store(lanes, scaled + i * n + c, load(lanes, q + c) * head.factor); });
    }
    gemm<T, false>(block.keys, n, block.queries, ds, block.padded, scaled, n, gradient.dk, gradient.lddk, add);
    gemm<T, true>(block.queries, n, block.keys, ds, block.padded, head.k, head.ldk, mixed, n, false);
    Vector<T> sum = {};
    for (Index i = 0; i < block.queries; ++i) {
        const T* q = head.q + (block.first + i) * head.ldq;
        T* dq = gradient.dq + (block.first + i) * gradient.lddq;
        forVectors<T>(n, [&](auto lanes, Index c) {
            const Vector<T> x = load(lanes, mixed + i * n + c);
            sum += load(lanes, q + c) * x;
            store(lanes, dq + c, x * head.factor + (shared ? load(lanes, dq + c) : Vector<T>{}));
        });
    }
    *gradient.products += static_cast<double>(sumOfLanes(sum));
}

template <class T>
void attentionBackward(const AttentionHead<T>& head, const T* weights, const AttentionHeadGradient<T>& gradient, T* scratch) {
    const int n = head.headDim;
    const bool shared = gradient.dq == gradient.dk;
    bool add = gradient.addToKeys;
    T* ds = scratch + Index{2} * attentionBlock * n;
    if (head.queries <= 0) {  // nothing but zeros for the keys
        gemm<T, false>(head.keys, n, 0, weights, 0, head.q, head.ldq, gradient.dv, gradient.lddv, add);
        gemm<T, false>(head.keys, n, 0, weights, 0, head.q, head.ldq, gradient.dk, gradient.lddk, add);
    }
    forQueryBlocks(head, attentionStored(head.queries, head.keys, head.causal), [&](const QueryBlock& block) {
        const T* w = weights + block.offset;
        const T* dout = gradient.dout + Index{block.first} * gradient.lddout;
        transposeBlockOfRows(block, n, gradient.dout, gradient.lddout, scratch);
        gemm<T, false>(block.keys, block.padded, n, head.v, head.ldv, scratch, block.padded, ds, block.padded, false);
        gemm<T, false>(block.keys, n, block.queries, w, block.padded, dout, gradient.lddout, gradient.dv, gradient.lddv, add);
        const T factor = gradient.columnSums ? T(1) : head.factor;
        forColumnPairs<T>(block.padded, [&](auto vectors, int c) {
            softmaxColumnsBackward<vectors.value>(block.keys, factor, w + c, ds + c, block.padded);
        });
        if (gradient.columnSums) {
            biasedScoresBackward(head, block, gradient, ds, scratch, add, shared);
        } else {
            gemm<T, false>(block.keys, n, block.queries, ds, block.padded, head.q + Index{block.first} * head.ldq, head.ldq, gradient.dk,
                           gradient.lddk, add);
            gemm<T, true>(block.queries, n, block.keys, ds, block.padded, head.k, head.ldk,
                          gradient.dq + Index{block.first} * gradient.lddq, gradient.lddq, shared);
        }
        add = true;
    });
}

}  // namespace
}  // namespace lab
