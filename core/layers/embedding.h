#pragma once

#include <vector>

#include "core/config/position_kind.h"
#include "core/layers/linear.h"

namespace lab {

struct ModelConfig;

/// Token table plus bias plus sinusoidal or learned positions. Padding (a negative id) embeds as zeros.
class Embedding {
public:
    Embedding(LayerBuilder builder, const ModelConfig& config);

    /// tokens [sequences.rows()] -> x [rows, d_model]
    template <class T>
    void forward(Pass<T>& pass, const Sequences& sequences, const int* tokens, T* x) const;
    template <class T>
    void backward(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const;
    /// One row at a position of a sequence that is being generated.
    template <class T>
    void row(const T* weights, int token, int position, T* x) const;

    int tokenTable() const { return m_tokenTable; }  ///< index of the parameter

private:
    template <class T>
    void addBiasGradient(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const;
    template <class T>
    void addPosition(const T* weights, int position, T* x) const;

    int m_d;
    PositionKind m_position;
    int m_tokenTable;
    std::size_t m_table = 0;
    std::size_t m_bias = 0;
    bool m_hasBias;
    std::size_t m_positions = 0;       ///< learned
    std::vector<double> m_sinusoidal;  ///< rows for the lengths seen in training; longer ones are computed
    int m_sinusoidalRows = 0;
};

}  // namespace lab
