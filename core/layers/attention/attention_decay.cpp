// Weights that fade with every token between query and key (kernels retention and gated-linear): what a token keeps, the map of it that the
// looking path multiplies products by, and the same attention as a state that is carried from token to token.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/layers/attention/decay.h"
#include "core/layers/attention/dense_view.h"
#include "core/layers/attention/unit_keys.h"

namespace lab {

/// What each token of a learned decay keeps, from x [rows, d_model].
template <class T>
void Attention::startFading(Pass<T>& pass, int rows, const T* x, Fading<T>& fading) const {
    if (!m_decay) return;
    fading.logits = pass.takeRows(rows, m_heads);
    fading.kept = pass.takeRows(rows, m_heads);
    fading.gradients = pass.takeRows(rows, m_heads);
    std::fill_n(fading.gradients, rows * m_heads, T{0});
    // code: decay learnsDecay
    m_decay->forward(pass, rows, x, fading.logits, m_heads);
    for (int i = 0; i < rows * m_heads; ++i)
        fading.kept[i] = std::max(static_cast<T>(keptByLogit(static_cast<double>(fading.logits[i]))), std::numeric_limits<T>::min());
    // end code
    tapTensor(pass, m_name + ".kept", {rows, m_heads}, fading.kept);
}

/// Adds to dx [rows, d_model].
template <class T>
void Attention::startFadingBackward(Pass<T>& pass, int rows, const Cache<T>& cache, T* dx) const {
    if (!m_decay) return;
    const Fading<T>& fading = cache.fading;
    tapGradient(pass, m_name + ".kept", {rows, m_heads}, fading.gradients);
    // code: d_decay,d_l_sum learnsDecay
    for (int i = 0; i < rows * m_heads; ++i) fading.gradients[i] *= static_cast<T>(keptSlope(static_cast<double>(fading.logits[i])));
    T* dinput = pass.takeRows(rows, m_d);
    m_decay->backward(pass, rows, cache.x, fading.gradients, m_heads, dinput);
    pass.kernels.add(std::int64_t{rows} * m_d, dinput, dx);
    // end code
}

template <class T>
T Attention::keptBy(const Fading<T>& fading, int row, int head) const {
    return m_decay ? fading.kept[row * m_heads + head] : static_cast<T>(keptByHead(head));
}

/// decay_ij: the product of what tokens j + 1 .. i keep; 0 of what comes after the query.
template <class T>
void Attention::denseDecay(Pass<T>& pass, const DenseView<T>& view, const Fading<T>& fading) const {
    if (!kernelSpec().decays()) return;
    // code: decay
    T* row = view.decay;
    for (int h = 0; h < m_heads; ++h)
        for (int i = 0; i < view.queries; ++i, row += view.keys) {
            const T kept = keptBy(fading, i, h);
            for (int j = 0; j < view.keys; ++j) row[j] = j < i ? kept * (row - view.keys)[j] : j == i ? T{1} : T{0};
        }
    // end code
    tapTensor(pass, m_name + ".decay", {m_heads, view.queries, view.keys}, view.decay);
}

/// One head's gradient of the weights in, of the products q . k / sqrt(head_dim) out; that of the map goes to `ddecay` [Tq, Tk].
template <class T>
void Attention::denseDecayBackward(const DenseView<T>& view, int head, T* dweights, T* ddecay) const {
    const T* masked = view.masked + view.map(head);
    const T* decay = view.decay + view.map(head);
    // code: d_softmax,d_l_query fades; d_decay
    for (std::ptrdiff_t at = 0; at < view.map(1); ++at) {
        const bool hidden = std::isinf(masked[at]);
        ddecay[at] = hidden ? T{0} : dweights[at] * masked[at];
        dweights[at] = hidden ? T{0} : dweights[at] * decay[at];
    }
    // end code
}

/// ddecay [H, Tq, Tk] -> what comes back to each token's share. With C_i the sum of the logarithms of shares up to i, decay_ij = exp(C_i -
/// C_j).
template <class T>
void Attention::addKeptGradients(const DenseView<T>& view, const Fading<T>& fading, const T* ddecay) const {
    if (!m_decay) return;
    for (int h = 0; h < m_heads; ++h) {
        const T* d = ddecay + view.map(h);
        const T* decay = view.decay + view.map(h);
        // code: d_decay
        T behind = 0;  // sum over i >= t of dC_i
        for (int t = view.queries - 1; t > 0; --t) {
            for (int j = 0; j < t; ++j) behind += d[t * view.keys + j] * decay[t * view.keys + j];
            for (int i = t + 1; i < view.queries; ++i) behind -= d[i * view.keys + t] * decay[i * view.keys + t];
            fading.gradients[t * m_heads + h] += behind / fading.kept[t * m_heads + h];
        }
        // end code
    }
}

/// y = x / sqrt(mean x^2 + epsilon) of vectors of head_dim: the group norm of RetNet (section 3.2), with the root mean square as
/// LLaMA's norm has it, without mean and gain.
template <class T>
void Attention::normaliseHeads(Pass<T>& pass, int vectors, const T* x, T* inverse, T* y) const {
    // code: head_norm
    for (int v = 0; v < vectors; ++v, x += m_headDim, y += m_headDim) {
        const T mean = static_cast<T>(pass.kernels.sumOfSquares(m_headDim, x) / m_headDim);
        inverse[v] = T{1} / std::sqrt(mean + static_cast<T>(m_headEpsilon));
        for (int c = 0; c < m_headDim; ++c) y[c] = x[c] * inverse[v];
    }
    // end code
}

/// Gradient of y in, of x out.
template <class T>
void Attention::normaliseHeadsBackward(int vectors, const T* x, const T* inverse, T* dy) const {
    // code: d_head_norm; d_l_query fades
    for (int v = 0; v < vectors; ++v, x += m_headDim, dy += m_headDim) {
        T along = 0;
        for (int c = 0; c < m_headDim; ++c) along += dy[c] * x[c];
        along *= inverse[v] * inverse[v] / static_cast<T>(m_headDim);
        for (int c = 0; c < m_headDim; ++c) dy[c] = inverse[v] * (dy[c] - along * x[c]);
    }
    // end code
}

/// The recurrent form, token by token: S = kept S + k^T v, o = q S / sqrt(head_dim). projection [rows, ldQuery] holds q, k and v of the
/// tokens whose layer input is x; mixed [rows, heads * head_dim].
template <class T>
void Attention::attendState(Pass<T>& pass, int rows, const T* x, const T* projection, KeyValueStore<T>& store, T* mixed) const {
    const Columns at = columns();
    const int size = m_headDim * m_headDim;
    store.state.resize(static_cast<std::size_t>(m_heads * size), T{0});
    Fading<T> fading;
    startFading(pass, rows, x, fading);
    T* raw = pass.takeRows(1, m_headDim);
    T* key = pass.takeRows(1, m_headDim);
    T* inverse = pass.takeRows(1, 1);
    for (int r = 0; r < rows; ++r, projection += at.ldQuery)
        for (int h = 0; h < m_heads; ++h, mixed += m_headDim) {
            const int group = h * m_kvHeads / m_heads * m_headDim;
            T* state = store.state.data() + h * size;
            pass.kernels.scale(size, keptBy(fading, r, h), state);
            std::copy_n(projection + at.k + group, m_headDim, key);
            if (m_unitKeys) divideByLength(m_headDim, key);
            pass.kernels.gemmTransposedA(m_headDim, m_headDim, 1, key, m_headDim, projection + at.v + group, m_headDim, state, m_headDim,
                                         true);
            pass.kernels.gemm(1, m_headDim, m_headDim, projection + at.q + h * m_headDim, m_headDim, state, m_headDim, raw, m_headDim,
                              false);
            pass.kernels.scale(m_headDim, static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim))), raw);
            normaliseHeads(pass, 1, raw, inverse, mixed);
        }
}

#define INSTANTIATE(T)                                                                                \
    template void Attention::startFading(Pass<T>&, int, const T*, Fading<T>&) const;                  \
    template void Attention::startFadingBackward(Pass<T>&, int, const Cache<T>&, T*) const;           \
    template void Attention::denseDecay(Pass<T>&, const DenseView<T>&, const Fading<T>&) const;       \
    template void Attention::denseDecayBackward(const DenseView<T>&, int, T*, T*) const;              \
    template void Attention::addKeptGradients(const DenseView<T>&, const Fading<T>&, const T*) const; \
    template void Attention::normaliseHeads(Pass<T>&, int, const T*, T*, T*) const;                   \
    template void Attention::normaliseHeadsBackward(int, const T*, const T*, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE
template void Attention::attendState(Pass<float>&, int, const float*, const float*, KeyValueStore<float>&, float*) const;

}  // namespace lab
