// Attention by drawn features (kernel performer): sums over keys instead of pairs, and what the looking path shows of them.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/layers/attention/dense_view.h"
#include "core/layers/attention/running_sums.h"

namespace lab {

/// phi of all queries and keys [rows, (heads + kvHeads) * features], queries first.
template <class T>
void Attention::drawFeatures(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    const Columns at = columns();
    const int m = scoreWidth(), ld = (m_heads + m_kvHeads) * m;
    cache.phi = pass.takeRows(sequences.rows(), ld);
    cache.top = pass.takeRows(sequences.count * m_kvHeads, sequences.length);
    for (int s = 0; s < sequences.count; ++s) {
        const int rows = sequences.lengths[s];
        const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(s) * sequences.length;
        const T* projected = cache.keyValue + first * at.ldKeyValue;
        T* phi = cache.phi + first * ld;
        for (int h = 0; h < m_heads; ++h, phi += m) {
            m_features->exponents(pass, rows, projected + at.q + h * m_headDim, at.ldKeyValue, phi, ld);
            m_features->ofQueries(pass, rows, phi, ld);
        }
        for (int g = 0; g < m_kvHeads; ++g, phi += m) {
            m_features->exponents(pass, rows, projected + at.k + g * m_headDim, at.ldKeyValue, phi, ld);
            m_features->ofKeys(pass, rows, m_visibility.causal(), phi, ld, cache.top + (s * m_kvHeads + g) * sequences.length);
        }
    }
}

/// As headInput, of features.
template <class T>
HeadInput<T> Attention::featureInput(const Cache<T>& cache, const Sequences& sequences, int sequence, int head) const {
    const Columns at = columns();
    const int m = scoreWidth(), ld = (m_heads + m_kvHeads) * m, group = head * m_kvHeads / m_heads;
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(sequence) * sequences.length;
    const T* phi = cache.phi + first * ld;
    const T* v = cache.keyValue + first * at.ldKeyValue + at.v + group * m_headDim;
    const int rows = sequences.lengths[sequence];
    return {phi + head * m, ld, phi + (m_heads + group) * m, ld, v, at.ldKeyValue, rows, rows, m_headDim};
}

template <class T>
void Attention::attendDrawn(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    drawFeatures(pass, sequences, cache);
    RunningSums<T> kernel(pass, m_kernel, m_headDim, scoreWidth(), sequences.length);
    cache.store = pass.takeRows(sequences.count * m_heads, sequences.length);
    const int ld = m_heads * m_headDim;
    for (int s = 0; s < sequences.count; ++s)
        for (int h = 0; h < m_heads; ++h) {
            pass.goOn();
            const int group = h * m_kvHeads / m_heads;
            kernel.forward(featureInput(cache, sequences, s, h), m_visibility.causal(),
                           cache.top + (s * m_kvHeads + group) * sequences.length, cache.store + (s * m_heads + h) * sequences.length,
                           cache.mixed + static_cast<std::ptrdiff_t>(s) * sequences.length * ld + h * m_headDim, ld);
        }
}

template <class T>
void Attention::backwardDrawn(Pass<T>& pass, const Sequences& sequences, const Cache<T>& cache, const T* dmixed, T* dprojection) const {
    RunningSums<T> kernel(pass, m_kernel, m_headDim, scoreWidth(), sequences.length);
    const int m = scoreWidth(), ldphi = (m_heads + m_kvHeads) * m, ld = m_heads * m_headDim;
    T* dphi = pass.takeRows(sequences.rows(), ldphi);
    for (int s = 0; s < sequences.count; ++s)
        for (int h = 0; h < m_heads; ++h) {
            const int group = h * m_kvHeads / m_heads;
            T* own = dphi + static_cast<std::ptrdiff_t>(s) * sequences.length * ldphi;
            HeadGradient<T> gradient = headGradient(sequences, sequences, dmixed, dprojection, dprojection, s, h);
            gradient.dq = own + h * m;
            gradient.dk = own + (m_heads + group) * m;
            gradient.lddq = gradient.lddk = ldphi;
            kernel.backward(featureInput(cache, sequences, s, h), m_visibility.causal(),
                            cache.top + (s * m_kvHeads + group) * sequences.length, cache.store + (s * m_heads + h) * sequences.length,
                            cache.mixed + static_cast<std::ptrdiff_t>(s) * sequences.length * ld + h * m_headDim, ld, gradient);
        }
    backwardOfFeatures(pass, sequences, cache, dphi, dprojection);
}

/// Writes the q and k columns of the projection's gradient.
template <class T>
void Attention::backwardOfFeatures(Pass<T>& pass, const Sequences& sequences, const Cache<T>& cache, const T* dphi, T* dprojection) const {
    const Columns at = columns();
    const int m = scoreWidth(), ldphi = (m_heads + m_kvHeads) * m;
    for (int s = 0; s < sequences.count; ++s) {
        const int rows = sequences.lengths[s];
        const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(s) * sequences.length;
        T* d = dprojection + first * at.ldKeyValue;
        for (int r = 0; r < rows; ++r) std::fill_n(d + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue, at.v, T{0});
        for (int vector = 0; vector < m_heads + m_kvHeads; ++vector) {
            const int column = vector < m_heads ? at.q + vector * m_headDim : at.k + (vector - m_heads) * m_headDim;
            const std::ptrdiff_t features = first * ldphi + vector * m;
            m_features->backward(pass, rows, cache.keyValue + first * at.ldKeyValue + column, at.ldKeyValue, cache.phi + features, ldphi,
                                 dphi + features, ldphi, d + column, at.ldKeyValue);
        }
    }
}

template <class T>
void Attention::denseFeatures(Pass<T>& pass, const DenseView<T>& view) const {
    const int m = scoreWidth();
    // code: phi drawn
    m_features->exponents(pass, m_heads * view.queries, view.q, m_headDim, view.phiQ, m);
    m_features->ofQueries(pass, m_heads * view.queries, view.phiQ, m);
    m_features->exponents(pass, m_kvHeads * view.keys, view.k, m_headDim, view.phiK, m);
    for (int g = 0; g < m_kvHeads; ++g) {
        const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(g) * view.keys;
        m_features->ofKeys(pass, view.keys, m_visibility.causal(), view.phiK + first * m, m, view.top + first);
    }
    // end code
}

/// Adds to dq and dk what comes back through the features; dphiQ null: to dk alone.
template <class T>
void Attention::denseFeaturesBackward(Pass<T>& pass, const DenseView<T>& view, const T* dphiQ, const T* dphiK, T* dq, T* dk) const {
    const int m = scoreWidth();
    if (dphiQ) m_features->backward(pass, m_heads * view.queries, view.q, m_headDim, view.phiQ, m, dphiQ, m, dq, m_headDim);
    m_features->backward(pass, m_kvHeads * view.keys, view.k, m_headDim, view.phiK, m, dphiK, m, dk, m_headDim);
}

/// scores [H, Tq, Tk], or their gradient: keys that were measured by an earlier largest exponent than the query's are brought to its own.
template <class T>
void Attention::denseTops(const DenseView<T>& view, T* scores) const {
    if (!m_features || !m_visibility.causal()) return;
    // code: rise,d_query,d_key,d_l_query,d_l_keys rises
    for (int h = 0; h < m_heads; ++h) {
        const T* top = view.top + static_cast<std::ptrdiff_t>(h * m_kvHeads / m_heads) * view.keys;
        for (int i = 0; i < view.queries; ++i, scores += view.keys)
            for (int j = 0; j < i && top[j] < top[i]; ++j) scores[j] *= std::exp(top[j] - top[i]);
    }
    // end code
}

/// The softmax that the features stand for, beside their weights, and how far each row is from it: half the sum of differences.
template <class T>
void Attention::tapExactWeights(Pass<T>& pass, const DenseView<T>& view) const {
    if (!m_features || !pass.tap) return;
    T* exact = pass.take(static_cast<std::size_t>(view.map(m_heads)));
    T* distance = pass.takeRows(m_heads, view.queries);
    T* turned = pass.takeRows(m_headDim, view.keys);
    const T factor = static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim)));
    for (int h = 0; h < m_heads; ++h) {
        T* w = exact + view.map(h);
        const T* k = view.k + static_cast<std::ptrdiff_t>(h * m_kvHeads / m_heads) * view.keys * m_headDim;
        pass.kernels.transpose(view.keys, m_headDim, k, m_headDim, turned, view.keys);
        pass.kernels.gemm(view.queries, view.keys, m_headDim, view.q + static_cast<std::ptrdiff_t>(h) * view.queries * m_headDim, m_headDim,
                          turned, view.keys, w, view.keys, false);
        for (std::ptrdiff_t at = 0; at < view.map(1); ++at)
            if (std::isinf(view.masked[view.map(h) + at])) w[at] = -std::numeric_limits<T>::infinity();
        pass.kernels.softmaxForward(view.queries, view.keys, factor, nullptr, w, view.keys);
        const T* a = view.weights + view.map(h);
        for (int i = 0; i < view.queries; ++i, a += view.keys, w += view.keys) {
            T sum = 0;
            for (int j = 0; j < view.keys; ++j) sum += std::abs(a[j] - w[j]);
            distance[h * view.queries + i] = sum / 2;
        }
    }
    tapTensor(pass, m_name + ".exact_weights", {m_heads, view.queries, view.keys}, exact);
    tapTensor(pass, m_name + ".weights_distance", {m_heads, view.queries}, distance);
}

/// One row: scores of the first `seen` keys, of which the last is the query's own place, brought to its largest exponent.
template <class T>
void Attention::scoresOfStored(int seen, const T* top, T* scores) const {
    for (int j = 0; j < seen && top[j] < top[seen - 1]; ++j) scores[j] *= std::exp(top[j] - top[seen - 1]);
}

#define INSTANTIATE(T)                                                                                               \
    template void Attention::attendDrawn(Pass<T>&, const Sequences&, Cache<T>&) const;                               \
    template void Attention::backwardDrawn(Pass<T>&, const Sequences&, const Cache<T>&, const T*, T*) const;         \
    template void Attention::denseFeatures(Pass<T>&, const DenseView<T>&) const;                                     \
    template void Attention::denseFeaturesBackward(Pass<T>&, const DenseView<T>&, const T*, const T*, T*, T*) const; \
    template void Attention::denseTops(const DenseView<T>&, T*) const;                                               \
    template void Attention::tapExactWeights(Pass<T>&, const DenseView<T>&) const;                                   \
    template void Attention::scoresOfStored(int, const T*, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
