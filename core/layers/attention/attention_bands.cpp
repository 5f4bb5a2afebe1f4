// Training where scores go through stages and no query sees far: bands of queries with the keys that some of them may see. The same sums as
// the looking path's, without the rest of the map.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/layers/attention/attention.h"
#include "core/layers/attention/lanes.h"

namespace lab {
namespace {

constexpr int queriesOfBand = 32;

enum Cell : unsigned char { hidden, detached, attached };

}  // namespace

/// One head's part of a band: queries first .. first + queries - 1 and the keys from `firstKey` on.
template <class T>
struct Attention::Band {
    int head, first, queries, firstKey, keys;
    const unsigned char* cells;  ///< [queries, keys] Cell
    HeadInput<T> input;          ///< of the whole sequence
    T* weights;                  ///< [queries, keys]; behind them what each stage got

    int size() const { return queries * keys; }
    T* before(std::size_t stage) const { return weights + (static_cast<std::ptrdiff_t>(stage) + 1) * size(); }
    const T* q() const { return input.q + std::ptrdiff_t{first} * input.ldq; }
    const T* k() const { return input.k + std::ptrdiff_t{firstKey} * input.ldk; }
    const T* v() const { return input.v + std::ptrdiff_t{firstKey} * input.ldv; }
    ScoreRows<T> rows() const { return {head, first, queries, keys, input.headDim, q(), input.ldq, k(), input.ldk, firstKey}; }
};

bool Attention::forgets() const {
    if (m_hashing) return false;  // all keys together say which share a chunk
    return m_visibility.forgets() || std::ranges::any_of(m_stages, [](const auto& stage) { return stage->trims(); });
}

template <class T>
Attention::KeyRange Attention::keysSeen(const Pass<T>& pass, int first, int last, int keys) const {
    int reach = mostRows;
    for (const auto& stage : m_stages) reach = std::min(reach, stage->reach(pass.weights));
    const int begin = std::max({0, m_visibility.firstKey(first), first - reach + 1});
    return {laneBegin(begin), m_visibility.causal() ? last + 1 : std::min(keys, last + reach)};
}

/// The bands of a sequence without head, input and weights: what all heads share.
template <class T>
std::vector<typename Attention::Band<T>> Attention::bandsOf(Pass<T>& pass, int length) const {
    std::vector<Band<T>> bands;
    for (int first = 0; first < length; first += queriesOfBand) {
        Band<T> band{};
        band.first = first;
        band.queries = std::min(queriesOfBand, length - first);
        const KeyRange seen = keysSeen(pass, first, first + band.queries - 1, length);
        band.firstKey = seen.begin;
        band.keys = seen.end - seen.begin;
        auto* cell = pass.scratch.arena.template take<unsigned char>(static_cast<std::size_t>(band.size()));
        band.cells = cell;
        for (int i = first; i < first + band.queries; ++i)
            for (int j = seen.begin; j < seen.end; ++j, ++cell)
                *cell = !m_visibility.mayAttend(i, j, length) ? hidden : m_visibility.detached(i, j, length) ? detached : attached;
        bands.push_back(band);
    }
    return bands;
}

/// Numbers that a head keeps of these bands for the backward pass; without one, of a band at a time.
template <class T>
std::size_t Attention::keptOf(const std::vector<Band<T>>& bands, bool all) const {
    std::size_t kept = 0;
    for (const Band<T>& band : bands) {
        const std::size_t size = static_cast<std::size_t>(band.size());
        kept = all ? kept + size : std::max(kept, size);
    }
    return kept * (1 + m_stages.size());
}

/// weights and, as far as there is a backward pass to come, what the stages got; out [queries, head_dim]. turned [head_dim, all keys].
template <class T>
void Attention::bandForward(Pass<T>& pass, const Band<T>& band, const ScoreTerms<T>& terms, const T* turned, T* out) const {
    const auto& kernel = pass.kernels;
    const HeadInput<T>& in = band.input;
    T* scores = band.weights;
    kernel.gemm(band.queries, band.keys, m_headDim, band.q(), in.ldq, turned + band.firstKey, in.keys, scores, band.keys, false);
    kernel.scale(band.size(), terms.factor, scores);
    const ScoreRows<T> rows = band.rows();
    if (terms.slope != T{0})
        for (int i = 0, at = 0; i < band.queries; ++i)
            for (int j = 0; j < band.keys; ++j, ++at) scores[at] -= terms.slope * static_cast<T>(std::abs(rows.distance(i, j)));
    for (std::size_t stage = 0; stage < m_stages.size(); ++stage) {
        std::copy_n(scores, band.size(), band.before(stage));
        m_stages[stage]->forward(pass, rows, scores);
    }
    for (int at = 0; at < band.size(); ++at)
        if (band.cells[at] == hidden) scores[at] = -std::numeric_limits<T>::infinity();
    kernel.softmaxForward(band.queries, band.keys, T{1}, nullptr, scores, band.keys);
    kernel.gemm(band.queries, m_headDim, band.keys, scores, band.keys, band.v(), in.ldv, out, m_heads * m_headDim, false);
}

/// A map of the cells whose keys stand as they were made, or of all others; the map itself where there are none.
template <class T>
const T* Attention::partOfMap(Pass<T>& pass, const Band<T>& band, const T* map, bool ofDetached) const {
    if (!m_visibility.detaches()) return map;
    T* own = pass.take(static_cast<std::size_t>(band.size()));
    for (int at = 0; at < band.size(); ++at) own[at] = band.cells[at] == (ofDetached ? detached : attached) ? map[at] : T{0};
    return own;
}

/// Adds to the gradients of q, k and v. turned [head_dim, all keys]: the values. ofDetached: where those of keys and values go that stand
/// as they were made; dk null where there are none.
template <class T>
void Attention::bandBackward(Pass<T>& pass, const Band<T>& band, const ScoreTerms<T>& terms, const T* turned,
                             const HeadGradient<T>& gradient, const HeadGradient<T>& ofDetached) const {
    const auto& kernel = pass.kernels;
    const HeadInput<T>& in = band.input;
    const T* dout = gradient.dout + std::ptrdiff_t{band.first} * gradient.lddout;
    T* dq = gradient.dq + std::ptrdiff_t{band.first} * gradient.lddq;
    const bool detaches = ofDetached.dk != nullptr;
    T* dk = gradient.dk + std::ptrdiff_t{band.firstKey} * gradient.lddk;
    T* detachedK = detaches ? ofDetached.dk + std::ptrdiff_t{band.firstKey} * ofDetached.lddk : nullptr;
    const auto addToKeys = [&](const T* map, const T* rows, int ldRows, T* HeadGradient<T>::*to, int ld) {
        for (const bool apart : {false, true})
            if (apart <= detaches)
                kernel.gemmTransposedA(band.keys, m_headDim, band.queries, partOfMap(pass, band, map, apart), band.keys, rows, ldRows,
                                       (apart ? ofDetached : gradient).*to + std::ptrdiff_t{band.firstKey} * ld, ld, true);
    };
    T* ds = pass.take(static_cast<std::size_t>(band.size()));
    kernel.gemm(band.queries, band.keys, m_headDim, dout, gradient.lddout, turned + band.firstKey, in.keys, ds, band.keys, false);
    addToKeys(band.weights, dout, gradient.lddout, &HeadGradient<T>::dv, gradient.lddv);
    kernel.softmaxBackward(band.queries, band.keys, T{1}, band.weights, band.keys, ds, band.keys);
    for (std::size_t stage = m_stages.size(); stage-- > 0;)
        m_stages[stage]->backward(pass, band.rows(), band.before(stage), ds, {dq, dk, detachedK});
    kernel.scale(band.size(), terms.factor, ds);
    kernel.gemm(band.queries, m_headDim, band.keys, ds, band.keys, band.k(), in.ldk, dq, gradient.lddq, true);
    addToKeys(ds, band.q(), in.ldq, &HeadGradient<T>::dk, gradient.lddk);
}

template <class T>
void Attention::attendBands(Pass<T>& pass, const Sequences& queries, Cache<T>& cache) const {
    cache.stores = pass.scratch.arena.template take<T*>(static_cast<std::size_t>(queries.count));
    const int width = m_heads * m_headDim;
    const bool keeps = pass.gradient != nullptr;
    for (int s = 0; s < queries.count; ++s) {
        const Arena::Mark before = pass.scratch.arena.mark();
        const int length = queries.lengths[s];
        const auto cellsOf = bandsOf(pass, length);
        T* store = cache.stores[s] = pass.take(keptOf(cellsOf, keeps) * static_cast<std::size_t>(keeps ? m_heads : 1));
        const Arena::Mark mark = pass.scratch.arena.mark();
        for (int h = 0; h < m_heads; ++h) {
            const HeadInput<T> input = headInput(cache, queries, queries, s, h);
            T* turned = pass.takeRows(m_headDim, length);
            pass.kernels.transpose(length, m_headDim, input.k, input.ldk, turned, length);
            const Arena::Mark own = pass.scratch.arena.mark();
            for (Band<T> band : cellsOf) {
                pass.goOn();
                band.head = h;
                band.input = input;
                band.weights = store;
                T* out = cache.mixed + (std::ptrdiff_t{s} * queries.length + band.first) * width + h * m_headDim;
                bandForward(pass, band, scoreTerms(pass, 0, h, static_cast<T*>(nullptr)), turned, out);
                if (keeps) store = band.before(m_stages.size());
                pass.scratch.arena.rewind(own);
            }
            pass.scratch.arena.rewind(mark);
        }
        if (!keeps) pass.scratch.arena.rewind(before);
    }
}

template <class T>
void Attention::backwardBands(Pass<T>& pass, const Sequences& queries, const Cache<T>& cache, const T* dmixed, T* dprojection,
                              T* ddetached) const {
    std::fill_n(dprojection, std::ptrdiff_t{queries.rows()} * columns().ldKeyValue, T{0});
    for (int s = 0; s < queries.count; ++s) {
        const Arena::Mark mark = pass.scratch.arena.mark();
        const int length = queries.lengths[s];
        const auto cellsOf = bandsOf(pass, length);
        T* store = cache.stores[s];
        T* turned = pass.takeRows(m_headDim, length);
        for (int h = 0; h < m_heads; ++h) {
            const HeadInput<T> input = headInput(cache, queries, queries, s, h);
            const HeadGradient<T> gradient = headGradient(queries, queries, dmixed, dprojection, dprojection, s, h);
            const HeadGradient<T> ofDetached =
                ddetached ? headGradient(queries, queries, dmixed, ddetached, ddetached, s, h) : HeadGradient<T>{};
            pass.kernels.transpose(length, m_headDim, input.v, input.ldv, turned, length);
            const Arena::Mark own = pass.scratch.arena.mark();
            for (Band<T> band : cellsOf) {
                band.head = h;
                band.input = input;
                band.weights = store;
                bandBackward(pass, band, scoreTerms(pass, 0, h, static_cast<T*>(nullptr)), turned, gradient, ofDetached);
                store = band.before(m_stages.size());
                pass.scratch.arena.rewind(own);
            }
        }
        pass.scratch.arena.rewind(mark);
    }
}

#define INSTANTIATE(T)                                                                     \
    template Attention::KeyRange Attention::keysSeen(const Pass<T>&, int, int, int) const; \
    template void Attention::attendBands(Pass<T>&, const Sequences&, Cache<T>&) const;     \
    template void Attention::backwardBands(Pass<T>&, const Sequences&, const Cache<T>&, const T*, T*, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
