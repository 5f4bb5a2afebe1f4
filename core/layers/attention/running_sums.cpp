#include "core/layers/attention/running_sums.h"

#include <algorithm>

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
RunningSums<T>::RunningSums(Pass<T>& pass, int headDim, int length)
    : m_kernels(pass.kernels),
      m_headDim(headDim),
      m_width(headDim + 1),
      m_values(pass.takeRows(length, m_width)),
      m_sums(pass.takeRows(headDim, m_width)),
      m_product(pass.takeRows(length, m_width)),
      m_scores(pass.takeRows(chunkLength, chunkLength)),
      m_gradScores(pass.takeRows(chunkLength, chunkLength)),
      m_turned(pass.takeRows(m_width, std::max(chunkLength, headDim))),
      m_step(pass.takeRows(length, m_width)) {}

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
    m_kernels.transpose(count, m_headDim, rowOf(head.k, head.ldk, first), head.ldk, m_turned, count);
    m_kernels.gemm(count, count, m_headDim, rowOf(head.q, head.ldq, first), head.ldq, m_turned, count, scores, count, false);
    keepLowerTriangle(count, scores);
}

template <class T>
void RunningSums<T>::forward(const HeadInput<T>& head, bool causal, T* rowSums, T* out, int ldout) {
    const auto& k = m_kernels;
    prepareValues(head);
    if (!causal) {
        k.gemmTransposedA(m_headDim, m_width, head.keys, head.k, head.ldk, m_values, m_width, m_sums, m_width, false);
        k.gemm(head.queries, m_width, m_headDim, head.q, head.ldq, m_sums, m_width, m_product, m_width, false);
    } else {
        std::fill_n(m_sums, m_headDim * m_width, T{0});
        for (int first = 0; first < head.queries; first += chunkLength) {
            const int count = std::min(chunkLength, head.queries - first);
            T* product = rowOf(m_product, m_width, first);
            const T* values = rowOf(m_values, m_width, first);
            k.gemm(count, m_width, m_headDim, rowOf(head.q, head.ldq, first), head.ldq, m_sums, m_width, product, m_width, false);
            chunkScores(head, first, count, m_scores);
            k.gemm(count, m_width, count, m_scores, count, values, m_width, product, m_width, true);
            k.gemmTransposedA(m_headDim, m_width, count, rowOf(head.k, head.ldk, first), head.ldk, values, m_width, m_sums, m_width, true);
        }
    }
    for (int row = 0; row < head.queries; ++row) {
        const T* product = rowOf(m_product, m_width, row);
        rowSums[row] = product[m_headDim] + static_cast<T>(linearKernelEpsilon);
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
void RunningSums<T>::backwardQueries(const HeadInput<T>& head, bool causal, const HeadGradient<T>& gradient) {
    const auto& k = m_kernels;
    const int chunk = causal ? chunkLength : head.queries;
    const bool add = gradient.dq == gradient.dk;
    if (causal)
        std::fill_n(m_sums, m_headDim * m_width, T{0});
    else
        k.gemmTransposedA(m_headDim, m_width, head.keys, head.k, head.ldk, m_values, m_width, m_sums, m_width, false);
    for (int first = 0; first < head.queries; first += chunk) {
        const int count = std::min(chunk, head.queries - first);
        const T* product = rowOf(m_product, m_width, first);
        const T* values = rowOf(m_values, m_width, first);
        T* dq = rowOf(gradient.dq, gradient.lddq, first);
        k.transpose(m_headDim, m_width, m_sums, m_width, m_turned, m_headDim);
        k.gemm(count, m_headDim, m_width, product, m_width, m_turned, m_headDim, dq, gradient.lddq, add);
        if (!causal) continue;
        k.transpose(count, m_width, values, m_width, m_turned, count);
        k.gemm(count, count, m_width, product, m_width, m_turned, count, m_gradScores, count, false);
        keepLowerTriangle(count, m_gradScores);
        k.gemm(count, m_headDim, count, m_gradScores, count, rowOf(head.k, head.ldk, first), head.ldk, dq, gradient.lddq, true);
        k.gemmTransposedA(m_headDim, m_width, count, rowOf(head.k, head.ldk, first), head.ldk, values, m_width, m_sums, m_width, true);
    }
}

/// m_sums becomes the gradient of (S, z): when causal, of the sums that later queries read.
template <class T>
void RunningSums<T>::backwardKeys(const HeadInput<T>& head, bool causal, const HeadGradient<T>& gradient) {
    const auto& k = m_kernels;
    const int chunk = causal ? chunkLength : head.keys;
    if (causal)
        std::fill_n(m_sums, m_headDim * m_width, T{0});
    else
        k.gemmTransposedA(m_headDim, m_width, head.queries, head.q, head.ldq, m_product, m_width, m_sums, m_width, false);
    for (int first = (head.keys - 1) / chunk * chunk; first >= 0; first -= chunk) {
        const int count = std::min(chunk, head.keys - first);
        const T* product = rowOf(m_product, m_width, first);
        const T* q = rowOf(head.q, head.ldq, first);
        const T* key = rowOf(head.k, head.ldk, first);
        T* dk = rowOf(gradient.dk, gradient.lddk, first);
        k.transpose(m_headDim, m_width, m_sums, m_width, m_turned, m_headDim);
        k.gemm(count, m_headDim, m_width, rowOf(m_values, m_width, first), m_width, m_turned, m_headDim, dk, gradient.lddk, true);
        k.gemm(count, m_width, m_headDim, key, head.ldk, m_sums, m_width, m_step, m_width, false);
        if (causal) {
            k.transpose(count, m_width, rowOf(m_values, m_width, first), m_width, m_turned, count);
            k.gemm(count, count, m_width, product, m_width, m_turned, count, m_gradScores, count, false);
            keepLowerTriangle(count, m_gradScores);
            k.gemmTransposedA(count, m_headDim, count, m_gradScores, count, q, head.ldq, dk, gradient.lddk, true);
            chunkScores(head, first, count, m_scores);
            k.gemmTransposedA(count, m_width, count, m_scores, count, product, m_width, m_step, m_width, true);
            k.gemmTransposedA(m_headDim, m_width, count, q, head.ldq, product, m_width, m_sums, m_width, true);
        }
        for (int row = 0; row < count; ++row) k.add(m_headDim, rowOf(m_step, m_width, row), rowOf(gradient.dv, gradient.lddv, first + row));
    }
}

template <class T>
void RunningSums<T>::backward(const HeadInput<T>& head, bool causal, const T* rowSums, const T* out, int ldout,
                              const HeadGradient<T>& gradient) {
    if (!gradient.addToKeys)
        for (int row = 0; row < head.keys; ++row) {
            std::fill_n(rowOf(gradient.dk, gradient.lddk, row), m_headDim, T{0});
            std::fill_n(rowOf(gradient.dv, gradient.lddv, row), m_headDim, T{0});
        }
    prepareValues(head);
    gradientOfSums(head, rowSums, out, ldout, gradient);
    backwardQueries(head, causal, gradient);
    backwardKeys(head, causal, gradient);
}

template class RunningSums<float>;
template class RunningSums<double>;

}  // namespace lab
