// Attention of one more token over stored keys and values: decoding without computing the past again.

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "core/layers/attention/attention.h"
#include "core/layers/attention/linear_kernel.h"
#include "core/layers/attention/softmax_sink.h"
#include "core/layers/attention/unit_keys.h"
#include "core/layers/position/sinusoidal.h"

namespace lab {
namespace {

/// phi(x) = elu(x) + 1 of n values.
template <class T>
const T* phiOf(Pass<T>& pass, const T* x, int n) {
    T* y = pass.takeRows(1, n);
    pass.kernels.eluPlusOneForward(n, x, y);
    return y;
}

/// Drawn features of each of the vectors that stand side by side in rows of x: [rows, vectors * features]. Of keys `top` [vectors, rows]
/// gets what was subtracted; of queries it is null.
template <class T>
const T* drawnOf(Pass<T>& pass, const RandomFeatures& features, int rows, int vectors, int headDim, const T* x, int ldx, T* top) {
    const int ld = vectors * features.width();
    T* phi = pass.takeRows(rows, ld);
    for (int v = 0; v < vectors; ++v) {
        T* own = phi + v * features.width();
        features.exponents(pass, rows, x + v * headDim, ldx, own, ld);
        if (top)
            features.ofKeys(pass, rows, true, own, ld, top + static_cast<std::ptrdiff_t>(v) * rows);
        else
            features.ofQueries(pass, rows, own, ld);
    }
    return phi;
}

}  // namespace

/// Rows of positions position .. position + count - 1 of a sequence of `length` tokens.
template <class T>
void Attention::rotateAt(Pass<T>& pass, int position, int count, int length, T* x, int ldx, int heads) const {
    if (!m_rotary) return;
    const auto view = m_rotary->view(pass, position, count, length);
    for (int h = 0; h < heads; ++h) m_rotary->rotate(pass.kernels, view, count, false, x + h * m_headDim, ldx);
}

/// Keys, not yet normed or rotated, and values of stored tokens from `skipped` on, [count, kvHeads * head_dim] each, made anew of what form
/// latent keeps.
template <class T>
std::pair<T*, const T*> Attention::expandStored(Pass<T>& pass, const KeyValueStore<T>& store, int skipped, int count) const {
    const int width = m_kvHeads * m_headDim;
    T* both = pass.takeRows(count, 2 * width);
    T* keys = pass.takeRows(count, width);
    T* values = pass.takeRows(count, width);
    m_latent->expand(pass, count, store.keys.data() + std::ptrdiff_t{skipped} * m_latent->kept(), m_latent->kept(), both, 2 * width);
    for (int r = 0; r < count; ++r, both += 2 * width) {
        std::copy_n(both, width, keys + static_cast<std::ptrdiff_t>(r) * width);
        std::copy_n(both + width, width, values + static_cast<std::ptrdiff_t>(r) * width);
    }
    return {keys, values};
}

/// What is stored of these places, as whoever reads it does before features.
template <class T>
Attention::StoredRows<T> Attention::storedKeys(Pass<T>& pass, int length, const KeyValueStore<T>& store, KeyRange places) const {
    const int width = m_kvHeads * m_headDim, skipped = places.begin - store.first, count = places.end - places.begin;
    const T* keys = store.keys.data() + std::ptrdiff_t{skipped} * width;
    const T* values = (form().ownValue ? store.values.data() : store.keys.data()) + std::ptrdiff_t{skipped} * width;
    if (!form().ownValue || m_latent || m_unitKeys) {
        T* own = nullptr;
        if (m_latent) {
            std::tie(own, values) = expandStored(pass, store, skipped, count);
        } else {
            own = pass.takeRows(count, width);
            std::copy_n(keys, static_cast<std::ptrdiff_t>(count) * width, own);
        }
        HeadNorm::Cache<T> cache;
        const bool asProjected = !form().ownValue || m_latent;
        if (asProjected && m_keyNorm) m_keyNorm->forward(pass, count, m_kvHeads, own, width, cache);
        if (asProjected) rotateAt(pass, places.begin, count, length, own, width, m_kvHeads);
        for (int part = 0; m_unitKeys && part < count * m_kvHeads; ++part) divideByLength(m_headDim, own + part * m_headDim);
        keys = own;
    }
    return {keys, keys, values};
}

/// The keys through features; `top` [kvHeads, keys] is of drawn ones.
template <class T>
void Attention::mapStored(Pass<T>& pass, int count, StoredRows<T>& rows, T* top) const {
    if (m_features)
        rows.keys = drawnOf(pass, *m_features, count, m_kvHeads, m_headDim, rows.unmapped, keyWidth(), top);
    else if (kernelSpec().features)
        rows.keys = phiOf(pass, rows.unmapped, count * keyWidth());
}

/// KV+Pos: what a query's own place and the map's bias add to all its scores.
template <class T>
T Attention::rowTerm(Pass<T>& pass, int position) const {
    const GridEncoding grid(m_posDim);
    double sum = static_cast<double>(pass.weights[m_mapBias]);
    for (int c = 0; c < grid.rowChannels(); ++c)
        sum += static_cast<double>(pass.weights[m_mapWeight + static_cast<std::size_t>(c)]) * grid.channel(c, position, 0);
    return static_cast<T>(sum);
}

/// Of one query the scores q k of the first `seen` keys that it is shown, which become its weights; `rows` is what its stages are told.
template <class T>
void Attention::weighStored(Pass<T>& pass, int position, int seen, const LshPairs* pairs, const ScoreTerms<T>& terms,
                            const ScoreRows<T>& rows, T* weights) const {
    const int first = rows.firstKey;
    const auto sees = [&](int j) {
        return m_visibility.mayAttend(position, first + j, first + seen) && (!pairs || pairs->mayAttend(position, first + j));
    };
    if (kernelSpec().features) {
        T sum = 0;
        for (int j = 0; j < seen; ++j) sum += weights[j] = sees(j) ? weights[j] : T{0};
        return pass.kernels.scale(seen, T{1} / divisorOf(m_kernel, sum), weights);
    }
    if (!kernelSpec().rowsSumToOne) {
        for (int j = 0; j < seen; ++j)
            if (!sees(j)) weights[j] = 0;
        return;
    }
    const T ofRow = needsRowTerm() ? rowTerm(pass, position) : T{0};
    const bool all = m_visibility.isPlain() && m_stages.empty() && !m_sink;
    if (all && terms.slope == T{0}) return pass.kernels.softmaxForward(1, seen, terms.factor, terms.columnBias, weights, seen);
    for (int j = 0; j < seen; ++j) {
        weights[j] = terms.factor * weights[j] + (terms.columnBias ? terms.columnBias[first + j] : T{0}) -
                     terms.slope * static_cast<T>(std::abs(position - first - j)) + ofRow;
    }
    for (const auto& stage : m_stages) stage->forward(pass, rows, weights);
    for (int j = 0; j < seen; ++j)
        if (!sees(j)) weights[j] = -std::numeric_limits<T>::infinity();
    if (m_sink) {
        softmaxWithSink(seen, pass.weights[*m_sink + static_cast<std::size_t>(rows.head)], weights);
        return;
    }
    pass.kernels.softmaxForward(1, seen, T{1}, nullptr, weights, seen);
}

/// q [rows, ldQuery] -> mixed [rows, heads * head_dim]
template <class T>
void Attention::attendStored(Pass<T>& pass, int position, int rows, int length, const T* q, const KeyValueStore<T>& store,
                             const Attention& owner, T* mixed) const {
    const auto& kernel = pass.kernels;
    const int width = m_kvHeads * m_headDim, mixedWidth = m_heads * m_headDim, scored = scoreWidth();
    const int first = forgets() ? keysSeen(pass, position, position, position + 1).begin : 0;
    const int keys = forgets() ? position + rows - first : store.tokens;
    T* turned = pass.takeRows(scored, keys);
    T* columnBias = pass.takeRows(1, first + keys);
    const int maps = m_difference ? 2 : 1;
    T* weights = pass.takeRows(maps * rows, keys);
    const std::ptrdiff_t map = static_cast<std::ptrdiff_t>(rows) * keys;
    int ldq = columns().ldQuery;
    if (m_features) {
        q = drawnOf<T>(pass, *m_features, rows, m_heads, m_headDim, q, ldq, nullptr);
        ldq = m_heads * scored;
    } else if (kernelSpec().features) {
        T* phi = pass.takeRows(rows, mixedWidth);
        for (int r = 0; r < rows; ++r) kernel.eluPlusOneForward(mixedWidth, q + static_cast<std::ptrdiff_t>(r) * ldq, phi + r * mixedWidth);
        q = phi;
        ldq = mixedWidth;
    }
    T* top = pass.takeRows(m_kvHeads, keys);
    StoredRows<T> stored = owner.storedKeys(pass, length, store, {first, first + keys});
    mapStored(pass, keys, stored, top);
    (void)scoreTerms(pass, first + keys, 0, columnBias);
    int turnedGroup = -1;
    for (int h = 0; h < m_heads; ++h) {
        const int group = h * m_kvHeads / m_heads;
        const T* ownKeys = stored.keys + group * scored;
        T* own = weights + h % maps * map;
        if (rows == 1) {
            kernel.gemmByRows(rows, keys, scored, q + h * scored, ldq, ownKeys, m_kvHeads * scored, own, keys, {});
        } else {
            if (group != turnedGroup) kernel.transpose(keys, scored, ownKeys, m_kvHeads * scored, turned, keys);
            turnedGroup = group;
            kernel.gemm(rows, keys, scored, q + h * scored, ldq, turned, keys, own, keys, false);
        }
        const ScoreTerms<T> terms = scoreTerms(pass, 0, h, columnBias);
        std::optional<LshPairs> pairs;
        if (m_hashing) pairs = m_hashing->pairs(h, stored.unmapped + group * m_headDim, width, keys, m_headDim);
        for (int r = 0; r < rows; ++r) {
            T* row = own + static_cast<std::ptrdiff_t>(r) * keys;
            const int seen = m_place.cross ? keys : position + r + 1 - first;
            const ScoreRows<T> asked{
                h,       position + r,       1,    seen, scored, q + static_cast<std::ptrdiff_t>(r) * ldq + h * scored, ldq,
                ownKeys, m_kvHeads * scored, first};
            if (m_features) scoresOfStored(seen, top + static_cast<std::ptrdiff_t>(group) * keys, row);
            weighStored(pass, position + r, seen, pairs ? &*pairs : nullptr, terms, asked, row);
            std::fill(row + seen, row + keys, T{0});
        }
        if (h % maps < maps - 1) continue;
        if (m_difference) {
            const T lambda = m_difference->lambda(pass.weights, m_headDim);
            for (std::ptrdiff_t at = 0; at < map; ++at) weights[at] -= lambda * own[at];
        }
        for (int mixing = h - maps + 1; mixing <= h; ++mixing)
            kernel.gemm(rows, m_headDim, keys, weights, keys, stored.values + mixing * m_kvHeads / m_heads * m_headDim, width,
                        mixed + mixing * m_headDim, mixedWidth, false);
    }
}

template <class T>
void Attention::storeMemory(Pass<T>& pass, int rows, const T* memory, KeyValueStore<T>& store) const {
    const int width = m_kvHeads * m_headDim;
    T* projection = pass.takeRows(rows, 2 * width);
    m_input.forward(pass, rows, memory, projection, 2 * width);
    for (int r = 0; r < rows; ++r, projection += 2 * width) {
        store.keys.insert(store.keys.end(), projection, projection + width);
        store.values.insert(store.values.end(), projection + width, projection + 2 * width);
    }
    store.tokens = rows;
}

/// Form latent keeps what keys and values are made of.
template <class T>
void Attention::appendLatent(Pass<T>& pass, int position, int rows, int length, const T* x, T* query, KeyValueStore<T>& store) const {
    const Columns at = columns();
    const int ld = m_input.out();
    T* narrow = pass.takeRows(rows, ld);
    m_input.forward(pass, rows, x, narrow, ld);
    for (int r = 0; r < rows; ++r) {
        const T* row = narrow + static_cast<std::ptrdiff_t>(r) * ld;
        std::copy_n(row, at.k, query + static_cast<std::ptrdiff_t>(r) * at.ldQuery);
        store.keys.insert(store.keys.end(), row + at.k, row + at.k + m_latent->kept());
    }
    if (m_queryNorm) {
        HeadNorm::Cache<T> cache;
        m_queryNorm->forward(pass, rows, m_heads, query + at.q, at.ldQuery, cache);
    }
    rotateAt(pass, position, rows, length, query, at.ldQuery, m_heads);
    store.tokens += rows;
}

/// Projects x into `query` [rows, ldQuery] and appends what the queries to come read.
template <class T>
void Attention::appendKeys(Pass<T>& pass, int position, int rows, int length, const T* x, T* query, KeyValueStore<T>& store) const {
    const Columns at = columns();
    const int width = m_kvHeads * m_headDim;
    const auto keep = [&](std::vector<T>& kept, int column) {
        if (kernelSpec().decays()) return;
        for (int r = 0; r < rows; ++r) {
            const T* row = query + static_cast<std::ptrdiff_t>(r) * at.ldQuery + column;
            kept.insert(kept.end(), row, row + width);
        }
    };
    if (m_latent) return appendLatent(pass, position, rows, length, x, query, store);
    (void)projectInput(pass, rows, x, query);
    if (!form().ownValue) keep(store.keys, at.k);
    Cache<T> cache;
    cache.query = cache.keyValue = query;
    normalise(pass, rows, cache);
    rotateAt(pass, position, rows, length, query, at.ldQuery, at.v / m_headDim);
    if (form().ownValue) {
        keep(store.keys, at.k);
        keep(store.values, at.v);
    }
    store.tokens += rows;
}

template <class T>
void Attention::forget(int first, KeyValueStore<T>& store) const {
    const int gone = first - store.first;
    if (gone <= 0) return;
    const std::ptrdiff_t numbers = std::ptrdiff_t{gone} * (m_latent ? m_latent->kept() : m_kvHeads * m_headDim);
    store.keys.erase(store.keys.begin(), store.keys.begin() + numbers);
    if (form().ownValue && !m_latent) store.values.erase(store.values.begin(), store.values.begin() + numbers);
    store.first += gone;
    store.tokens -= gone;
}

/// Projects x into the queries of `query` [rows, ldQuery], normalised and rotated.
template <class T>
void Attention::makeQueries(Pass<T>& pass, int position, int rows, int length, const T* x, T* query) const {
    const Columns at = columns();
    (void)projectInput(pass, rows, x, query);
    HeadNorm::Cache<T> cache;
    if (m_queryNorm) m_queryNorm->forward(pass, rows, m_heads, query + at.q, at.ldQuery, cache);
    rotateAt(pass, position, rows, length, query, at.ldQuery, m_heads);
}

template <class T>
void Attention::step(Pass<T>& pass, int position, int rows, int length, const T* x, KeyValueStore<T>& store, T* y,
                     const Attention& owner) const {
    const Columns at = columns();
    T* query = pass.takeRows(rows, at.ldQuery);
    if (m_readsOthers)
        makeQueries(pass, position, rows, length, x, query);
    else if (m_query)
        m_query->forward(pass, rows, x, query, at.ldQuery);
    else
        appendKeys(pass, position, rows, length, x, query, store);
    T* mixed = pass.takeRows(rows, m_heads * m_headDim);
    if (kernelSpec().decays()) {
        attendState(pass, rows, x, query, store, mixed);
    } else if (forgets()) {  // one by one, so that what a query is shown does not depend on those beside it
        for (int r = 0; r < rows; ++r)
            attendStored(pass, position + r, 1, length, query + at.q + std::ptrdiff_t{r} * at.ldQuery, store, owner,
                         mixed + std::ptrdiff_t{r} * m_heads * m_headDim);
    } else {
        attendStored(pass, position, rows, length, query + at.q, store, owner, mixed);
    }
    if (m_globals > 0) stepGlobals(pass, position, rows, length, query, store, mixed);
    Cache<T> gated;
    if (m_difference) normalisePairs(pass, rows, mixed, gated);
    if (m_gate) openGate(pass, rows, x, mixed, gated);
    m_output.forward(pass, rows, mixed, y, m_d);
}

template void Attention::rotateAt(Pass<float>&, int, int, int, float*, int, int) const;
template void Attention::weighStored(Pass<float>&, int, int, const LshPairs*, const ScoreTerms<float>&, const ScoreRows<float>&,
                                     float*) const;
template void Attention::step(Pass<float>&, int, int, int, const float*, KeyValueStore<float>&, float*, const Attention&) const;
template void Attention::forget(int, KeyValueStore<float>&) const;
template void Attention::storeMemory(Pass<float>&, int, const float*, KeyValueStore<float>&) const;

}  // namespace lab
