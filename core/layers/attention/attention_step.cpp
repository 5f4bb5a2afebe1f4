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
    T* cos = pass.takeRows(count, m_headDim / 2);
    T* sin = pass.takeRows(count, m_headDim / 2);
    ropeTables(ropeFrequencies(m_rotary->rope(), m_headDim, length), position, count, cos, sin);
    for (int h = 0; h < heads; ++h) m_rotary->rotate(pass.kernels, RotaryTable::View<T>{cos, sin}, count, false, x + h * m_headDim, ldx);
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
    return m_kernel == KernelKind::linear ? phiOf(pass, keys, store.tokens * width) : keys;
}

template <class T>
void Attention::attendStored(Pass<T>& pass, int position, int length, const T* q, const KeyValueStore<T>& store, T* mixed) const {
    const auto& kernel = pass.kernels;
    const int width = m_kvHeads * m_headDim;
    const int keys = store.tokens;
    T* turned = pass.takeRows(m_headDim, keys);
    T* columnBias = pass.takeRows(1, keys);
    T* weights = pass.takeRows(1, keys);
    const bool linear = m_kernel == KernelKind::linear;
    if (linear) q = phiOf(pass, q, m_heads * m_headDim);
    const T* storedKeys = keysForScores(pass, length, store);
    const T* values = form().ownValue ? store.values.data() : store.keys.data();
    (void)scoreTerms(pass, keys, 0, columnBias);
    for (int h = 0; h < m_heads; ++h) {
        const int group = h * m_kvHeads / m_heads;
        const ScoreTerms<T> terms = scoreTerms(pass, 0, h, columnBias);
        kernel.transpose(keys, m_headDim, storedKeys + group * m_headDim, width, turned, keys);
        kernel.gemm(1, keys, m_headDim, q + h * m_headDim, m_headDim, turned, keys, weights, keys, false);
        T sum = static_cast<T>(linearKernelEpsilon);
        for (int j = 0; j < keys; ++j) {
            const bool visible = m_visibility.mayAttend(position, j, keys);
            if (linear) {
                sum += weights[j] = visible ? weights[j] : T{0};
                continue;
            }
            const T score = terms.factor * weights[j] + (terms.columnBias ? terms.columnBias[j] : T{0}) -
                            terms.slope * static_cast<T>(std::abs(position - j));
            weights[j] = visible ? score : -std::numeric_limits<T>::infinity();
        }
        if (linear)
            kernel.scale(keys, T{1} / sum, weights);
        else
            kernel.softmaxForward(1, keys, T{1}, nullptr, weights, keys);
        kernel.gemm(1, m_headDim, keys, weights, keys, values + group * m_headDim, width, mixed + h * m_headDim, m_headDim, false);
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

template <class T>
void Attention::step(Pass<T>& pass, int position, int length, const T* x, KeyValueStore<T>& store, T* y) const {
    const Columns at = columns();
    const int width = m_kvHeads * m_headDim;
    T* query = pass.takeRows(1, at.ldQuery);
    if (m_query) {
        m_query->forward(pass, 1, x, query, at.ldQuery);
    } else {
        projectInput(pass, 1, x, query);
        const auto keep = [&](std::vector<T>& kept, int column) { kept.insert(kept.end(), query + column, query + column + width); };
        if (!form().ownValue) keep(store.keys, at.k);
        Cache<T> cache;
        cache.query = cache.keyValue = query;
        normalise(pass, 1, cache);
        rotateAt(pass, position, 1, length, query, at.ldQuery, at.v / m_headDim);
        if (form().ownValue) {
            keep(store.keys, at.k);
            keep(store.values, at.v);
        }
        ++store.tokens;
    }
    T* mixed = pass.takeRows(1, m_heads * m_headDim);
    attendStored(pass, position, length, query + at.q, store, mixed);
    m_output.forward(pass, 1, mixed, y, m_d);
}

template void Attention::step(Pass<float>&, int, int, const float*, KeyValueStore<float>&, float*) const;
template void Attention::storeMemory(Pass<float>&, int, const float*, KeyValueStore<float>&) const;

}  // namespace lab
