// Attention of one more token over stored keys and values: decoding without computing the past again.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/layers/attention/attention.h"
#include "core/layers/attention/linear_kernel.h"

namespace lab {
namespace {

/// phi(x) = elu(x) + 1 of n values.
template <class T>
const T* phiOf(Pass<T>& pass, const T* x, int n) {
    T* y = pass.takeRows(1, n);
    pass.kernels.eluPlusOneForward(n, x, y);
    return y;
}

}  // namespace

/// Rows of positions position .. position + count - 1 of a sequence of `length` tokens.
template <class T>
void Attention::rotateAt(Pass<T>& pass, int position, int count, int length, T* x, int ldx, int heads) const {
    if (!m_rotary) return;
    const auto view = m_rotary->view(pass, position, count, length);
    for (int h = 0; h < heads; ++h) m_rotary->rotate(pass.kernels, view, count, false, x + h * m_headDim, ldx);
}

/// The stored keys as the scores read them, [tokens, kvHeads * head_dim].
template <class T>
const T* Attention::keysForScores(Pass<T>& pass, int length, const KeyValueStore<T>& store) const {
    const int width = m_kvHeads * m_headDim;
    const T* keys = store.keys.data();
    if (!form().ownValue) {
        T* own = pass.takeRows(store.tokens, width);
        std::copy_n(keys, static_cast<std::ptrdiff_t>(store.tokens) * width, own);
        HeadNorm::Cache<T> cache;
        if (m_keyNorm) m_keyNorm->forward(pass, store.tokens, m_kvHeads, own, width, cache);
        rotateAt(pass, 0, store.tokens, length, own, width, m_kvHeads);
        keys = own;
    }
    return specOf(m_kernel).features ? phiOf(pass, keys, store.tokens * width) : keys;
}

/// Of one query the scores q k of the first `seen` keys, which become its weights.
template <class T>
void Attention::weighStored(const Pass<T>& pass, int position, int seen, const ScoreTerms<T>& terms, T* weights) const {
    if (m_kernel == KernelKind::linear) {
        T sum = static_cast<T>(linearKernelEpsilon);
        for (int j = 0; j < seen; ++j) sum += weights[j] = m_visibility.mayAttend(position, j, seen) ? weights[j] : T{0};
        return pass.kernels.scale(seen, T{1} / sum, weights);
    }
    if (m_kernel == KernelKind::product) {
        for (int j = 0; j < seen; ++j)
            if (!m_visibility.mayAttend(position, j, seen)) weights[j] = 0;
        return;
    }
    const bool all = m_visibility.isPlain();
    if (all && terms.slope == T{0}) return pass.kernels.softmaxForward(1, seen, terms.factor, terms.columnBias, weights, seen);
    for (int j = 0; j < seen; ++j) {
        const T score = terms.factor * weights[j] + (terms.columnBias ? terms.columnBias[j] : T{0}) -
                        terms.slope * static_cast<T>(std::abs(position - j));
        weights[j] = m_visibility.mayAttend(position, j, seen) ? score : -std::numeric_limits<T>::infinity();
    }
    pass.kernels.softmaxForward(1, seen, T{1}, nullptr, weights, seen);
}

/// q [rows, ldQuery] -> mixed [rows, heads * head_dim]
template <class T>
void Attention::attendStored(Pass<T>& pass, int position, int rows, int length, const T* q, const KeyValueStore<T>& store, T* mixed) const {
    const auto& kernel = pass.kernels;
    const int width = m_kvHeads * m_headDim, mixedWidth = m_heads * m_headDim;
    const int keys = store.tokens;
    T* turned = pass.takeRows(m_headDim, keys);
    T* columnBias = pass.takeRows(1, keys);
    T* weights = pass.takeRows(rows, keys);
    int ldq = columns().ldQuery;
    if (specOf(m_kernel).features) {
        T* phi = pass.takeRows(rows, mixedWidth);
        for (int r = 0; r < rows; ++r) kernel.eluPlusOneForward(mixedWidth, q + static_cast<std::ptrdiff_t>(r) * ldq, phi + r * mixedWidth);
        q = phi;
        ldq = mixedWidth;
    }
    const T* storedKeys = keysForScores(pass, length, store);
    const T* values = form().ownValue ? store.values.data() : store.keys.data();
    (void)scoreTerms(pass, keys, 0, columnBias);
    int turnedGroup = -1;
    for (int h = 0; h < m_heads; ++h) {
        const int group = h * m_kvHeads / m_heads;
        if (group != turnedGroup) kernel.transpose(keys, m_headDim, storedKeys + group * m_headDim, width, turned, keys);
        turnedGroup = group;
        kernel.gemm(rows, keys, m_headDim, q + h * m_headDim, ldq, turned, keys, weights, keys, false);
        const ScoreTerms<T> terms = scoreTerms(pass, 0, h, columnBias);
        for (int r = 0; r < rows; ++r) {
            T* row = weights + static_cast<std::ptrdiff_t>(r) * keys;
            const int seen = m_place.cross ? keys : position + r + 1;
            weighStored(pass, position + r, seen, terms, row);
            std::fill(row + seen, row + keys, T{0});
        }
        kernel.gemm(rows, m_headDim, keys, weights, keys, values + group * m_headDim, width, mixed + h * m_headDim, mixedWidth, false);
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

/// Projects x into `query` [rows, ldQuery] and appends what the queries to come read.
template <class T>
void Attention::appendKeys(Pass<T>& pass, int position, int rows, int length, const T* x, T* query, KeyValueStore<T>& store) const {
    const Columns at = columns();
    const int width = m_kvHeads * m_headDim;
    const auto keep = [&](std::vector<T>& kept, int column) {
        for (int r = 0; r < rows; ++r) {
            const T* row = query + static_cast<std::ptrdiff_t>(r) * at.ldQuery + column;
            kept.insert(kept.end(), row, row + width);
        }
    };
    projectInput(pass, rows, x, query);
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
void Attention::step(Pass<T>& pass, int position, int rows, int length, const T* x, KeyValueStore<T>& store, T* y) const {
    const Columns at = columns();
    T* query = pass.takeRows(rows, at.ldQuery);
    if (m_query)
        m_query->forward(pass, rows, x, query, at.ldQuery);
    else
        appendKeys(pass, position, rows, length, x, query, store);
    T* mixed = pass.takeRows(rows, m_heads * m_headDim);
    attendStored(pass, position, rows, length, query + at.q, store, mixed);
    m_output.forward(pass, rows, mixed, y, m_d);
}

template void Attention::step(Pass<float>&, int, int, int, const float*, KeyValueStore<float>&, float*) const;
template void Attention::storeMemory(Pass<float>&, int, const float*, KeyValueStore<float>&) const;

}  // namespace lab
