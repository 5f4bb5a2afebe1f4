#include "core/layers/embedding.h"

#include <algorithm>

#include "core/config/model_config.h"
#include "core/layers/position/sinusoidal.h"

namespace lab {

Embedding::Embedding(LayerBuilder builder, const ModelConfig& config)
    : m_d(config.d_model), m_position(config.position.kind), m_hasBias(config.embedding_bias) {
    ParameterLayout& layout = builder.layout;
    const int vocabulary = *config.vocab_size;
    m_tokenTable = layout.add("token_embedding.weight", {vocabulary, m_d}, ParameterRole::tokenTable, m_d, vocabulary);
    m_table = layout[m_tokenTable].offset;
    if (m_hasBias) m_bias = layout[layout.add("token_embedding.bias", {m_d}, ParameterRole::tokenBias, m_d, vocabulary)].offset;
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
    // code: input first
    const T* table = weights + m_table + static_cast<std::size_t>(token) * static_cast<std::size_t>(m_d);
    for (int i = 0; i < m_d; ++i) x[i] = table[i] + (m_hasBias ? weights[m_bias + static_cast<std::size_t>(i)] : T{0});
    addPosition(weights, position, x);
    // end code
}

template <class T>
void Embedding::forward(Pass<T>& pass, const Sequences& sequences, const int* tokens, T* x) const {
    for (int r = 0; r < sequences.rows(); ++r, x += m_d) {
        if (tokens[r] < 0)
            std::fill_n(x, m_d, T{0});
        else
            row(pass.weights, tokens[r], r % sequences.length, x);
    }
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
void Embedding::backward(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const {
    T* g = pass.gradient;
    if (m_hasBias) addBiasGradient(pass, sequences, tokens, dx);
    for (int r = 0; r < sequences.rows(); ++r, dx += m_d) {
        if (tokens[r] < 0) continue;
        pass.kernels.add(m_d, dx, g + m_table + static_cast<std::size_t>(tokens[r]) * static_cast<std::size_t>(m_d));
        if (m_position == PositionKind::learned)
            pass.kernels.add(m_d, dx, g + m_positions + static_cast<std::size_t>(r % sequences.length) * static_cast<std::size_t>(m_d));
    }
}

#define INSTANTIATE(T)                                                                         \
    template void Embedding::forward(Pass<T>&, const Sequences&, const int*, T*) const;        \
    template void Embedding::backward(Pass<T>&, const Sequences&, const int*, const T*) const; \
    template void Embedding::row(const T*, int, int, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
