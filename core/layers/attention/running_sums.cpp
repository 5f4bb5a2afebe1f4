#include "core/layers/attention/running_sums.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/layers/attention/linear_kernel.h"

namespace lab {
namespace {

constexpr int chunkLength = 32;
/// Keeps scores of keys at or before their query.
template <class T>
void keepLowerTriangle(int n, T* x) {
    for (int i = 0; i < n; ++i) std::fill(x + i * n + i + 1, x + (i + 1) * n, T{0});
}

template <class Pointer>
Pointer rowOf(Pointer x, int ld, int row) {
    return x + static_cast<std::ptrdiff_t>(row) * ld;
}

}  // namespace

template <class T>
RunningSums<T>::RunningSums(Pass<T>& pass, KernelKind kernel, int headDim, int features, int length)
    : m_kernels(pass.kernels),
      m_kernel(kernel),
      m_headDim(headDim),
      m_features(features),
      m_width(headDim + 1),
      m_values(pass.takeRows(length, m_width)),
      m_sums(pass.takeRows(features, m_width)),
      m_product(pass.takeRows(length, m_width)),
      m_scores(pass.takeRows(chunkLength, chunkLength)),
      m_gradScores(pass.takeRows(chunkLength, chunkLength)),
      m_turned(pass.takeRows(std::max(m_width, features), std::max(m_width, chunkLength))),
      m_step(pass.takeRows(length, m_width)) {}

/// Rows from `first` on that are computed together.
template <class T>
int RunningSums<T>::chunkAt(int first, int rows, bool causal, const T* top) const {
    if (!causal) return rows - first;
    const int most = std::min(chunkLength, rows - first);
    if (!top) return most;
    int count = 1;
    while (count < most && top[first + count] == top[first]) ++count;
    return count;
}

/// Sums that are relative to row `from` become relative to row `to`.
template <class T>
void RunningSums<T>::moveSums(const T* top, int from, int to) {
    if (!top || top[from] == top[to]) return;
    m_kernels.scale(std::int64_t{m_features} * m_width, std::exp(-std::abs(top[from] - top[to])), m_sums);
}

template <class T>
void RunningSums<T>::prepareValues(const HeadInput<T>& head) {
    for (int row = 0; row < head.keys; ++row) {
        std::copy_n(rowOf(head.v, head.ldv, row), m_headDim, rowOf(m_values, m_width, row));
        rowOf(m_values, m_width, row)[m_headDim] = 1;
    }
}

/// Lower triangle of q k^T of one chunk.
template <class T>
void RunningSums<T>::chunkScores(const HeadInput<T>& head, int first, int count, T* scores) {
    m_kernels.transpose(count, m_features, rowOf(head.k, head.ldk, first), head.ldk, m_turned, count);
    m_kernels.gemm(count, count, m_features, rowOf(head.q, head.ldq, first), head.ldq, m_turned, count, scores, count, false);
    keepLowerTriangle(count, scores);
}

template <class T>
void RunningSums<T>::forward(const HeadInput<T>& head, bool causal, const T* top, T* rowSums, T* out, int ldout) {
    const auto& k = m_kernels;
    prepareValues(head);
    if (!causal) {
        k.gemmTransposedA(m_features, m_width, head.keys, head.k, head.ldk, m_values, m_width, m_sums, m_width, false);
        k.gemm(head.queries, m_width, m_features, head.q, head.ldq, m_sums, m_width, m_product, m_width, false);
    } else {
        std::fill_n(m_sums, m_features * m_width, T{0});
        for (int first = 0, count = 0; first < head.queries; first += count) {
            if (first > 0) moveSums(top, first - 1, first);
            count = chunkAt(first, head.queries, causal, top);
            T* product = rowOf(m_product, m_width, first);
            const T* values = rowOf(m_values, m_width, first);
            k.gemm(count, m_width, m_features, rowOf(head.q, head.ldq, first), head.ldq, m_sums, m_width, product, m_width, false);
            chunkScores(head, first, count, m_scores);
            k.gemm(count, m_width, count, m_scores, count, values, m_width, product, m_width, true);
            k.gemmTransposedA(m_features, m_width, count, rowOf(head.k, head.ldk, first), head.ldk, values, m_width, m_sums, m_width, true);
        }
    }
    for (int row = 0; row < head.queries; ++row) {
        const T* product = rowOf(m_product, m_width, row);
        rowSums[row] = divisorOf(m_kernel, product[m_headDim]);
        for (int c = 0; c < m_headDim; ++c) rowOf(out, ldout, row)[c] = product[c] / rowSums[row];
    }
}

/// m_product: gradient of (q S, q z) from out = q S / (q z + epsilon).
template <class T>
void RunningSums<T>::gradientOfSums(const HeadInput<T>& head, const T* rowSums, const T* out, int ldout, const HeadGradient<T>& gradient) {
    for (int row = 0; row < head.queries; ++row) {
        const T* dout = rowOf(gradient.dout, gradient.lddout, row);
        const T* o = rowOf(out, ldout, row);
        T* product = rowOf(m_product, m_width, row);
        T along = 0;
        for (int c = 0; c < m_headDim; ++c) {
            product[c] = dout[c] / rowSums[row];
            along += dout[c] * o[c];
        }
        product[m_headDim] = -along / rowSums[row];
    }
}

template <class T>
void RunningSums<T>::backwardQueries(const HeadInput<T>& head, bool causal, const T* top, const HeadGradient<T>& gradient) {
    const auto& k = m_kernels;
    const bool add = gradient.dq == gradient.dk;
    if (causal)
        std::fill_n(m_sums, m_features * m_width, T{0});
    else
        k.gemmTransposedA(m_features, m_width, head.keys, head.k, head.ldk, m_values, m_width, m_sums, m_width, false);
    for (int first = 0, count = 0; first < head.queries; first += count) {
        if (causal && first > 0) moveSums(top, first - 1, first);
        count = chunkAt(first, head.queries, causal, top);
        const T* product = rowOf(m_product, m_width, first);
        const T* values = rowOf(m_values, m_width, first);
        T* dq = rowOf(gradient.dq, gradient.lddq, first);
        k.transpose(m_features, m_width, m_sums, m_width, m_turned, m_features);
        k.gemm(count, m_features, m_width, product, m_width, m_turned, m_features, dq, gradient.lddq, add);
        if (!causal) continue;
        k.transpose(count, m_width, values, m_width, m_turned, count);
        k.gemm(count, count, m_width, product, m_width, m_turned, count, m_gradScores, count, false);
        keepLowerTriangle(count, m_gradScores);
        k.gemm(count, m_features, count, m_gradScores, count, rowOf(head.k, head.ldk, first), head.ldk, dq, gradient.lddq, true);
        k.gemmTransposedA(m_features, m_width, count, rowOf(head.k, head.ldk, first), head.ldk, values, m_width, m_sums, m_width, true);
    }
}

/// m_sums becomes the gradient of (S, z): when causal, of the sums that later queries read. With `top` it is multiplied by exp(top) of the
/// rows at hand.
template <class T>
void RunningSums<T>::backwardKeys(const HeadInput<T>& head, bool causal, const T* top, const HeadGradient<T>& gradient) {
    const auto& k = m_kernels;
    if (causal)
        std::fill_n(m_sums, m_features * m_width, T{0});
    else
        k.gemmTransposedA(m_features, m_width, head.queries, head.q, head.ldq, m_product, m_width, m_sums, m_width, false);
    std::vector<int> starts;  // of the forward's chunks
    for (int first = 0; first < head.keys; first += chunkAt(first, head.keys, causal, top)) starts.push_back(first);
    for (int end = head.keys; end > 0; end = starts.back(), starts.pop_back()) {
        const int first = starts.back(), count = end - first;
        if (causal && end < head.keys) moveSums(top, end, first);
        const T* product = rowOf(m_product, m_width, first);
        const T* q = rowOf(head.q, head.ldq, first);
        const T* key = rowOf(head.k, head.ldk, first);
        T* dk = rowOf(gradient.dk, gradient.lddk, first);
        k.transpose(m_features, m_width, m_sums, m_width, m_turned, m_features);
        k.gemm(count, m_features, m_width, rowOf(m_values, m_width, first), m_width, m_turned, m_features, dk, gradient.lddk, true);
        k.gemm(count, m_width, m_features, key, head.ldk, m_sums, m_width, m_step, m_width, false);
        if (causal) {
            k.transpose(count, m_width, rowOf(m_values, m_width, first), m_width, m_turned, count);
            k.gemm(count, count, m_width, product, m_width, m_turned, count, m_gradScores, count, false);
            keepLowerTriangle(count, m_gradScores);
            k.gemmTransposedA(count, m_features, count, m_gradScores, count, q, head.ldq, dk, gradient.lddk, true);
            chunkScores(head, first, count, m_scores);
            k.gemmTransposedA(count, m_width, count, m_scores, count, product, m_width, m_step, m_width, true);
            k.gemmTransposedA(m_features, m_width, count, q, head.ldq, product, m_width, m_sums, m_width, true);
        }
        for (int row = 0; row < count; ++row) k.add(m_headDim, rowOf(m_step, m_width, row), rowOf(gradient.dv, gradient.lddv, first + row));
    }
}

template <class T>
void RunningSums<T>::backward(const HeadInput<T>& head, bool causal, const T* top, const T* rowSums, const T* out, int ldout,
                              const HeadGradient<T>& gradient) {
    if (!gradient.addToKeys)
        for (int row = 0; row < head.keys; ++row) {
            std::fill_n(rowOf(gradient.dk, gradient.lddk, row), m_features, T{0});
            std::fill_n(rowOf(gradient.dv, gradient.lddv, row), m_headDim, T{0});
        }
    prepareValues(head);
    gradientOfSums(head, rowSums, out, ldout, gradient);
    backwardQueries(head, causal, top, gradient);
    backwardKeys(head, causal, top, gradient);
}

template class RunningSums<float>;
template class RunningSums<double>;

}  // namespace lab
