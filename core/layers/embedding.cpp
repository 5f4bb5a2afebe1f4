#include "core/layers/embedding.h"

#include <algorithm>

#include "core/config/model_config.h"
#include "core/layers/position/sinusoidal.h"
#include "core/tensor/batch.h"

namespace lab {

Embedding::Embedding(LayerBuilder builder, const ModelConfig& config)
    : m_d(config.d_model), m_position(config.position.kind), m_hasBias(config.embedding_bias) {
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

template <class T>
void Embedding::forward(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x) const {
    if (m_input) return forwardVectors(pass, sequences, in, x);
    for (int r = 0; r < sequences.rows(); ++r, x += m_d) {
        if (in.tokens[r] < 0)
            std::fill_n(x, m_d, T{0});
        else
            row(pass.weights, in.tokens[r], r % sequences.length, x);
    }
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
void Embedding::backward(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx) const {
    if (m_input) return backwardVectors(pass, sequences, in, dx);
    const int* tokens = in.tokens;
    if (m_hasBias) addBiasGradient(pass, sequences, tokens, dx);
    backwardPositions(pass, sequences, tokens, dx);
    T* table = pass.gradient + m_table;
    for (int r = 0; r < sequences.rows(); ++r, dx += m_d)
        if (tokens[r] >= 0) pass.kernels.add(m_d, dx, table + static_cast<std::size_t>(tokens[r]) * static_cast<std::size_t>(m_d));
}

#define INSTANTIATE(T)                                                                          \
    template void Embedding::forward(Pass<T>&, const Sequences&, const Rows&, T*) const;        \
    template void Embedding::backward(Pass<T>&, const Sequences&, const Rows&, const T*) const; \
    template void Embedding::row(const T*, int, int, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
