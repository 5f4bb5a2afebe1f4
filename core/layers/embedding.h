#pragma once

#include <optional>
#include <vector>

#include "core/config/position_kind.h"
#include "core/layers/linear.h"

namespace lab {

struct ModelConfig;

/// Token table plus bias, or of vectors one linear map and a learned class token (Dosovitskiy et al. 2020, arXiv 2010.11929, equation 1);
/// plus sinusoidal or learned positions. Padding (a negative id) embeds as zeros.
class Embedding {
public:
    Embedding(LayerBuilder builder, const ModelConfig& config);

    /// What stands at the rows of some sequences.
    struct Rows {
        const int* tokens = nullptr;     ///< [rows]
        const float* vectors = nullptr;  ///< [rows, input_dim] of a model of vectors
    };

    /// -> x [sequences.rows(), d_model]
    template <class T>
    void forward(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x) const;
    template <class T>
    void backward(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx) const;
    /// One row at a position of a sequence of tokens that is being generated.
    template <class T>
    void row(const T* weights, int token, int position, T* x) const;

    int tokenTable() const { return m_tokenTable; }  ///< index of the parameter; of tokens

private:
    void addTable(ParameterLayout& layout, int vocabulary);
    void addPositions(ParameterLayout& layout, const ModelConfig& config);
    template <class T>
    T* numbersOf(Pass<T>& pass, int rows, const float* vectors) const;
    template <class T>
    void forwardVectors(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x) const;
    template <class T>
    void backwardVectors(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx) const;
    template <class T>
    void backwardPositions(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const;
    template <class T>
    void addBiasGradient(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const;
    template <class T>
    void addPosition(const T* weights, int position, T* x) const;

    int m_d;
    PositionKind m_position;
    int m_tokenTable = -1;
    std::size_t m_table = 0;
    std::size_t m_bias = 0;
    bool m_hasBias;
    std::optional<Linear> m_input;  ///< of vectors, in place of the table
    std::size_t m_classToken = 0;
    std::size_t m_positions = 0;       ///< learned
    std::vector<double> m_sinusoidal;  ///< rows for the lengths seen in training; longer ones are computed
    int m_sinusoidalRows = 0;
};

}  // namespace lab
