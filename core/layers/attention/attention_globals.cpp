// Longformer's global projections (Beltagy 2020, arXiv 2004.05150, section 3.1): the first queries ask with W_Qg and read keys and values
// by W_Kg and W_Vg, whatever position these are of; all other queries use the common projections, towards the first tokens too.

#include <algorithm>
#include <cmath>

#include "core/layers/attention/attention.h"
#include "core/layers/attention/dense_view.h"

namespace lab {
namespace {

std::ptrdiff_t offsetOf(int part, int rows, int width) {
    return static_cast<std::ptrdiff_t>(part) * rows * width;
}

}  // namespace

/// Rows of positions 0 .. rows - 1 of a sequence of `length`.
template <class T>
void Attention::rotateGlobals(Pass<T>& pass, bool inverse, int heads, int rows, int length, T* x) const {
    if (!m_rotary) return;
    const auto table = m_rotary->view(pass, 0, rows, length);
    for (int h = 0; h < heads; ++h) m_rotary->rotate(pass.kernels, table, rows, inverse, x + offsetOf(h, rows, m_headDim), m_headDim);
}

/// From the projections to the scores of the first queries, which are written over what the common projections gave them.
template <class T>
void Attention::globalScores(Pass<T>& pass, const DenseView<T>& view, const Cache<T>& cache) const {
    const Columns at = columns();
    const auto split = [&](int column, int heads, int rows, T* out) {
        for (int h = 0; h < heads; ++h)
            for (int r = 0; r < rows; ++r, out += m_headDim)
                std::copy_n(cache.keyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue + column + h * m_headDim, m_headDim, out);
    };
    // code: project global
    split(at.globalQ, m_heads, view.globals, view.globalQ);
    split(at.globalK, m_kvHeads, view.keys, view.globalK);
    split(at.globalV, m_kvHeads, view.keys, view.globalV);
    // end code
    // code: rotate global
    rotateGlobals(pass, false, m_heads, view.globals, view.keys, view.globalQ);
    rotateGlobals(pass, false, m_kvHeads, view.keys, view.keys, view.globalK);
    // end code
    if (pass.tap) {
        pass.tap->tensor(m_name + ".global_query", {m_heads, view.globals, m_headDim}, view.globalQ);
        pass.tap->tensor(m_name + ".global_key", {m_kvHeads, view.keys, m_headDim}, view.globalK);
        pass.tap->tensor(m_name + ".global_value", {m_kvHeads, view.keys, m_headDim}, view.globalV);
    }
    T* turned = pass.takeRows(m_headDim, view.keys);
    for (int h = 0; h < m_heads; ++h) {
        T* s = view.scores + view.map(h);
        // code: dot global
        pass.kernels.transpose(view.keys, m_headDim, view.globalK + offsetOf(h * m_kvHeads / m_heads, view.keys, m_headDim), m_headDim,
                               turned, view.keys);
        pass.kernels.gemm(view.globals, view.keys, m_headDim, view.globalQ + offsetOf(h, view.globals, m_headDim), m_headDim, turned,
                          view.keys, s, view.keys, false);
        // end code
        // code: scale global
        pass.kernels.scale(std::int64_t{view.globals} * view.keys, static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim))), s);
        // end code
        // code: position global alibi
        for (int i = 0; !m_slopes.empty() && i < view.globals; ++i)
            for (int j = 0; j < view.keys; ++j)
                s[static_cast<std::ptrdiff_t>(i) * view.keys + j] -=
                    static_cast<T>(m_slopes[static_cast<std::size_t>(h)]) * static_cast<T>(std::abs(i - j));
        // end code
    }
}

template <class T>
void Attention::globalMix(Pass<T>& pass, const DenseView<T>& view, int head) const {
    // code: mix global
    pass.kernels.gemm(view.globals, m_headDim, view.keys, view.dropped + view.map(head), view.keys,
                      view.globalV + offsetOf(head * m_kvHeads / m_heads, view.keys, m_headDim), m_headDim,
                      view.out + offsetOf(head, view.queries, m_headDim), m_headDim, false);
    // end code
}

template <class T>
Attention::GlobalGradient<T> Attention::globalGradient(Pass<T>& pass, const DenseView<T>& view) const {
    if (view.globals == 0) return {};
    const auto zeros = [&pass](int parts, int rows, int width) {
        T* values = pass.takeRows(parts * rows, width);
        std::fill_n(values, offsetOf(parts, rows, width), T{0});
        return values;
    };
    return {zeros(m_heads, view.globals, m_headDim), zeros(m_heads, view.globals, view.keys), zeros(m_heads, view.globals, m_headDim),
            zeros(m_kvHeads, view.keys, m_headDim), zeros(m_kvHeads, view.keys, m_headDim)};
}

/// Moves the first queries' rows of one head to `taken` [H, globals, width], so that the common projections learn nothing from them.
template <class T>
void Attention::takeGlobalRows(const DenseView<T>& view, int width, T* rows, T* taken, int head) const {
    if (view.globals == 0) return;
    // code: d_value,d_query,d_key,d_l_query,d_l_keys,d_l_values apart
    std::copy_n(rows, offsetOf(1, view.globals, width), taken + offsetOf(head, view.globals, width));
    std::fill_n(rows, offsetOf(1, view.globals, width), T{0});
    // end code
}

/// Gradient of the first queries' weights into their rows of dweights, and of the values that they read.
template <class T>
void Attention::globalMixBackward(Pass<T>& pass, const DenseView<T>& view, const GlobalGradient<T>& gradient, int head, T* dweights) const {
    T* turned = pass.takeRows(m_headDim, view.keys);
    const T* dout = gradient.dout + offsetOf(head, view.globals, m_headDim);
    const std::ptrdiff_t group = offsetOf(head * m_kvHeads / m_heads, view.keys, m_headDim);
    // code: d_weights,d_l_query apart
    pass.kernels.transpose(view.keys, m_headDim, view.globalV + group, m_headDim, turned, view.keys);
    pass.kernels.gemm(view.globals, view.keys, m_headDim, dout, m_headDim, turned, view.keys, dweights + view.map(head), view.keys, false);
    // end code
    // code: d_value global; d_l_global_values
    pass.kernels.gemmTransposedA(view.keys, m_headDim, view.globals, view.dropped + view.map(head), view.keys, dout, m_headDim,
                                 gradient.dv + group, m_headDim, true);
    // end code
}

/// From the gradient of the first queries' products to that of their projections, added to dprojected.
template <class T>
void Attention::globalScoresBackward(Pass<T>& pass, const DenseView<T>& view, const GlobalGradient<T>& gradient, T* dprojected) const {
    for (int h = 0; h < m_heads; ++h) {
        const T* ds = gradient.ds + offsetOf(h, view.globals, view.keys);
        const std::ptrdiff_t group = offsetOf(h * m_kvHeads / m_heads, view.keys, m_headDim), own = offsetOf(h, view.globals, m_headDim);
        // code: d_query global; d_l_query apart
        pass.kernels.gemm(view.globals, m_headDim, view.keys, ds, view.keys, view.globalK + group, m_headDim, gradient.dq + own, m_headDim,
                          true);
        // end code
        // code: d_key global; d_l_global_keys
        pass.kernels.gemmTransposedA(view.keys, m_headDim, view.globals, ds, view.keys, view.globalQ + own, m_headDim, gradient.dk + group,
                                     m_headDim, true);
        // end code
    }
    if (pass.tap) {
        pass.tap->gradient(m_name + ".global_query", {m_heads, view.globals, m_headDim}, gradient.dq);
        pass.tap->gradient(m_name + ".global_key", {m_kvHeads, view.keys, m_headDim}, gradient.dk);
        pass.tap->gradient(m_name + ".global_value", {m_kvHeads, view.keys, m_headDim}, gradient.dv);
    }
    // code: d_matrix global rope; d_l_query apart rope; d_l_global_keys rope
    rotateGlobals(pass, true, m_heads, view.globals, view.keys, gradient.dq);
    rotateGlobals(pass, true, m_kvHeads, view.keys, view.keys, gradient.dk);
    // end code
    const Columns at = columns();
    const auto join = [&](const T* in, int heads, int rows, int column) {
        for (int h = 0; h < heads; ++h)
            for (int r = 0; r < rows; ++r, in += m_headDim)
                pass.kernels.add(m_headDim, in, dprojected + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue + column + h * m_headDim);
    };
    join(gradient.dq, m_heads, view.globals, at.globalQ);
    join(gradient.dk, m_kvHeads, view.keys, at.globalK);
    join(gradient.dv, m_kvHeads, view.keys, at.globalV);
}

/// Token by token: the first queries see one another alone, whose keys and values of their kind the store keeps besides. projected
/// [rows, ldQuery] is turned where that is done; rows of `mixed` are written over.
template <class T>
void Attention::stepGlobals(Pass<T>& pass, int position, int rows, int length, T* projected, KeyValueStore<T>& store, T* mixed) const {
    const Columns at = columns();
    const int width = m_kvHeads * m_headDim, count = std::min(rows, m_globals - position);
    if (count <= 0) return;
    if (m_rotary) rotateAt(pass, position, count, length, projected + at.globalQ, at.ldQuery, (at.globalV - at.globalQ) / m_headDim);
    T* weights = pass.takeRows(1, position + count);
    for (int r = 0; r < count; ++r) {
        const T* row = projected + static_cast<std::ptrdiff_t>(r) * at.ldQuery;
        store.globalKeys.insert(store.globalKeys.end(), row + at.globalK, row + at.globalK + width);
        store.globalValues.insert(store.globalValues.end(), row + at.globalV, row + at.globalV + width);
        const int seen = position + r + 1;
        for (int h = 0; h < m_heads; ++h) {
            const std::ptrdiff_t group = std::ptrdiff_t{h * m_kvHeads / m_heads} * m_headDim;
            const T* q = row + at.globalQ + h * m_headDim;
            const T* k = store.globalKeys.data() + group;
            for (int j = 0; j < seen; ++j) {
                T sum = 0;
                for (int c = 0; c < m_headDim; ++c) sum += q[c] * k[static_cast<std::ptrdiff_t>(j) * width + c];
                weights[j] = sum;
            }
            weighStored(pass, position + r, seen, nullptr, scoreTerms<T>(pass, 0, h, nullptr),
                        {h, position + r, 1, seen, m_headDim, q, at.ldQuery, k, width}, weights);
            T* out = mixed + static_cast<std::ptrdiff_t>(r) * m_heads * m_headDim + h * m_headDim;
            std::fill_n(out, m_headDim, T{0});
            for (int j = 0; j < seen; ++j)
                for (int c = 0; c < m_headDim; ++c)
                    out[c] += weights[j] * store.globalValues[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(j) * width + group + c)];
        }
    }
}

#define INSTANTIATE(T)                                                                                                  \
    template void Attention::globalScores(Pass<T>&, const DenseView<T>&, const Cache<T>&) const;                        \
    template void Attention::globalMix(Pass<T>&, const DenseView<T>&, int) const;                                       \
    template Attention::GlobalGradient<T> Attention::globalGradient(Pass<T>&, const DenseView<T>&) const;               \
    template void Attention::takeGlobalRows(const DenseView<T>&, int, T*, T*, int) const;                               \
    template void Attention::globalMixBackward(Pass<T>&, const DenseView<T>&, const GlobalGradient<T>&, int, T*) const; \
    template void Attention::globalScoresBackward(Pass<T>&, const DenseView<T>&, const GlobalGradient<T>&, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

template void Attention::stepGlobals(Pass<float>&, int, int, int, float*, KeyValueStore<float>&, float*) const;

}  // namespace lab
