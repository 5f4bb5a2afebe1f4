// The looking path of attention: one sequence, every score, each intermediate under its name of FORMATS.md 3. Plain and literal, so that
// what is shown is what the formulas say; the training kernels are held against it by tests.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/layers/attention/attention.h"
#include "core/layers/attention/linear_kernel.h"
#include "core/layers/position/sinusoidal.h"

namespace lab {
namespace {

/// Columns firstColumn + h * head_dim .. of each row <-> head-major [heads, rows, head_dim].
template <class T>
void splitHeads(const T* projection, int ld, int firstColumn, int heads, int rows, int headDim, T* out) {
    for (int h = 0; h < heads; ++h)
        for (int r = 0; r < rows; ++r, out += headDim)
            std::copy_n(projection + static_cast<std::ptrdiff_t>(r) * ld + firstColumn + h * headDim, headDim, out);
}
template <class T>
void addHeads(const T* in, int heads, int rows, int headDim, int ld, int firstColumn, T* projection) {
    // code: heads
    for (int h = 0; h < heads; ++h)
        for (int r = 0; r < rows; ++r, in += headDim)
            for (int c = 0; c < headDim; ++c) projection[static_cast<std::ptrdiff_t>(r) * ld + firstColumn + h * headDim + c] += in[c];
    // end code
}

}  // namespace

template <class T>
struct Attention::DenseView {
    int queries, keys;
    T *q, *k, *v;          ///< [H, Tq, D], [G, Tk, D], [G, Tk, D]; after the rotation
    T *phiQ, *phiK;        ///< what the scores are made of: phi(q), phi(k), or q and k themselves
    T *scores, *masked;    ///< [H, Tq, Tk]
    T *weights, *rowSums;  ///< [H, Tq, Tk], [H, Tq] of the linear kernel
    T* out;                ///< [H, Tq, D]

    std::ptrdiff_t map(int h) const { return static_cast<std::ptrdiff_t>(h) * queries * keys; }
};

template <class T>
Attention::DenseView<T> Attention::denseView(const Sequences& queries, const Sequences& keys, const Cache<T>& cache) const {
    DenseView<T> view{};
    view.queries = queries.length;
    view.keys = keys.length;
    T* next = cache.dense;
    const auto take = [&next](int a, int b, int c) {
        T* p = next;
        next += static_cast<std::ptrdiff_t>(a) * b * c;
        return p;
    };
    view.q = take(m_heads, view.queries, m_headDim);
    view.k = take(m_kvHeads, view.keys, m_headDim);
    view.v = take(m_kvHeads, view.keys, m_headDim);
    const bool phi = specOf(m_kernel).features;
    view.phiQ = phi ? take(m_heads, view.queries, m_headDim) : view.q;
    view.phiK = phi ? take(m_kvHeads, view.keys, m_headDim) : view.k;
    view.scores = take(m_heads, view.queries, view.keys);
    view.masked = take(m_heads, view.queries, view.keys);
    view.weights = take(m_heads, view.queries, view.keys);
    view.rowSums = take(m_heads, view.queries, 1);
    view.out = take(m_heads, view.queries, m_headDim);
    return view;
}

/// scores = literal score of every pair, before the mask.
template <class T>
void Attention::denseScores(Pass<T>& pass, const DenseView<T>& view) const {
    const auto& kernel = pass.kernels;
    T* turned = pass.takeRows(m_headDim, view.keys);
    const bool softmax = specOf(m_kernel).scores;
    const GridEncoding grid(std::max(m_posDim, 1));
    T slopeOfScores = 1;
    const T* w = pass.weights + m_mapWeight;
    if (form().positionMap) {
        slopeOfScores = 0;
        for (int c = 0; c < m_posDim; ++c) slopeOfScores += w[c];
    }
    for (int h = 0; h < m_heads; ++h) {
        pass.goOn();
        const int group = h * m_kvHeads / m_heads;
        T* s = view.scores + view.map(h);
        // code: dot
        kernel.transpose(view.keys, m_headDim, view.phiK + static_cast<std::ptrdiff_t>(group) * view.keys * m_headDim, m_headDim, turned,
                         view.keys);
        kernel.gemm(view.queries, view.keys, m_headDim, view.phiQ + static_cast<std::ptrdiff_t>(h) * view.queries * m_headDim, m_headDim,
                    turned, view.keys, s, view.keys, false);
        // end code
        if (!softmax) continue;
        // code: scale
        kernel.scale(std::int64_t{view.queries} * view.keys, static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim))), s);
        // end code
        if (form().positionMap) {
            std::vector<double> ofRow(static_cast<std::size_t>(view.queries)), ofColumn(static_cast<std::size_t>(view.keys));
            for (int c = 0; c < m_posDim; ++c) {
                const double wc = static_cast<double>(w[c]);
                if (c < grid.rowChannels())
                    for (int i = 0; i < view.queries; ++i) ofRow[static_cast<std::size_t>(i)] += wc * grid.channel(c, i, 0);
                else
                    for (int j = 0; j < view.keys; ++j) ofColumn[static_cast<std::size_t>(j)] += wc * grid.channel(c, 0, j);
            }
            const T b = pass.weights[m_mapBias];
            for (int i = 0; i < view.queries; ++i)
                for (int j = 0; j < view.keys; ++j) {
                    // code: position map
                    T& x = s[static_cast<std::ptrdiff_t>(i) * view.keys + j];
                    x = x * slopeOfScores + static_cast<T>(ofRow[static_cast<std::size_t>(i)] + ofColumn[static_cast<std::size_t>(j)]) + b;
                    // end code
                }
        }
        // code: position
        if (!m_slopes.empty())
            for (int i = 0; i < view.queries; ++i)
                for (int j = 0; j < view.keys; ++j)
                    s[static_cast<std::ptrdiff_t>(i) * view.keys + j] -=
                        static_cast<T>(m_slopes[static_cast<std::size_t>(h)]) * static_cast<T>(std::abs(i - j));
        // end code
    }
}

/// masked scores and weights from the scores.
template <class T>
void Attention::denseWeights(Pass<T>& pass, const DenseView<T>& view) const {
    static const std::vector<bool> none;
    const std::vector<bool>& hiddenKeys = m_place.ofSlots ? none : pass.tap->maskedKeys(m_place.ofTargetSide);
    const T hidden = -std::numeric_limits<T>::infinity();
    bool* seen = pass.scratch.arena.template take<bool>(static_cast<std::size_t>(view.map(1)));  // [Tq, Tk], the same for all heads
    // code: mask
    for (int i = 0, at = 0; i < view.queries; ++i)
        for (int j = 0; j < view.keys; ++j, ++at)
            seen[at] = (hiddenKeys.empty() || !hiddenKeys[static_cast<std::size_t>(j)]) && m_visibility.mayAttend(i, j, view.keys);
    // end code
    for (int h = 0; h < m_heads; ++h) {
        pass.goOn();
        const T* s = view.scores + view.map(h);
        T* masked = view.masked + view.map(h);
        // code: mask
        for (std::ptrdiff_t at = 0; at < view.map(1); ++at) masked[at] = seen[at] ? s[at] : hidden;
        // end code
    }
    pass.tap->tensor(m_name + ".masked_scores", {m_heads, view.queries, view.keys}, view.masked);
    for (int h = 0; h < m_heads; ++h) {
        pass.goOn();
        T* w = view.weights + view.map(h);
        const std::ptrdiff_t size = view.map(1);
        std::copy_n(view.masked + view.map(h), size, w);
        if (pass.tap->headUniform(m_name, h)) std::transform(w, w + size, w, [&](T x) { return x == hidden ? hidden : T{0}; });
        if (specOf(m_kernel).scores || pass.tap->headUniform(m_name, h)) {
            pass.kernels.softmaxForward(view.queries, view.keys, T{1}, nullptr, w, view.keys);
            continue;
        }
        if (m_kernel == KernelKind::product) {
            // code: weights product
            std::transform(w, w + size, w, [&](T x) { return x == hidden ? T{0} : x; });
            // end code
            continue;
        }
        for (int i = 0; i < view.queries; ++i, w += view.keys) {
            T sum = 0;
            // code: sum linear
            for (int j = 0; j < view.keys; ++j) sum += w[j] = w[j] == hidden ? T{0} : w[j];
            // end code
            T& rowSum = view.rowSums[h * view.queries + i];
            // code: weights linear
            rowSum = sum + static_cast<T>(linearKernelEpsilon);
            for (int j = 0; j < view.keys; ++j) w[j] /= rowSum;
            // end code
        }
    }
}

/// Every head of x [heads, rows, head_dim].
template <class T>
void Attention::rotateDense(Pass<T>& pass, bool inverse, int heads, int rows, T* x) const {
    const auto table = m_rotary->view(pass, rows);
    for (int h = 0; h < heads; ++h, x += static_cast<std::ptrdiff_t>(rows) * m_headDim)
        m_rotary->rotate(pass.kernels, table, rows, inverse, x, m_headDim);
}

/// From the projections to the q, k and v of the scores.
template <class T>
void Attention::denseInputs(Pass<T>& pass, const DenseView<T>& view, Cache<T>& cache) const {
    const std::vector<int> ofQueries{m_heads, view.queries, m_headDim}, ofKeys{m_kvHeads, view.keys, m_headDim};
    const auto tap = [&](const std::string& stage) {
        pass.tap->tensor(m_name + "." + stage + "query", ofQueries, view.q);
        pass.tap->tensor(m_name + "." + stage + "key", ofKeys, view.k);
    };
    if (m_keyNorm) {
        tap("unnormalised_");
        // code: normalise
        queryNorm().forward(pass, 1, m_heads * view.queries, view.q, 0, cache.queryNorm);
        m_keyNorm->forward(pass, 1, m_kvHeads * view.keys, view.k, 0, cache.keyNorm);
        // end code
    }
    if (m_rotary) {
        tap("unrotated_");
        // code: rotate
        rotateDense(pass, false, m_heads, view.queries, view.q);
        rotateDense(pass, false, m_kvHeads, view.keys, view.k);
        // end code
    }
    tap("");
    pass.tap->tensor(m_name + ".value", ofKeys, view.v);
}

/// Gradients of the scores' q and k -> of their projections, in place.
template <class T>
void Attention::denseInputGradients(Pass<T>& pass, const DenseView<T>& view, const Cache<T>& cache, T* dq, T* dk) const {
    const std::vector<int> ofQueries{m_heads, view.queries, m_headDim}, ofKeys{m_kvHeads, view.keys, m_headDim};
    const auto tap = [&](const std::string& stage) {
        pass.tap->gradient(m_name + "." + stage + "query", ofQueries, dq);
        pass.tap->gradient(m_name + "." + stage + "key", ofKeys, dk);
    };
    tap("");
    if (m_rotary) {
        // code: d_matrix,d_normalise,d_l_query,d_l_cross_query,d_cross_query,d_l_keys rope
        rotateDense(pass, true, m_heads, view.queries, dq);
        rotateDense(pass, true, m_kvHeads, view.keys, dk);
        // end code
        tap("unrotated_");
    }
    if (m_keyNorm) {
        // code: d_normalise
        queryNorm().backward(pass, 1, m_heads * view.queries, dq, 0, cache.queryNorm);
        m_keyNorm->backward(pass, 1, m_kvHeads * view.keys, dk, 0, cache.keyNorm);
        // end code
        tap("unnormalised_");
    }
}

template <class T>
void Attention::attendDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    Tap<T>& tap = *pass.tap;
    const std::size_t tq = static_cast<std::size_t>(queries.length), tk = static_cast<std::size_t>(keys.length);
    const std::size_t h = static_cast<std::size_t>(m_heads), g = static_cast<std::size_t>(m_kvHeads),
                      d = static_cast<std::size_t>(m_headDim);
    cache.dense = pass.take(2 * h * tq * d + 3 * g * tk * d + 3 * h * tq * tk + h * tq + h * tq * d);
    const DenseView<T> view = denseView(queries, keys, cache);
    // code: project
    splitHeads(cache.query, at.ldQuery, at.q, m_heads, view.queries, m_headDim, view.q);
    splitHeads(cache.keyValue, at.ldKeyValue, at.k, m_kvHeads, view.keys, m_headDim, view.k);
    splitHeads(cache.keyValue, at.ldKeyValue, at.v, m_kvHeads, view.keys, m_headDim, view.v);
    // end code
    denseInputs(pass, view, cache);
    if (specOf(m_kernel).features) {
        // code: phi
        pass.kernels.eluPlusOneForward(std::int64_t{m_heads} * view.queries * m_headDim, view.q, view.phiQ);
        pass.kernels.eluPlusOneForward(std::int64_t{m_kvHeads} * view.keys * m_headDim, view.k, view.phiK);
        // end code
    }
    denseScores(pass, view);
    tap.tensor(m_name + ".scores", {m_heads, view.queries, view.keys}, view.scores);
    denseWeights(pass, view);
    tap.tensor(m_name + ".weights", {m_heads, view.queries, view.keys}, view.weights);
    for (int head = 0; head < m_heads; ++head) {
        pass.goOn();
        // code: mix
        T* out = view.out + static_cast<std::ptrdiff_t>(head) * view.queries * m_headDim;
        const T* v = view.v + static_cast<std::ptrdiff_t>(head * m_kvHeads / m_heads) * view.keys * m_headDim;
        pass.kernels.gemm(view.queries, m_headDim, view.keys, view.weights + view.map(head), view.keys, v, m_headDim, out, m_headDim,
                          false);
        // end code
        if (tap.headOff(m_name, head)) std::fill_n(out, view.queries * m_headDim, T{0});
    }
    tap.tensor(m_name + ".head_output", {m_heads, view.queries, m_headDim}, view.out);
    const int mixed = m_heads * m_headDim;
    std::fill_n(cache.mixed, static_cast<std::ptrdiff_t>(view.queries) * mixed, T{0});
    addHeads(view.out, m_heads, view.queries, m_headDim, mixed, 0, cache.mixed);
}

/// Gradient of the weights -> gradient of the scores, in place.
template <class T>
void Attention::denseScoreGradient(Pass<T>& pass, const DenseView<T>& view, T* dweights) const {
    for (int h = 0; h < m_heads; ++h) {
        T* dx = dweights + view.map(h);
        const T* w = view.weights + view.map(h);
        if (pass.tap->headUniform(m_name, h)) {
            std::fill_n(dx, view.map(1), T{0});
        } else if (specOf(m_kernel).scores) {
            pass.kernels.softmaxBackward(view.queries, view.keys, T{1}, w, view.keys, dx, view.keys);
        } else if (m_kernel == KernelKind::product) {
            const T* masked = view.masked + view.map(h);
            // code: d_softmax,d_l_query,d_l_cross_query,d_cross_query product
            for (std::ptrdiff_t at = 0; at < view.map(1); ++at)
                if (std::isinf(masked[at])) dx[at] = T{0};
            // end code
        } else {
            const T* masked = view.masked + view.map(h);
            for (int i = 0; i < view.queries; ++i, dx += view.keys, w += view.keys, masked += view.keys) {
                // code: d_softmax,d_l_query,d_l_cross_query,d_cross_query linear
                T sum = 0;
                for (int j = 0; j < view.keys; ++j) sum += w[j] * dx[j];
                for (int j = 0; j < view.keys; ++j)
                    dx[j] = std::isinf(masked[j]) ? T{0} : (dx[j] - sum) / view.rowSums[h * view.queries + i];
                // end code
            }
        }
    }
}

/// KV+Pos, literally: dw_c = sum_ij dS'_ij (S_ij + P_ijc), db = sum_ij dS'_ij.
template <class T>
void Attention::densePositionMap(Pass<T>& pass, const DenseView<T>& view, const T* dscores) const {
    const GridEncoding grid(m_posDim);
    const double scale = 1.0 / std::sqrt(static_cast<double>(m_headDim));
    std::vector<double> dw(static_cast<std::size_t>(m_posDim));
    double db = 0;
    for (int h = 0; h < m_heads; ++h)
        for (int i = 0; i < view.queries; ++i)
            for (int j = 0; j < view.keys; ++j) {
                const double ds = static_cast<double>(dscores[view.map(h) + static_cast<std::ptrdiff_t>(i) * view.keys + j]);
                if (ds == 0.0) continue;
                const T* q = view.q + (static_cast<std::ptrdiff_t>(h) * view.queries + i) * m_headDim;
                const T* k = view.k + (static_cast<std::ptrdiff_t>(h * m_kvHeads / m_heads) * view.keys + j) * m_headDim;
                double score = 0;
                for (int c = 0; c < m_headDim; ++c) score += static_cast<double>(q[c]) * static_cast<double>(k[c]);
                db += ds;
                for (int c = 0; c < m_posDim; ++c) dw[static_cast<std::size_t>(c)] += ds * (score * scale + grid.channel(c, i, j));
            }
    for (int c = 0; c < m_posDim; ++c)
        pass.gradient[m_mapWeight + static_cast<std::size_t>(c)] += static_cast<T>(dw[static_cast<std::size_t>(c)]);
    pass.gradient[m_mapBias] += static_cast<T>(db);
}

template <class T>
void Attention::backwardDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed,
                              T* dquery, T* dkeyValue) const {
    const Columns at = columns();
    const auto& kernel = pass.kernels;
    Tap<T>& tap = *pass.tap;
    const DenseView<T> view = denseView(queries, keys, cache);
    const std::ptrdiff_t queryHead = static_cast<std::ptrdiff_t>(view.queries) * m_headDim,
                         keyHead = static_cast<std::ptrdiff_t>(view.keys) * m_headDim;
    T* dout = pass.take(static_cast<std::size_t>(m_heads * queryHead));
    T* dq = pass.take(static_cast<std::size_t>(m_heads * queryHead));
    T* dk = pass.take(static_cast<std::size_t>(m_kvHeads * keyHead));
    T* dv = pass.take(static_cast<std::size_t>(m_kvHeads * keyHead));
    T* dscores = pass.take(static_cast<std::size_t>(view.map(m_heads)));
    T* turned = pass.takeRows(m_headDim, view.keys);
    std::fill_n(dk, m_kvHeads * keyHead, T{0});
    std::fill_n(dv, m_kvHeads * keyHead, T{0});
    splitHeads(dmixed, m_heads * m_headDim, 0, m_heads, view.queries, m_headDim, dout);
    tap.gradient(m_name + ".head_output", {m_heads, view.queries, m_headDim}, dout);
    for (int h = 0; h < m_heads; ++h) {
        if (tap.headOff(m_name, h)) std::fill_n(dout + h * queryHead, queryHead, T{0});
        const std::ptrdiff_t group = h * m_kvHeads / m_heads;
        // code: d_weights,d_l_query,d_l_cross_query,d_cross_query
        kernel.transpose(view.keys, m_headDim, view.v + group * keyHead, m_headDim, turned, view.keys);
        kernel.gemm(view.queries, view.keys, m_headDim, dout + h * queryHead, m_headDim, turned, view.keys, dscores + view.map(h),
                    view.keys, false);
        // end code
        // code: d_value,d_l_values,d_memory_values
        kernel.gemmTransposedA(view.keys, m_headDim, view.queries, view.weights + view.map(h), view.keys, dout + h * queryHead, m_headDim,
                               dv + group * keyHead, m_headDim, true);
        // end code
    }
    tap.gradient(m_name + ".weights", {m_heads, view.queries, view.keys}, dscores);
    denseScoreGradient(pass, view, dscores);
    tap.gradient(m_name + ".scores", {m_heads, view.queries, view.keys}, dscores);
    if (form().positionMap) densePositionMap(pass, view, dscores);
    // code: d_query,d_key,d_l_query,d_l_cross_query,d_cross_query,d_l_keys,d_memory_keys
    T factor = !specOf(m_kernel).scores ? T{1} : static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim)));
    if (form().positionMap) {
        T sum = 0;
        for (int c = 0; c < m_posDim; ++c) sum += pass.weights[m_mapWeight + static_cast<std::size_t>(c)];
        factor *= sum;
    }
    kernel.scale(view.map(m_heads), factor, dscores);
    // end code
    for (int h = 0; h < m_heads; ++h) {
        const std::ptrdiff_t group = h * m_kvHeads / m_heads;
        const T* ds = dscores + view.map(h);
        // code: d_query,d_l_query,d_l_cross_query,d_cross_query
        kernel.gemm(view.queries, m_headDim, view.keys, ds, view.keys, view.phiK + group * keyHead, m_headDim, dq + h * queryHead,
                    m_headDim, false);
        // end code
        // code: d_key,d_l_keys,d_memory_keys
        kernel.gemmTransposedA(view.keys, m_headDim, view.queries, ds, view.keys, view.phiQ + h * queryHead, m_headDim,
                               dk + group * keyHead, m_headDim, true);
        // end code
    }
    if (specOf(m_kernel).features) {
        kernel.eluPlusOneBackward(m_heads * queryHead, view.q, dq, dq);
        kernel.eluPlusOneBackward(m_kvHeads * keyHead, view.k, dk, dk);
    }
    denseInputGradients(pass, view, cache, dq, dk);
    tap.gradient(m_name + ".value", {m_kvHeads, view.keys, m_headDim}, dv);
    std::fill_n(dkeyValue, static_cast<std::ptrdiff_t>(view.keys) * at.ldKeyValue, T{0});
    if (dquery != dkeyValue) std::fill_n(dquery, static_cast<std::ptrdiff_t>(view.queries) * at.ldQuery, T{0});
    addHeads(dq, m_heads, view.queries, m_headDim, at.ldQuery, at.q, dquery);
    addHeads(dk, m_kvHeads, view.keys, m_headDim, at.ldKeyValue, at.k, dkeyValue);
    addHeads(dv, m_kvHeads, view.keys, m_headDim, at.ldKeyValue, at.v, dkeyValue);
}

#define INSTANTIATE(T)                                                                                   \
    template void Attention::attendDense(Pass<T>&, const Sequences&, const Sequences&, Cache<T>&) const; \
    template void Attention::backwardDense(Pass<T>&, const Sequences&, const Sequences&, const Cache<T>&, const T*, T*, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
