// The looking path of attention: one sequence, every score, each intermediate under its name of FORMATS.md 3. Plain and literal, so that
// what is shown is what the formulas say; the training kernels are held against it by tests. What no training kernel has (stages of scores,
// sinks, dropout of weights) is trained by it, sequence by sequence; then nobody taps it.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/base/random.h"
#include "core/layers/attention/dense_view.h"
#include "core/layers/attention/linear_kernel.h"
#include "core/layers/attention/softmax_sink.h"
#include "core/layers/attention/unit_keys.h"
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

template <class T>
T* zeroed(Pass<T>& pass, std::ptrdiff_t size) {
    T* numbers = pass.take(static_cast<std::size_t>(size));
    std::fill_n(numbers, size, T{0});
    return numbers;
}

}  // namespace

template <class T>
Attention::DenseView<T> Attention::denseView(const Pass<T>& pass, const Sequences& queries, const Sequences& keys,
                                             const Cache<T>& cache) const {
    DenseView<T> view{};
    view.queries = queries.length;
    view.keys = keys.length;
    const auto take = [&view, &cache](int a, int b, int c) {
        T* part = cache.dense ? cache.dense + view.size : nullptr;
        view.size += static_cast<std::size_t>(a) * static_cast<std::size_t>(b) * static_cast<std::size_t>(c);
        return part;
    };
    view.q = take(m_heads, view.queries, m_headDim);
    view.k = take(m_kvHeads, view.keys, m_headDim);
    view.v = take(m_kvHeads, view.keys, m_headDim);
    const bool phi = kernelSpec().features;
    view.phiQ = phi ? take(m_heads, view.queries, scoreWidth()) : view.q;
    view.phiK = phi ? take(m_kvHeads, view.keys, scoreWidth()) : view.k;
    view.top = take(m_kvHeads, view.keys, 1);
    view.scores = take(m_heads, view.queries, view.keys);
    view.masked = take(m_heads, view.queries, view.keys);
    view.decay = kernelSpec().decays() ? take(m_heads, view.queries, view.keys) : nullptr;
    view.weights = take(m_heads, view.queries, view.keys);
    view.lambda = m_difference ? take(1, 1, 1) : nullptr;
    view.shares = m_difference ? take(m_heads, view.queries, view.keys) : view.weights;
    view.rowSums = take(m_heads, view.queries, 1);
    view.out = take(m_heads, view.queries, m_headDim);
    view.raw = kernelSpec().decays() ? take(m_heads, view.queries, m_headDim) : view.out;
    view.inverse = take(m_heads, view.queries, 1);
    view.before = take(static_cast<int>(m_stages.size()) * m_heads, view.queries, view.keys);
    view.keyLengths = m_unitKeys ? take(m_kvHeads, view.keys, 1) : nullptr;
    view.sunk = m_sink ? take(m_heads, view.queries, 1) : nullptr;
    view.globals = std::min(m_globals, view.queries);
    view.globalQ = take(m_heads, view.globals, m_headDim);
    view.globalK = view.globals > 0 ? take(m_kvHeads, view.keys, m_headDim) : nullptr;
    view.globalV = view.globals > 0 ? take(m_kvHeads, view.keys, m_headDim) : nullptr;
    view.dropped = dropsWeights(pass) ? take(m_heads, view.queries, view.keys) : view.weights;
    return view;
}

/// scores = literal score of every pair, before the mask.
template <class T>
void Attention::denseScores(Pass<T>& pass, const DenseView<T>& view) const {
    const auto& kernel = pass.kernels;
    const int width = scoreWidth();
    T* turned = pass.takeRows(width, view.keys);
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
        kernel.transpose(view.keys, width, view.phiK + static_cast<std::ptrdiff_t>(group) * view.keys * width, width, turned, view.keys);
        kernel.gemm(view.queries, view.keys, width, view.phiQ + static_cast<std::ptrdiff_t>(h) * view.queries * width, width, turned,
                    view.keys, s, view.keys, false);
        // end code
        if (!kernelSpec().scaled) continue;
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

template <class T>
ScoreRows<T> Attention::scoreRows(const DenseView<T>& view, int head) const {
    const T* q = view.q + static_cast<std::ptrdiff_t>(head) * view.queries * m_headDim;
    const T* k = view.k + static_cast<std::ptrdiff_t>(head * m_kvHeads / m_heads) * view.keys * m_headDim;
    return {head, 0, view.queries, view.keys, m_headDim, q, m_headDim, k, m_headDim};
}

template <class T>
void Attention::denseStages(Pass<T>& pass, const DenseView<T>& view) const {
    T* before = view.before;
    for (const auto& stage : m_stages) {
        tapTensor(pass, m_name + ".before_" + std::string(stage->name()), {m_heads, view.queries, view.keys}, view.scores);
        std::copy_n(view.scores, view.map(m_heads), before);
        before += view.map(m_heads);
        for (int h = 0; h < m_heads; ++h) stage->forward(pass, scoreRows(view, h), view.scores + view.map(h));
    }
}

/// dscores: gradient of the last stage's scores in, of the first one's input out. What stages ask of q and k is added to dq and dk, laid
/// out as the view's.
template <class T>
void Attention::denseStagesBackward(Pass<T>& pass, const DenseView<T>& view, T* dscores, T* dq, const KeyGradients<T>& keys) const {
    for (std::size_t number = m_stages.size(); number-- > 0;) {
        const ScoreStage& stage = *m_stages[number];
        const T* before = view.before + static_cast<std::ptrdiff_t>(number) * view.map(m_heads);
        for (int h = 0; h < m_heads; ++h) {
            const ScoreRows<T> rows = scoreRows(view, h);
            const std::ptrdiff_t ofGroup = rows.k - view.k;
            stage.backward(pass, rows, before + view.map(h), dscores + view.map(h),
                           {dq + (rows.q - view.q), keys.dk + ofGroup, keys.detachedK ? keys.detachedK + ofGroup : nullptr});
        }
        tapGradient(pass, m_name + ".before_" + std::string(stage.name()), {m_heads, view.queries, view.keys}, dscores);
    }
}

/// masked scores from the scores.
template <class T>
void Attention::denseMask(Pass<T>& pass, const DenseView<T>& view) const {
    static const std::vector<bool> none;
    const std::vector<bool>& hiddenKeys = m_place.ofSlots || !pass.tap ? none : pass.tap->maskedKeys(m_place.ofTargetSide);
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
    if (m_hashing) hideOtherBuckets(pass, view.k, view.keys, view.masked);
    tapTensor(pass, m_name + ".masked_scores", {m_heads, view.queries, view.keys}, view.masked);
}

/// Rows of one head's weights [Tq, Tk], masked scores in place, through the softmax. With a sink the denominator has one more share, e to
/// its logit, that falls to no key.
template <class T>
void Attention::denseSoftmax(Pass<T>& pass, const DenseView<T>& view, int head, bool even) const {
    T* w = view.shares + view.map(head);
    if (!m_sink || even) {
        pass.kernels.softmaxForward(view.queries, view.keys, T{1}, nullptr, w, view.keys);
        if (m_sink) std::fill_n(view.sunk + head * view.queries, view.queries, T{0});
        return;
    }
    const T sink = pass.weights[*m_sink + static_cast<std::size_t>(head)];
    for (int i = 0; i < view.queries; ++i, w += view.keys) view.sunk[head * view.queries + i] = softmaxWithSink(view.keys, sink, w);
}

/// Weights from the masked scores.
template <class T>
void Attention::denseWeights(Pass<T>& pass, const DenseView<T>& view) const {
    const T hidden = -std::numeric_limits<T>::infinity();
    for (int h = 0; h < m_heads; ++h) {
        pass.goOn();
        T* w = view.shares + view.map(h);
        const std::ptrdiff_t size = view.map(1);
        std::copy_n(view.masked + view.map(h), size, w);
        const bool even = isEven(pass, h);
        if (even) std::transform(w, w + size, w, [&](T x) { return x == hidden ? hidden : T{0}; });
        if (specOf(m_kernel).scores || even) {
            denseSoftmax(pass, view, h, even);
            continue;
        }
        if (!kernelSpec().rowsSumToOne) {
            // code: weights signed
            std::transform(w, w + size, w, [&](T x) { return x == hidden ? T{0} : x; });
            // end code
            // code: weights fades
            if (view.decay) std::transform(w, w + size, view.decay + view.map(h), w, std::multiplies<T>());
            // end code
            continue;
        }
        for (int i = 0; i < view.queries; ++i, w += view.keys) {
            T sum = 0;
            // code: sum features
            for (int j = 0; j < view.keys; ++j) sum += w[j] = w[j] == hidden ? T{0} : w[j];
            // end code
            T& rowSum = view.rowSums[h * view.queries + i];
            // code: weights features
            rowSum = divisorOf(m_kernel, sum);
            for (int j = 0; j < view.keys; ++j) w[j] /= rowSum;
            // end code
        }
    }
    if (m_sink) tapTensor(pass, m_name + ".sunk", {m_heads, view.queries}, view.sunk);
}

/// A map of the cells whose keys stand as they were made, or of all others; the map itself where there are none.
template <class T>
const T* Attention::partOfMap(Pass<T>& pass, const DenseView<T>& view, const T* map, bool detached) const {
    if (!m_visibility.detaches()) return map;
    T* own = pass.take(static_cast<std::size_t>(view.map(1)));
    for (int i = 0, at = 0; i < view.queries; ++i)
        for (int j = 0; j < view.keys; ++j, ++at) own[at] = m_visibility.detached(i, j, view.keys) == detached ? map[at] : T{0};
    return own;
}

/// The gradient of a tensor of keys, both parts of it together; what is replaced gives neither on.
template <class T>
void Attention::tapKeyGradient(Pass<T>& pass, const std::string& what, const std::vector<int>& shape, T* attached, T* detached) const {
    if (!pass.tap) return;
    const std::string name = m_name + "." + what;
    if (!detached) return pass.tap->gradient(name, shape, attached);
    std::size_t size = 1;
    for (const int extent : shape) size *= static_cast<std::size_t>(extent);
    T* both = pass.take(size);
    std::transform(attached, attached + size, detached, both, std::plus<T>());
    pass.tap->gradient(name, shape, attached);
    pass.tap->gradient(name, shape, detached);
    pass.tap->gradient(name, shape, both);  // the last is what is kept
}

/// The same mask on weights and on their gradient.
template <class T>
void Attention::dropWeights(Pass<T>& pass, const DenseView<T>& view, T* weights) const {
    Pass<T> drawing = pass;
    drawing.dropout.rate = m_weightDropout;
    const int rows = m_heads * view.queries;
    applyDropout(drawing, RandomStream::hash(m_name + ".weights"), {1, rows, &rows}, view.keys, weights);
}

/// A sink's share of a row is shares' as a key's weight is: d logit = -sum_i sunk_i sum_j a_ij da_ij.
template <class T>
void Attention::sinkGradient(Pass<T>& pass, const DenseView<T>& view, int head, const T* dweights) const {
    const T* w = view.weights + view.map(head);
    T total = 0;
    for (int i = 0; i < view.queries; ++i, w += view.keys, dweights += view.keys) {
        T along = 0;
        for (int j = 0; j < view.keys; ++j) along += w[j] * dweights[j];
        total -= view.sunk[head * view.queries + i] * along;
    }
    pass.gradientOf(*m_sink)[head] += total;
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
        tapTensor(pass, m_name + "." + stage + "query", ofQueries, view.q);
        if (!m_readsOthers) tapTensor(pass, m_name + "." + stage + "key", ofKeys, view.k);
    };
    if (m_queryNorm || m_keyNorm) {
        tap("unnormalised_");
        // code: normalise
        queryNorm().forward(pass, 1, m_heads * view.queries, view.q, 0, cache.queryNorm);
        if (m_keyNorm) m_keyNorm->forward(pass, 1, m_kvHeads * view.keys, view.k, 0, cache.keyNorm);
        // end code
    }
    if (m_rotary) {
        tap("unrotated_");
        // code: rotate
        rotateDense(pass, false, m_heads, view.queries, view.q);
        if (!m_readsOthers) rotateDense(pass, false, m_kvHeads, view.keys, view.k);
        // end code
    }
    if (m_unitKeys && !m_readsOthers) {
        tapTensor(pass, m_name + ".undivided_key", ofKeys, view.k);
        // code: divide
        for (int row = 0; row < m_kvHeads * view.keys; ++row) view.keyLengths[row] = divideByLength(m_headDim, view.k + row * m_headDim);
        // end code
    }
    tapTensor(pass, m_name + ".query", ofQueries, view.q);
    tapTensor(pass, m_name + ".key", ofKeys, view.k);
    tapTensor(pass, m_name + ".value", ofKeys, view.v);
}

/// To where other layers find them.
template <class T>
void Attention::shareDense(const DenseView<T>& view, const Cache<T>& cache) const {
    T* rows = const_cast<T*>(cache.shared.rows);
    std::fill_n(rows, static_cast<std::ptrdiff_t>(view.keys) * cache.shared.ld, T{0});
    addHeads(view.k, m_kvHeads, view.keys, m_headDim, cache.shared.ld, 0, rows);
    addHeads(view.v, m_kvHeads, view.keys, m_headDim, cache.shared.ld, keyWidth(), rows);
}

/// As shareGradients, of gradients laid out as the view's: who made keys and values takes before anything goes on from them, who reads
/// them gives at the end.
template <class T>
void Attention::denseSharedGradients(const DenseView<T>& view, const Cache<T>& cache, T* dk, T* dv, bool taking) const {
    if (taking ? !m_isRead : !m_readsOthers) return;
    const int width = keyWidth(), ld = 2 * width;
    T* shared = cache.shared.gradients;
    if (!taking) {
        addHeads(dk, m_kvHeads, view.keys, m_headDim, ld, 0, shared);
        addHeads(dv, m_kvHeads, view.keys, m_headDim, ld, width, shared);
        return;
    }
    for (int g = 0; g < m_kvHeads; ++g)
        for (int j = 0; j < view.keys; ++j)
            for (int c = 0; c < m_headDim; ++c, ++dk, ++dv) {
                const T* row = shared + static_cast<std::ptrdiff_t>(j) * ld + g * m_headDim + c;
                *dk += row[0];
                *dv += row[width];
            }
}

/// Gradients of the scores' q and k -> of their projections, in place.
template <class T>
void Attention::denseInputGradients(Pass<T>& pass, const DenseView<T>& view, const Cache<T>& cache, T* dq,
                                    const KeyGradients<T>& keys) const {
    const std::vector<int> ofQueries{m_heads, view.queries, m_headDim}, ofKeys{m_kvHeads, view.keys, m_headDim};
    const auto tap = [&](const std::string& stage) {
        tapGradient(pass, m_name + "." + stage + "query", ofQueries, dq);
        if (!m_readsOthers) tapKeyGradient(pass, stage + "key", ofKeys, keys.dk, keys.detachedK);
    };
    tapGradient(pass, m_name + ".query", ofQueries, dq);
    tapKeyGradient(pass, "key", ofKeys, keys.dk, keys.detachedK);
    if (m_unitKeys && !m_readsOthers) {
        keys.each([&](T* dk) {
            // code: d_divide,d_l_keys unit
            for (int row = 0; row < m_kvHeads * view.keys; ++row)
                divideByLengthBackward(m_headDim, view.k + row * m_headDim, view.keyLengths[row], dk + row * m_headDim);
            // end code
        });
        tapKeyGradient(pass, "undivided_key", ofKeys, keys.dk, keys.detachedK);
    }
    if (m_rotary) {
        // code: d_matrix,d_normalise,d_l_query,d_l_cross_query,d_cross_query,d_l_keys rope
        rotateDense(pass, true, m_heads, view.queries, dq);
        if (!m_readsOthers) keys.each([&](T* dk) { rotateDense(pass, true, m_kvHeads, view.keys, dk); });
        // end code
        tap("unrotated_");
    }
    if (m_queryNorm || m_keyNorm) {
        // code: d_normalise
        queryNorm().backward(pass, 1, m_heads * view.queries, dq, 0, cache.queryNorm);
        if (m_keyNorm) keys.each([&](T* dk) { m_keyNorm->backward(pass, 1, m_kvHeads * view.keys, dk, 0, cache.keyNorm); });
        // end code
        tap("unnormalised_");
    }
}

template <class T>
void Attention::attendDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    cache.dense = nullptr;
    cache.dense = pass.take(denseView(pass, queries, keys, cache).size);
    const DenseView<T> view = denseView(pass, queries, keys, cache);
    // code: project
    splitHeads(cache.query, at.ldQuery, at.q, m_heads, view.queries, m_headDim, view.q);
    splitHeads(cache.keyValue, at.ldKeyValue, at.k, m_kvHeads, view.keys, m_headDim, view.k);
    splitHeads(cache.keyValue, at.ldKeyValue, at.v, m_kvHeads, view.keys, m_headDim, view.v);
    // end code
    denseInputs(pass, view, cache);
    if (m_isRead) shareDense(view, cache);
    if (m_features) {
        denseFeatures(pass, view);
    } else if (kernelSpec().features) {
        // code: phi linear
        pass.kernels.eluPlusOneForward(std::int64_t{m_heads} * view.queries * m_headDim, view.q, view.phiQ);
        pass.kernels.eluPlusOneForward(std::int64_t{m_kvHeads} * view.keys * m_headDim, view.k, view.phiK);
        // end code
    }
    denseScores(pass, view);
    denseTops(view, view.scores);
    denseDecay(pass, view, cache.fading);
    if (view.globals > 0) globalScores(pass, view, cache);
    denseStages(pass, view);
    tapTensor(pass, m_name + ".scores", {m_heads, view.queries, view.keys}, view.scores);
    denseMask(pass, view);
    denseWeights(pass, view);
    denseDifference(pass, view);
    tapTensor(pass, m_name + ".weights", {m_heads, view.queries, view.keys}, view.weights);
    tapExactWeights(pass, view);
    if (dropsWeights(pass)) {
        std::copy_n(view.weights, view.map(m_heads), view.dropped);
        dropWeights(pass, view, view.dropped);
    }
    for (int head = 0; head < m_heads; ++head) {
        pass.goOn();
        // code: mix
        T* out = view.raw + static_cast<std::ptrdiff_t>(head) * view.queries * m_headDim;
        const T* v = view.v + static_cast<std::ptrdiff_t>(head * m_kvHeads / m_heads) * view.keys * m_headDim;
        pass.kernels.gemm(view.queries, m_headDim, view.keys, view.dropped + view.map(head), view.keys, v, m_headDim, out, m_headDim,
                          false);
        // end code
        if (view.globals > 0) globalMix(pass, view, head);
    }
    if (kernelSpec().decays()) {
        tapTensor(pass, m_name + ".unnormalised_head_output", {m_heads, view.queries, m_headDim}, view.raw);
        normaliseHeads(pass, m_heads * view.queries, view.raw, view.inverse, view.out);
    }
    for (int head = 0; pass.tap && !m_difference && head < m_heads; ++head)
        if (pass.tap->headOff(m_name, head))
            std::fill_n(view.out + static_cast<std::ptrdiff_t>(head) * view.queries * m_headDim, view.queries * m_headDim, T{0});
    tapTensor(pass, m_name + ".head_output", {m_heads, view.queries, m_headDim}, view.out);
    const int mixed = m_heads * m_headDim;
    std::fill_n(cache.mixed, static_cast<std::ptrdiff_t>(view.queries) * mixed, T{0});
    addHeads(view.out, m_heads, view.queries, m_headDim, mixed, 0, cache.mixed);
}

/// Gradient of the weights -> gradient of the scores, in place.
template <class T>
void Attention::denseScoreGradient(Pass<T>& pass, const DenseView<T>& view, T* dweights, T* ddecay) const {
    for (int h = 0; h < m_heads; ++h) {
        T* dx = dweights + view.map(h);
        const T* w = view.shares + view.map(h);
        if (isEven(pass, h)) {
            std::fill_n(dx, view.map(1), T{0});
            if (ddecay) std::fill_n(ddecay + view.map(h), view.map(1), T{0});
        } else if (ddecay) {
            denseDecayBackward(view, h, dx, ddecay + view.map(h));
        } else if (specOf(m_kernel).scores) {
            if (m_sink) sinkGradient(pass, view, h, dx);
            pass.kernels.softmaxBackward(view.queries, view.keys, T{1}, w, view.keys, dx, view.keys);
        } else if (!kernelSpec().rowsSumToOne) {
            const T* masked = view.masked + view.map(h);
            // code: d_softmax,d_l_query,d_l_cross_query,d_cross_query product
            for (std::ptrdiff_t at = 0; at < view.map(1); ++at)
                if (std::isinf(masked[at])) dx[at] = T{0};
            // end code
        } else {
            const T* masked = view.masked + view.map(h);
            for (int i = 0; i < view.queries; ++i, dx += view.keys, w += view.keys, masked += view.keys) {
                // code: d_softmax,d_l_query,d_l_cross_query,d_cross_query features
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
    for (int c = 0; c < m_posDim; ++c) pass.gradientOf(m_mapWeight)[c] += static_cast<T>(dw[static_cast<std::size_t>(c)]);
    *pass.gradientOf(m_mapBias) += static_cast<T>(db);
}

template <class T>
void Attention::backwardDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed,
                              T* dquery, T* dkeyValue, T* ddetached) const {
    const Columns at = columns();
    const auto& kernel = pass.kernels;
    const DenseView<T> view = denseView(pass, queries, keys, cache);
    const std::ptrdiff_t queryHead = static_cast<std::ptrdiff_t>(view.queries) * m_headDim,
                         keyHead = static_cast<std::ptrdiff_t>(view.keys) * m_headDim;
    T* dout = pass.take(static_cast<std::size_t>(m_heads * queryHead));
    T* dq = pass.take(static_cast<std::size_t>(m_heads * queryHead));
    const auto ofKeys = [&](bool there) { return there ? zeroed(pass, m_kvHeads * keyHead) : nullptr; };
    const bool detaches = ddetached != nullptr;
    const KeyGradients<T> gradients{ofKeys(true), ofKeys(true), ofKeys(detaches), ofKeys(detaches)};
    T* dscores = pass.take(static_cast<std::size_t>(view.map(m_heads)));
    T* turned = pass.takeRows(m_headDim, view.keys);
    splitHeads(dmixed, m_heads * m_headDim, 0, m_heads, view.queries, m_headDim, dout);
    tapGradient(pass, m_name + ".head_output", {m_heads, view.queries, m_headDim}, dout);
    const GlobalGradient<T> global = globalGradient(pass, view);
    for (int h = 0; h < m_heads; ++h) {
        if (pass.tap && !m_difference && pass.tap->headOff(m_name, h)) std::fill_n(dout + h * queryHead, queryHead, T{0});
        if (kernelSpec().decays())
            normaliseHeadsBackward(view.queries, view.raw + h * queryHead, view.inverse + h * view.queries, dout + h * queryHead);
    }
    if (kernelSpec().decays()) tapGradient(pass, m_name + ".unnormalised_head_output", {m_heads, view.queries, m_headDim}, dout);
    for (int h = 0; h < m_heads; ++h) {
        takeGlobalRows(view, m_headDim, dout + h * queryHead, global.dout, h);
        const std::ptrdiff_t group = h * m_kvHeads / m_heads;
        // code: d_weights,d_l_query,d_l_cross_query,d_cross_query
        kernel.transpose(view.keys, m_headDim, view.v + group * keyHead, m_headDim, turned, view.keys);
        kernel.gemm(view.queries, view.keys, m_headDim, dout + h * queryHead, m_headDim, turned, view.keys, dscores + view.map(h),
                    view.keys, false);
        // end code
        // code: d_value,d_l_values,d_memory_values
        kernel.gemmTransposedA(view.keys, m_headDim, view.queries, partOfMap(pass, view, view.dropped + view.map(h), false), view.keys,
                               dout + h * queryHead, m_headDim, gradients.dv + group * keyHead, m_headDim, true);
        // end code
        // code: d_value keeps
        if (detaches)
            kernel.gemmTransposedA(view.keys, m_headDim, view.queries, partOfMap(pass, view, view.dropped + view.map(h), true), view.keys,
                                   dout + h * queryHead, m_headDim, gradients.detachedV + group * keyHead, m_headDim, true);
        // end code
        if (view.globals > 0) globalMixBackward(pass, view, global, h, dscores);
    }
    if (dropsWeights(pass)) dropWeights(pass, view, dscores);
    tapGradient(pass, m_name + ".weights", {m_heads, view.queries, view.keys}, dscores);
    denseDifferenceBackward(pass, view, dscores);
    T* ddecay = kernelSpec().decays() ? pass.take(static_cast<std::size_t>(view.map(m_heads))) : nullptr;
    denseScoreGradient(pass, view, dscores, ddecay);
    if (ddecay) {
        tapGradient(pass, m_name + ".decay", {m_heads, view.queries, view.keys}, ddecay);
        addKeptGradients(view, cache.fading, ddecay);
    }
    tapGradient(pass, m_name + ".scores", {m_heads, view.queries, view.keys}, dscores);
    std::fill_n(dq, m_heads * queryHead, T{0});
    denseStagesBackward(pass, view, dscores, dq, gradients);
    if (form().positionMap) densePositionMap(pass, view, dscores);
    // code: d_query,d_key,d_l_query,d_l_cross_query,d_cross_query,d_l_keys,d_memory_keys
    T factor = !kernelSpec().scaled ? T{1} : static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim)));
    if (form().positionMap) {
        T sum = 0;
        for (int c = 0; c < m_posDim; ++c) sum += pass.weights[m_mapWeight + static_cast<std::size_t>(c)];
        factor *= sum;
    }
    kernel.scale(view.map(m_heads), factor, dscores);
    // end code
    denseTops(view, dscores);
    const int width = scoreWidth();
    const std::ptrdiff_t queryScored = static_cast<std::ptrdiff_t>(view.queries) * width,
                         keyScored = static_cast<std::ptrdiff_t>(view.keys) * width;
    T *dphiQ = m_features ? zeroed(pass, m_heads * queryScored) : dq,
      *dphiK = m_features ? zeroed(pass, m_kvHeads * keyScored) : gradients.dk;
    T* detachedPhiK = m_features && detaches ? zeroed(pass, m_kvHeads * keyScored) : gradients.detachedK;
    for (int h = 0; h < m_heads; ++h) takeGlobalRows(view, view.keys, dscores + view.map(h), global.ds, h);
    for (int h = 0; h < m_heads; ++h) {
        const std::ptrdiff_t group = h * m_kvHeads / m_heads;
        const T* ds = dscores + view.map(h);
        // code: d_query,d_l_query,d_l_cross_query,d_cross_query
        kernel.gemm(view.queries, width, view.keys, ds, view.keys, view.phiK + group * keyScored, width, dphiQ + h * queryScored, width,
                    true);
        // end code
        // code: d_key,d_l_keys,d_memory_keys
        kernel.gemmTransposedA(view.keys, width, view.queries, partOfMap(pass, view, ds, false), view.keys, view.phiQ + h * queryScored,
                               width, dphiK + group * keyScored, width, true);
        // end code
        // code: d_key keeps
        if (detaches)
            kernel.gemmTransposedA(view.keys, width, view.queries, partOfMap(pass, view, ds, true), view.keys, view.phiQ + h * queryScored,
                                   width, detachedPhiK + group * keyScored, width, true);
        // end code
    }
    if (m_features) {
        denseFeaturesBackward(pass, view, dphiQ, dphiK, dq, gradients.dk);
        if (detaches) denseFeaturesBackward(pass, view, static_cast<T*>(nullptr), detachedPhiK, dq, gradients.detachedK);
    } else if (kernelSpec().features) {
        kernel.eluPlusOneBackward(m_heads * queryHead, view.q, dq, dq);
        gradients.each([&](T* dk) { kernel.eluPlusOneBackward(m_kvHeads * keyHead, view.k, dk, dk); });
    }
    denseSharedGradients(view, cache, gradients.dk, gradients.dv, true);
    denseInputGradients(pass, view, cache, dq, gradients);
    tapKeyGradient(pass, "value", {m_kvHeads, view.keys, m_headDim}, gradients.dv, gradients.detachedV);
    denseSharedGradients(view, cache, gradients.dk, gradients.dv, false);
    std::fill_n(dkeyValue, static_cast<std::ptrdiff_t>(view.keys) * at.ldKeyValue, T{0});
    if (dquery != dkeyValue) std::fill_n(dquery, static_cast<std::ptrdiff_t>(view.queries) * at.ldQuery, T{0});
    addHeads(dq, m_heads, view.queries, m_headDim, at.ldQuery, at.q, dquery);
    addHeads(gradients.dk, m_kvHeads, view.keys, m_headDim, at.ldKeyValue, at.k, dkeyValue);
    addHeads(gradients.dv, m_kvHeads, view.keys, m_headDim, at.ldKeyValue, at.v, dkeyValue);
    if (detaches) addHeads(gradients.detachedK, m_kvHeads, view.keys, m_headDim, at.ldKeyValue, at.k, ddetached);
    if (detaches) addHeads(gradients.detachedV, m_kvHeads, view.keys, m_headDim, at.ldKeyValue, at.v, ddetached);
    if (view.globals > 0) globalScoresBackward(pass, view, global, dkeyValue);
}

/// The looking path for each sequence by itself.
template <class T>
void Attention::attendLiteral(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    const int firstSample = pass.dropout.firstSample;
    cache.each = pass.scratch.arena.template take<Cache<T>>(static_cast<std::size_t>(queries.count));
    for (int s = 0; s < queries.count; ++s) {
        const Arena::Mark before = pass.scratch.arena.mark();
        Cache<T>& own = *new (cache.each + s) Cache<T>();
        own.query = cache.query + static_cast<std::ptrdiff_t>(s) * queries.length * at.ldQuery;
        own.keyValue = cache.keyValue + static_cast<std::ptrdiff_t>(s) * keys.length * at.ldKeyValue;
        if (m_decay) {
            const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(s) * queries.length * m_heads;
            own.fading = {cache.fading.logits + first, cache.fading.kept + first, cache.fading.gradients + first};
        }
        own.mixed = cache.mixed + static_cast<std::ptrdiff_t>(s) * queries.length * m_heads * m_headDim;
        own.shared = cache.shared;
        if (m_isRead) own.shared.rows += static_cast<std::ptrdiff_t>(s) * keys.length * own.shared.ld;
        pass.dropout.firstSample = firstSample + s;
        attendDense(pass, {1, queries.lengths[s], queries.lengths + s}, {1, keys.lengths[s], keys.lengths + s}, own);
        if (!pass.gradient) pass.scratch.arena.rewind(before);
    }
    pass.dropout.firstSample = firstSample;
}

template <class T>
void Attention::backwardLiteral(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed,
                                T* dquery, T* dkeyValue, T* ddetached) const {
    const Columns at = columns();
    const int firstSample = pass.dropout.firstSample;
    for (int s = 0; s < queries.count; ++s) {
        pass.dropout.firstSample = firstSample + s;
        const std::ptrdiff_t queryRow = static_cast<std::ptrdiff_t>(s) * queries.length,
                             keyRow = static_cast<std::ptrdiff_t>(s) * keys.length;
        const Arena::Mark before = pass.scratch.arena.mark();
        if (cache.shared.gradients) cache.each[s].shared.gradients = cache.shared.gradients + keyRow * 2 * keyWidth();
        backwardDense(pass, {1, queries.lengths[s], queries.lengths + s}, {1, keys.lengths[s], keys.lengths + s}, cache.each[s],
                      dmixed + queryRow * m_heads * m_headDim, dquery + queryRow * at.ldQuery, dkeyValue + keyRow * at.ldKeyValue,
                      ddetached ? ddetached + keyRow * at.ldKeyValue : nullptr);
        pass.scratch.arena.rewind(before);
    }
    pass.dropout.firstSample = firstSample;
}

#define INSTANTIATE(T)                                                                                                                   \
    template void Attention::attendLiteral(Pass<T>&, const Sequences&, const Sequences&, Cache<T>&) const;                               \
    template void Attention::backwardLiteral(Pass<T>&, const Sequences&, const Sequences&, const Cache<T>&, const T*, T*, T*, T*) const; \
    template void Attention::attendDense(Pass<T>&, const Sequences&, const Sequences&, Cache<T>&) const;                                 \
    template void Attention::backwardDense(Pass<T>&, const Sequences&, const Sequences&, const Cache<T>&, const T*, T*, T*, T*) const;   \
    template void Attention::tapKeyGradient(Pass<T>&, const std::string&, const std::vector<int>&, T*, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
