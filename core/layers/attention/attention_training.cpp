// The training path of attention: for every head of every sequence the kernel that serves its form.

#include <algorithm>
#include <cmath>

#include "core/base/as_size.h"
#include "core/layers/attention/attention.h"
#include "core/layers/attention/running_sums.h"
#include "core/layers/attention/tile_attention.h"
#include "core/layers/position/sinusoidal.h"

namespace lab {
Attention::TrainingKernel Attention::trainingKernel() const {
    const bool sharesOfScores = kernelSpec().scores && !form().positionMap && !m_sink && !m_difference && m_weightDropout == 0;
    const bool ofCommonKeys = !m_unitKeys && m_globals == 0;
    if (m_literal) return forgets() && sharesOfScores && ofCommonKeys ? TrainingKernel::bands : TrainingKernel::literal;
    if (m_features) return TrainingKernel::drawnFeatures;
    if (!m_visibility.isPlain() || !kernelSpec().rowsSumToOne) return TrainingKernel::tiles;
    return kernelSpec().features ? TrainingKernel::runningSums : TrainingKernel::fused;
}

template <class T>
void Attention::positionMapGradient(Pass<T>& pass, int keys, const PositionMapSums<T>& sums) const {
    const GridEncoding grid(m_posDim);
    const double product = sums.scoreProduct / std::sqrt(static_cast<double>(m_headDim));
    T* dw = pass.gradientOf(m_mapWeight);
    for (int c = 0; c < m_posDim; ++c) {
        double total = product;
        if (c >= grid.rowChannels())
            for (int j = 0; j < keys; ++j) total += static_cast<double>(sums.columns[j]) * grid.channel(c, 0, j);
        dw[c] += static_cast<T>(total);
    }
}

template <class T>
HeadGradient<T> Attention::headGradient(const Sequences& queries, const Sequences& keys, const T* dmixed, T* dquery, T* dkeyValue,
                                        int sequence, int head) const {
    const Columns at = columns();
    const int group = head * m_kvHeads / m_heads;
    const bool firstOfGroup = head == 0 || (head - 1) * m_kvHeads / m_heads != group;
    const std::ptrdiff_t queryRow = static_cast<std::ptrdiff_t>(sequence) * queries.length;
    const std::ptrdiff_t keyRow = static_cast<std::ptrdiff_t>(sequence) * keys.length;
    const int mixed = m_heads * m_headDim;
    T* keyValue = dkeyValue + keyRow * at.ldKeyValue + group * m_headDim;
    return {dmixed + queryRow * mixed + head * m_headDim,
            mixed,
            dquery + queryRow * at.ldQuery + at.q + head * m_headDim,
            at.ldQuery,
            keyValue + at.k,
            at.ldKeyValue,
            keyValue + at.v,
            at.ldKeyValue,
            !firstOfGroup};
}

template <class T>
HeadInput<T> Attention::headInput(const Cache<T>& cache, const Sequences& queries, const Sequences& keys, int sequence, int head) const {
    const Columns at = columns();
    const int group = head * m_kvHeads / m_heads;
    const std::ptrdiff_t queryRow = static_cast<std::ptrdiff_t>(sequence) * queries.length;
    const std::ptrdiff_t keyRow = static_cast<std::ptrdiff_t>(sequence) * keys.length;
    const T* v = cache.keyValue + keyRow * at.ldKeyValue + at.v + group * m_headDim;
    const T* q = cache.phi ? cache.phi : cache.query;
    const T* k = cache.phi ? cache.phi : cache.keyValue;
    const int ldq = cache.phi ? at.v : at.ldQuery;
    const int ldk = cache.phi ? at.v : at.ldKeyValue;
    return {q + queryRow * ldq + at.q + head * m_headDim,
            ldq,
            k + keyRow * ldk + at.k + group * m_headDim,
            ldk,
            v,
            at.ldKeyValue,
            queries.lengths[sequence],
            keys.lengths[sequence],
            m_headDim};
}

template <class T>
void Attention::attendTiles(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    TilePlans& plans = pass.scratch.template kept<TilePlans>();
    std::size_t stored = 0, largest = 0;
    for (int s = 0; s < queries.count; ++s) {
        const TilePlan& plan = plans.get(m_visibility, queries.lengths[s], keys.lengths[s]);
        stored += asSize(m_heads) * TileAttention<T>::stored(plan);
        for (const Tile& tile : plan.tiles) largest = std::max(largest, asSize(tile.queries) * asSize(tile.columns));
    }
    cache.store = pass.take(stored);
    TileAttention<T> kernel(pass, m_kernel, m_headDim, keys.length, largest);
    T* columnBias = pass.takeRows(1, keys.length);
    T* store = cache.store;
    (void)scoreTerms(pass, keys.length, 0, columnBias);  // fills the bias
    for (int s = 0; s < queries.count; ++s) {
        const TilePlan& plan = plans.get(m_visibility, queries.lengths[s], keys.lengths[s]);
        T* out = cache.mixed + static_cast<std::ptrdiff_t>(s) * queries.length * m_heads * m_headDim;
        for (int h = 0; h < m_heads; ++h, store += TileAttention<T>::stored(plan)) {
            pass.goOn();
            kernel.forward(plan, headInput(cache, queries, keys, s, h), scoreTerms(pass, 0, h, columnBias), store, out + h * m_headDim,
                           m_heads * m_headDim);
        }
    }
}

template <class T>
void Attention::backwardTiles(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed,
                              T* dquery, T* dkeyValue) const {
    TilePlans& plans = pass.scratch.template kept<TilePlans>();
    std::size_t largest = 0;
    for (int s = 0; s < queries.count; ++s)
        for (const Tile& tile : plans.get(m_visibility, queries.lengths[s], keys.lengths[s]).tiles)
            largest = std::max(largest, asSize(tile.queries) * asSize(tile.columns));
    TileAttention<T> kernel(pass, m_kernel, m_headDim, keys.length, largest);
    T* columnBias = pass.takeRows(1, keys.length);
    PositionMapSums<T> sums;
    sums.columns = pass.takeRows(1, keys.length);
    std::fill_n(sums.columns, keys.length, T{0});
    const T* store = cache.store;
    (void)scoreTerms(pass, keys.length, 0, columnBias);
    for (int s = 0; s < queries.count; ++s) {
        const TilePlan& plan = plans.get(m_visibility, queries.lengths[s], keys.lengths[s]);
        for (int h = 0; h < m_heads; ++h, store += TileAttention<T>::stored(plan))
            kernel.backward(plan, headInput(cache, queries, keys, s, h), scoreTerms(pass, 0, h, columnBias), store,
                            headGradient(queries, keys, dmixed, dquery, dkeyValue, s, h), form().positionMap ? &sums : nullptr);
    }
    if (form().positionMap) positionMapGradient(pass, keys.length, sums);
}

template <class T>
void Attention::attendRunningSums(Pass<T>& pass, const Sequences& queries, Cache<T>& cache) const {
    RunningSums<T> kernel(pass, m_kernel, m_headDim, m_headDim, queries.length);
    cache.store = pass.takeRows(queries.count * m_heads, queries.length);
    const int ld = m_heads * m_headDim;
    for (int s = 0; s < queries.count; ++s)
        for (int h = 0; h < m_heads; ++h) {
            pass.goOn();
            kernel.forward(headInput(cache, queries, queries, s, h), m_visibility.causal(), nullptr,
                           cache.store + static_cast<std::ptrdiff_t>(s * m_heads + h) * queries.length,
                           cache.mixed + static_cast<std::ptrdiff_t>(s) * queries.length * ld + h * m_headDim, ld);
        }
}

template <class T>
void Attention::backwardRunningSums(Pass<T>& pass, const Sequences& queries, const Cache<T>& cache, const T* dmixed, T* dprojection) const {
    RunningSums<T> kernel(pass, m_kernel, m_headDim, m_headDim, queries.length);
    const int ld = m_heads * m_headDim;
    for (int s = 0; s < queries.count; ++s)
        for (int h = 0; h < m_heads; ++h)
            kernel.backward(headInput(cache, queries, queries, s, h), m_visibility.causal(), nullptr,
                            cache.store + static_cast<std::ptrdiff_t>(s * m_heads + h) * queries.length,
                            cache.mixed + static_cast<std::ptrdiff_t>(s) * queries.length * ld + h * m_headDim, ld,
                            headGradient(queries, queries, dmixed, dprojection, dprojection, s, h));
}

template <class T>
AttentionHead<T> Attention::fusedHead(const HeadInput<T>& head, const ScoreTerms<T>& terms) const {
    return {
        head.queries, head.keys, head.headDim, m_visibility.causal(), terms.factor, terms.slope, terms.columnBias, head.q, head.k, head.v,
        head.ldq,     head.ldk,  head.ldv};
}

/// Without a backward to come the weights of one portion of queries at a time are enough: no more than the pass's rows need to be kept of
/// sequences of any length. Where a query's place counts (causal, ALiBi) a portion is a whole head.
template <class T>
void Attention::attendOnce(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    constexpr int queriesAtOnce = 512;
    const int portion = m_visibility.causal() || !m_slopes.empty() ? queries.length : std::min(queries.length, queriesAtOnce);
    cache.store = pass.take(asSize(attentionStored(portion, keys.length, m_visibility.causal())));
    T* scratch = pass.take(asSize(attentionScratch(keys.length, m_headDim)));
    T* columnBias = pass.takeRows(1, keys.length);
    (void)scoreTerms(pass, keys.length, 0, columnBias);
    const int ld = m_heads * m_headDim;
    for (int s = 0; s < queries.count; ++s)
        for (int h = 0; h < m_heads; ++h) {
            AttentionHead<T> head = fusedHead(headInput(cache, queries, keys, s, h), scoreTerms(pass, 0, h, columnBias));
            T* out = cache.mixed + static_cast<std::ptrdiff_t>(s) * queries.length * ld + h * m_headDim;
            for (int left = head.queries; left > 0; left -= portion) {
                pass.goOn();
                head.queries = std::min(left, portion);
                pass.kernels.attentionForward(head, cache.store, out, ld, scratch);
                head.q += static_cast<std::ptrdiff_t>(portion) * head.ldq;
                out += static_cast<std::ptrdiff_t>(portion) * ld;
            }
        }
}

template <class T>
void Attention::attendFused(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    if (!pass.gradient) return attendOnce(pass, queries, keys, cache);
    const std::size_t stored = asSize(attentionStored(queries.length, keys.length, m_visibility.causal()));
    cache.store = pass.take(asSize(queries.count) * asSize(m_heads) * stored);
    T* scratch = pass.take(asSize(attentionScratch(keys.length, m_headDim)));
    T* columnBias = pass.takeRows(1, keys.length);
    (void)scoreTerms(pass, keys.length, 0, columnBias);
    const int ld = m_heads * m_headDim;
    T* store = cache.store;
    for (int s = 0; s < queries.count; ++s)
        for (int h = 0; h < m_heads; ++h, store += stored)
            pass.kernels.attentionForward(fusedHead(headInput(cache, queries, keys, s, h), scoreTerms(pass, 0, h, columnBias)), store,
                                          cache.mixed + static_cast<std::ptrdiff_t>(s) * queries.length * ld + h * m_headDim, ld, scratch);
}

template <class T>
void Attention::backwardFused(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed,
                              T* dquery, T* dkeyValue) const {
    const std::size_t stored = asSize(attentionStored(queries.length, keys.length, m_visibility.causal()));
    T* scratch = pass.take(asSize(attentionScratch(keys.length, m_headDim)));
    T* columnBias = pass.takeRows(1, keys.length);
    PositionMapSums<T> sums;
    sums.columns = pass.takeRows(1, keys.length);
    std::fill_n(sums.columns, keys.length, T{0});
    (void)scoreTerms(pass, keys.length, 0, columnBias);
    const bool map = form().positionMap;
    const T* store = cache.store;
    for (int s = 0; s < queries.count; ++s)
        for (int h = 0; h < m_heads; ++h, store += stored) {
            const HeadGradient<T> g = headGradient(queries, keys, dmixed, dquery, dkeyValue, s, h);
            const AttentionHeadGradient<T> gradient{g.dout,
                                                    g.dq,
                                                    g.dk,
                                                    g.dv,
                                                    g.lddout,
                                                    g.lddq,
                                                    g.lddk,
                                                    g.lddv,
                                                    g.addToKeys,
                                                    map ? sums.columns : nullptr,
                                                    map ? &sums.scoreProduct : nullptr};
            pass.kernels.attentionBackward(fusedHead(headInput(cache, queries, keys, s, h), scoreTerms(pass, 0, h, columnBias)), store,
                                           gradient, scratch);
        }
    if (map) positionMapGradient(pass, keys.length, sums);
}

template <class T>
void Attention::attend(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    switch (trainingKernel()) {
        case TrainingKernel::fused:
            return attendFused(pass, queries, keys, cache);
        case TrainingKernel::tiles:
            return attendTiles(pass, queries, keys, cache);
        case TrainingKernel::runningSums:
            return attendRunningSums(pass, queries, cache);
        case TrainingKernel::drawnFeatures:
            return attendDrawn(pass, queries, cache);
        case TrainingKernel::literal:
            return attendLiteral(pass, queries, keys, cache);
        case TrainingKernel::bands:
            return attendBands(pass, queries, cache);
    }
}

template <class T>
void Attention::attendBackward(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed,
                               T* dquery, T* dkeyValue, T* ddetached) const {
    switch (trainingKernel()) {
        case TrainingKernel::fused:
            return backwardFused(pass, queries, keys, cache, dmixed, dquery, dkeyValue);
        case TrainingKernel::tiles:
            return backwardTiles(pass, queries, keys, cache, dmixed, dquery, dkeyValue);
        case TrainingKernel::runningSums:
            return backwardRunningSums(pass, queries, cache, dmixed, dkeyValue);
        case TrainingKernel::drawnFeatures:
            return backwardDrawn(pass, queries, cache, dmixed, dkeyValue);
        case TrainingKernel::literal:
            return backwardLiteral(pass, queries, keys, cache, dmixed, dquery, dkeyValue, ddetached);
        case TrainingKernel::bands:
            return backwardBands(pass, queries, cache, dmixed, dkeyValue, ddetached);
    }
}

#define INSTANTIATE(T)                                                                                                      \
    template HeadGradient<T> Attention::headGradient(const Sequences&, const Sequences&, const T*, T*, T*, int, int) const; \
    template void Attention::attend(Pass<T>&, const Sequences&, const Sequences&, Cache<T>&) const;                         \
    template void Attention::attendBackward(Pass<T>&, const Sequences&, const Sequences&, const Cache<T>&, const T*, T*, T*, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
