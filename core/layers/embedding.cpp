#include "core/layers/embedding.h"

#include <algorithm>

#include "core/config/model_config.h"
#include "core/layers/position/sinusoidal.h"
#include "core/tensor/batch.h"

namespace lab {

Embedding::Embedding(LayerBuilder builder, const ModelConfig& config)
    : m_d(config.embedding_dim.value_or(config.d_model)),
      m_model(config.d_model),
      m_position(config.position.kind),
      m_hasBias(config.embedding_bias) {
    ParameterLayout& layout = builder.layout;
    if (config.readsVectors()) {
        m_input.emplace(builder, std::vector<Linear::Part>{{"input_embedding", m_d}}, *config.input_dim, m_hasBias,
                        ParameterRole::inputMap);
        if (config.class_token)
            m_classToken = layout[layout.add("class_embedding.weight", {1, m_d}, ParameterRole::classVector, m_d, 1)].offset;
    } else {
        addTable(layout, *config.vocab_size);
    }
    addPositions(layout, config);
    if (config.segments > 0 && !config.readsVectors()) {
        m_segments = config.segments;
        m_segmentEnd = config.segment_end.value_or(-1);
        m_segmentTable =
            layout[layout.add("segment_embedding.weight", {m_segments, m_d}, ParameterRole::segmentTable, m_d, m_segments)].offset;
    }
    if (config.embedding_norm) m_norm.emplace(builder, "embedding_norm", m_d, config.norm.kind, config.norm.epsilon);
    if (m_d != m_model) m_map.emplace(builder, std::vector<Linear::Part>{{"embedding_map", m_model}}, m_d, true);
}

void Embedding::addTable(ParameterLayout& layout, int vocabulary) {
    m_tokenTable = layout.add("token_embedding.weight", {vocabulary, m_d}, ParameterRole::tokenTable, m_d, vocabulary);
    m_table = layout[m_tokenTable].offset;
    if (m_hasBias) m_bias = layout[layout.add("token_embedding.bias", {m_d}, ParameterRole::tokenBias, m_d, vocabulary)].offset;
}

void Embedding::addPositions(ParameterLayout& layout, const ModelConfig& config) {
    if (m_position == PositionKind::learned)
        m_positions = layout[layout.add("position_embedding.weight", {*config.max_seq_len, m_d}, ParameterRole::positionTable, m_d,
                                        *config.max_seq_len)]
                          .offset;
    if (m_position == PositionKind::sinusoidal) {
        m_sinusoidalRows = std::min(config.max_seq_len.value_or(0), 4096);
        m_sinusoidal = sinusoidalTable(m_sinusoidalRows, m_d);
    }
}

template <class T>
void Embedding::addPosition(const T* weights, int position, T* x) const {
    if (m_position == PositionKind::learned) {
        const T* row = weights + m_positions + static_cast<std::size_t>(position) * static_cast<std::size_t>(m_d);
        for (int i = 0; i < m_d; ++i) x[i] += row[i];
    } else if (m_position == PositionKind::sinusoidal) {
        std::vector<double> computed;
        const double* row = m_sinusoidal.data() + static_cast<std::ptrdiff_t>(position) * m_d;
        if (position >= m_sinusoidalRows) {
            computed.resize(static_cast<std::size_t>(m_d));
            sinusoidalRow(position, m_d, computed.data());
            row = computed.data();
        }
        for (int i = 0; i < m_d; ++i) x[i] += static_cast<T>(row[i]);
    }
}

template <class T>
void Embedding::row(const T* weights, int token, int position, T* x) const {
    // code: input first !vectors
    const T* table = weights + m_table + static_cast<std::size_t>(token) * static_cast<std::size_t>(m_d);
    for (int i = 0; i < m_d; ++i) x[i] = table[i] + (m_hasBias ? weights[m_bias + static_cast<std::size_t>(i)] : T{0});
    addPosition(weights, position, x);
    // end code
}

/// f(row, segment) for all tokens: a token's segment is the number of those before it that end one, at most the last.
template <class F>
void Embedding::forSegments(const Sequences& sequences, const int* tokens, F f) const {
    int segment = 0;
    for (int r = 0; r < sequences.rows(); ++r) {
        if (r % sequences.length == 0) segment = 0;
        if (tokens[r] < 0) continue;
        f(r, segment);
        if (tokens[r] == m_segmentEnd) segment = std::min(segment + 1, m_segments - 1);
    }
}

template <class T>
void Embedding::addSegments(const T* weights, const Sequences& sequences, const int* tokens, T* x) const {
    // code: input first segments
    forSegments(sequences, tokens, [&](int row, int segment) {
        const T* of = weights + m_segmentTable + static_cast<std::ptrdiff_t>(segment) * m_d;
        for (int i = 0; i < m_d; ++i) x[static_cast<std::ptrdiff_t>(row) * m_d + i] += of[i];
    });
    // end code
}

template <class T>
void Embedding::backwardSegments(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const {
    forSegments(sequences, tokens, [&](int row, int segment) {
        pass.kernels.add(m_d, dx + static_cast<std::ptrdiff_t>(row) * m_d,
                         pass.gradient + m_segmentTable + static_cast<std::ptrdiff_t>(segment) * m_d);
    });
}

template <class T>
void Embedding::sum(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x) const {
    if (m_input) return forwardVectors(pass, sequences, in, x);
    for (int r = 0; r < sequences.rows(); ++r) {
        T* row = x + static_cast<std::ptrdiff_t>(r) * m_d;
        if (in.tokens[r] < 0)
            std::fill_n(row, m_d, T{0});
        else
            this->row(pass.weights, in.tokens[r], r % sequences.length, row);
    }
    if (m_segments > 0) addSegments(pass.weights, sequences, in.tokens, x);
}

/// Norm and map of the sum in the cache, to x.
template <class T>
void Embedding::behindSum(Pass<T>& pass, int rows, T* x, Cache<T>& cache) const {
    cache.normed = cache.sum;
    if (m_norm) {
        cache.normed = m_map ? pass.takeRows(rows, m_d) : x;
        // code: input first normedInput
        m_norm->forward(pass, rows, cache.sum, static_cast<const T*>(nullptr), cache.normed, cache.norm);
        // end code
    }
    // code: input first mapped
    if (m_map) m_map->forward(pass, rows, cache.normed, x, m_model);
    // end code
}

template <class T>
void Embedding::forward(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x, Cache<T>& cache) const {
    if (standsAlone()) return sum(pass, sequences, in, x);
    const int rows = sequences.rows();
    cache.sum = pass.takeRows(rows, m_d);
    sum(pass, sequences, in, cache.sum);
    if (pass.tap) pass.tap->tensor(std::string(cache.name) + ".sum", {rows, m_d}, cache.sum);
    behindSum(pass, rows, x, cache);
    for (int r = 0; r < rows; ++r)
        if (in.tokens[r] < 0) std::fill_n(x + static_cast<std::ptrdiff_t>(r) * m_model, m_model, T{0});
}

template <class T>
void Embedding::step(Pass<T>& pass, std::span<const int> tokens, int position, T* x) const {
    const int rows = static_cast<int>(tokens.size());
    Cache<T> cache;
    cache.sum = standsAlone() ? x : pass.takeRows(rows, m_d);
    for (int r = 0; r < rows; ++r)
        row(pass.weights, tokens[static_cast<std::size_t>(r)], position + r, cache.sum + static_cast<std::ptrdiff_t>(r) * m_d);
    if (!standsAlone()) behindSum(pass, rows, x, cache);
}

/// The vectors in the pass's own precision, [rows, input_dim].
template <class T>
T* Embedding::numbersOf(Pass<T>& pass, int rows, const float* vectors) const {
    T* numbers = pass.takeRows(rows, m_input->in());
    std::copy_n(vectors, std::int64_t{rows} * m_input->in(), numbers);
    return numbers;
}

template <class T>
void Embedding::forwardVectors(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x) const {
    // code: input first vectors
    m_input->forward(pass, sequences.rows(), numbersOf(pass, sequences.rows(), in.vectors), x, m_d);
    // end code
    for (int r = 0; r < sequences.rows(); ++r, x += m_d) {
        if (in.tokens[r] < 0) {
            std::fill_n(x, m_d, T{0});
            continue;
        }
        // code: input first vectors
        if (in.tokens[r] == classToken) std::copy_n(pass.weights + m_classToken, m_d, x);
        addPosition(pass.weights, r % sequences.length, x);
        // end code
    }
}

/// A class token's row is none of the linear map's, and padding is nobody's.
template <class T>
void Embedding::backwardVectors(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx) const {
    const int rows = sequences.rows();
    T* own = pass.takeRows(rows, m_d);
    std::copy_n(dx, std::int64_t{rows} * m_d, own);
    for (int r = 0; r < rows; ++r) {
        if (in.tokens[r] == vectorToken) continue;
        T* row = own + static_cast<std::ptrdiff_t>(r) * m_d;
        if (in.tokens[r] == classToken) pass.kernels.add(m_d, row, pass.gradient + m_classToken);
        std::fill_n(row, m_d, T{0});
    }
    m_input->backward(pass, rows, numbersOf(pass, rows, in.vectors), own, m_d, static_cast<T*>(nullptr));
    backwardPositions(pass, sequences, in.tokens, dx);
}

template <class T>
void Embedding::backwardPositions(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const {
    if (m_position != PositionKind::learned) return;
    for (int r = 0; r < sequences.rows(); ++r, dx += m_d)
        if (tokens[r] >= 0)
            pass.kernels.add(m_d, dx,
                             pass.gradient + m_positions + static_cast<std::size_t>(r % sequences.length) * static_cast<std::size_t>(m_d));
}

/// Sum of dx over the rows that are no padding, a run of them at a time.
template <class T>
void Embedding::addBiasGradient(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const {
    for (int first = 0; first < sequences.rows();) {
        int end = first;
        while (end < sequences.rows() && tokens[end] >= 0) ++end;
        pass.kernels.addColumnSums(end - first, m_d, dx + static_cast<std::ptrdiff_t>(first) * m_d, m_d, pass.gradient + m_bias);
        first = end + 1;
    }
}

template <class T>
void Embedding::backward(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx, const Cache<T>& cache) const {
    if (standsAlone()) return sumBackward(pass, sequences, in, dx);
    const int rows = sequences.rows();
    T* own = pass.takeRows(rows, m_model);
    std::copy_n(dx, std::int64_t{rows} * m_model, own);
    for (int r = 0; r < rows; ++r)
        if (in.tokens[r] < 0) std::fill_n(own + static_cast<std::ptrdiff_t>(r) * m_model, m_model, T{0});
    T* dsum = m_map ? pass.takeRows(rows, m_d) : own;
    if (m_map) m_map->backward(pass, rows, cache.normed, static_cast<const T*>(own), m_model, dsum);
    if (m_norm) m_norm->backward(pass, rows, static_cast<const T*>(dsum), cache.norm, dsum);
    if (pass.tap) pass.tap->gradient(std::string(cache.name) + ".sum", {rows, m_d}, dsum);
    sumBackward(pass, sequences, in, static_cast<const T*>(dsum));
}

template <class T>
void Embedding::sumBackward(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx) const {
    if (pass.adapters) return;  // they are of none of its tables
    if (m_input) return backwardVectors(pass, sequences, in, dx);
    const int* tokens = in.tokens;
    if (m_hasBias) addBiasGradient(pass, sequences, tokens, dx);
    backwardPositions(pass, sequences, tokens, dx);
    if (m_segments > 0) backwardSegments(pass, sequences, tokens, dx);
    if (pass.isFrozen(m_table)) return;
    T* table = pass.gradient + m_table;
    for (int r = 0; r < sequences.rows(); ++r, dx += m_d)
        if (tokens[r] >= 0) pass.kernels.add(m_d, dx, table + static_cast<std::size_t>(tokens[r]) * static_cast<std::size_t>(m_d));
}

#define INSTANTIATE(T)                                                                                           \
    template void Embedding::forward(Pass<T>&, const Sequences&, const Rows&, T*, Cache<T>&) const;              \
    template void Embedding::backward(Pass<T>&, const Sequences&, const Rows&, const T*, const Cache<T>&) const; \
    template void Embedding::step(Pass<T>&, std::span<const int>, int, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
