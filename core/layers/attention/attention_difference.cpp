// Differential attention: the difference of two heads' maps, and the norm of each pair's outputs.

#include <cmath>

#include "core/layers/attention/dense_view.h"
#include "core/layers/attention/difference.h"

namespace lab {
namespace {

constexpr const char* vectorNames[HeadPairs::vectors] = {".lambda_query_1", ".lambda_key_1", ".lambda_query_2", ".lambda_key_2"};

/// exp(a . b)
template <class T>
T exponential(const T* a, const T* b, int n) {
    T dot = 0;
    for (int c = 0; c < n; ++c) dot += a[c] * b[c];
    return std::exp(dot);
}

}  // namespace

std::optional<HeadPairs> HeadPairs::of(LayerBuilder builder, const std::string& name, const LayerConfig& layer) {
    if (!layer.differential) return std::nullopt;
    HeadPairs made;
    const int width = layer.head_dim;
    for (int v = 0; v < vectors; ++v)
        made.vector[v] =
            builder.layout[builder.layout.add(name + vectorNames[v], {width}, ParameterRole::shareVector, width, width)].offset;
    made.gain = builder.layout[builder.layout.add(name + ".pair_norm.weight", {2 * width}, ParameterRole::normWeight, 0, 2 * width)].offset;
    made.start = layer.difference_start;
    return made;
}

template <class T>
T HeadPairs::lambda(const T* weights, int headDim) const {
    return exponential(weights + vector[query1], weights + vector[key1], headDim) -
           exponential(weights + vector[query2], weights + vector[key2], headDim) + static_cast<T>(start);
}

template <class T>
void HeadPairs::lambdaBackward(const Pass<T>& pass, int headDim, T dlambda) const {
    for (const Vector first : {query1, query2}) {
        const Vector second = first == query1 ? key1 : key2;
        const T* a = pass.weights + vector[first];
        const T* b = pass.weights + vector[second];
        T *da = pass.gradientOf(vector[first]), *db = pass.gradientOf(vector[second]);
        const T along = (first == query1 ? dlambda : -dlambda) * exponential(a, b, headDim);
        for (int c = 0; c < headDim; ++c) {
            da[c] += along * b[c];
            db[c] += along * a[c];
        }
    }
}

/// weights from the heads' own maps, `shares`.
template <class T>
void Attention::denseDifference(Pass<T>& pass, const DenseView<T>& view) const {
    if (!m_difference) return;
    *view.lambda = m_difference->lambda(pass.weights, m_headDim);
    tapTensor(pass, m_name + ".softmax_weights", {m_heads, view.queries, view.keys}, view.shares);
    tapTensor(pass, m_name + ".lambda", {1}, view.lambda);
    const T lambda = *view.lambda;
    for (int h = 0; h < m_heads; h += 2) {
        const T *first = view.shares + view.map(h), *second = view.shares + view.map(h + 1);
        T *a = view.weights + view.map(h), *b = view.weights + view.map(h + 1);
        for (std::ptrdiff_t at = 0; at < view.map(1); ++at) a[at] = b[at] = first[at] - lambda * second[at];
    }
}

/// Gradient of both heads' weights in, of their own maps out.
template <class T>
void Attention::denseDifferenceBackward(Pass<T>& pass, const DenseView<T>& view, T* dweights) const {
    if (!m_difference) return;
    const T lambda = *view.lambda;
    T dlambda = 0;
    for (int h = 0; h < m_heads; h += 2) {
        const T* second = view.shares + view.map(h + 1);
        T *a = dweights + view.map(h), *b = dweights + view.map(h + 1);
        for (std::ptrdiff_t at = 0; at < view.map(1); ++at) {
            a[at] += b[at];
            dlambda -= a[at] * second[at];
            b[at] = -lambda * a[at];
        }
    }
    tapGradient(pass, m_name + ".lambda", {1}, &dlambda);
    m_difference->lambdaBackward(pass, m_headDim, dlambda);
    tapGradient(pass, m_name + ".softmax_weights", {m_heads, view.queries, view.keys}, dweights);
}

/// A head that a person has switched off gives nothing of what the norm made of it; the other of its pair is as it was.
template <class T>
void Attention::switchOffOfPairs(const Pass<T>& pass, int rows, T* mixed) const {
    for (int h = 0; pass.tap && h < m_heads; ++h)
        for (int r = 0; pass.tap->headOff(m_name, h) && r < rows; ++r)
            std::fill_n(mixed + (static_cast<std::ptrdiff_t>(r) * m_heads + h) * m_headDim, m_headDim, T{0});
}

/// mixed [rows, heads * head_dim] in place: each pair's 2 head_dim numbers divided by their root mean square, times gain and 1 - start.
template <class T>
void Attention::normalisePairs(Pass<T>& pass, int rows, T* mixed, Cache<T>& cache) const {
    const int width = 2 * m_headDim, pairs = rows * m_heads / 2;
    cache.unpaired = pass.takeRows(rows, m_heads * m_headDim);
    cache.pairInverse = pass.takeRows(pairs, 1);
    std::copy_n(mixed, static_cast<std::ptrdiff_t>(pairs) * width, cache.unpaired);
    const T* gain = pass.weights + m_difference->gain;
    const T kept = static_cast<T>(1.0 - m_difference->start);
    for (int p = 0; p < pairs; ++p, mixed += width) {
        const T mean = static_cast<T>(pass.kernels.sumOfSquares(width, mixed) / width);
        cache.pairInverse[p] = T{1} / std::sqrt(mean + static_cast<T>(m_headEpsilon));
        for (int c = 0; c < width; ++c) mixed[c] *= cache.pairInverse[p] * gain[c] * kept;
    }
    mixed -= static_cast<std::ptrdiff_t>(pairs) * width;
    switchOffOfPairs(pass, rows, mixed);
    tapTensor(pass, m_name + ".normalised_pair", {rows, m_heads * m_headDim}, mixed);
}

/// Gradient of the normalised pairs in, of what they were out.
template <class T>
void Attention::normalisePairsBackward(Pass<T>& pass, int rows, const Cache<T>& cache, T* dmixed) const {
    tapGradient(pass, m_name + ".normalised_pair", {rows, m_heads * m_headDim}, dmixed);
    switchOffOfPairs(pass, rows, dmixed);
    const int width = 2 * m_headDim, pairs = rows * m_heads / 2;
    const T* gain = pass.weights + m_difference->gain;
    T* dgain = pass.gradientOf(m_difference->gain);
    const T kept = static_cast<T>(1.0 - m_difference->start);
    const T* x = cache.unpaired;
    for (int p = 0; p < pairs; ++p, x += width, dmixed += width) {
        const T inverse = cache.pairInverse[p];
        T along = 0;
        for (int c = 0; c < width; ++c) {
            dgain[c] += dmixed[c] * x[c] * inverse * kept;
            dmixed[c] *= gain[c] * kept;
            along += dmixed[c] * x[c];
        }
        along *= inverse * inverse / static_cast<T>(width);
        for (int c = 0; c < width; ++c) dmixed[c] = inverse * (dmixed[c] - along * x[c]);
    }
}

#define INSTANTIATE(T)                                                                         \
    template T HeadPairs::lambda(const T*, int) const;                                         \
    template void Attention::denseDifference(Pass<T>&, const DenseView<T>&) const;             \
    template void Attention::denseDifferenceBackward(Pass<T>&, const DenseView<T>&, T*) const; \
    template void Attention::normalisePairs(Pass<T>&, int, T*, Cache<T>&) const;               \
    template void Attention::normalisePairsBackward(Pass<T>&, int, const Cache<T>&, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
