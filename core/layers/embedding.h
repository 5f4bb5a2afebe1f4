#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/config/position_kind.h"
#include "core/layers/linear.h"
#include "core/layers/norm.h"

namespace lab {

struct ModelConfig;

/// Token table plus bias, or of vectors one linear map and a learned class token (Dosovitskiy et al. 2020, arXiv 2010.11929, equation 1);
/// plus sinusoidal or learned positions, and segments: the sum has embedding_dim numbers. Behind it may stand a norm (BERT, Devlin et al.
/// 2018, arXiv 1810.04805) and a map to d_model (ALBERT, Lan et al. 2019, arXiv 1909.11942). Padding (a negative id) embeds as zeros.
class Embedding {
public:
    Embedding(LayerBuilder builder, const ModelConfig& config);

    /// What stands at the rows of some sequences.
    struct Rows {
        const int* tokens = nullptr;     ///< [rows]
        const float* vectors = nullptr;  ///< [rows, input_dim] of a model of vectors
    };

    template <class T>
    struct Cache {
        const char* name = "embedding";  ///< of the trace's tensors: a decoder behind an encoder has its own
        T* sum = nullptr;                ///< [rows, embedding_dim] where something stands behind it
        typename Norm::Cache<T> norm;
        T* normed = nullptr;  ///< [rows, embedding_dim] what the map reads
    };

    /// -> x [sequences.rows(), d_model]
    template <class T>
    void forward(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x, Cache<T>& cache) const;
    template <class T>
    void backward(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx, const Cache<T>& cache) const;
    /// The next tokens of a sequence that is being generated, from `position` on; of models without segments. x [rows, d_model]
    template <class T>
    void step(Pass<T>& pass, std::span<const int> tokens, int position, T* x) const;

    int tokenTable() const { return m_tokenTable; }  ///< index of the parameter; of tokens

private:
    void addTable(ParameterLayout& layout, int vocabulary);
    void addPositions(ParameterLayout& layout, const ModelConfig& config);
    /// The sum alone, [rows, embedding_dim].
    template <class T>
    void sum(Pass<T>& pass, const Sequences& sequences, const Rows& in, T* x) const;
    template <class T>
    void sumBackward(Pass<T>& pass, const Sequences& sequences, const Rows& in, const T* dx) const;
    template <class T>
    void behindSum(Pass<T>& pass, int rows, T* x, Cache<T>& cache) const;
    bool standsAlone() const { return !m_norm && !m_map; }
    template <class T>
    void row(const T* weights, int token, int position, T* x) const;
    template <class T>
    void addSegments(const T* weights, const Sequences& sequences, const int* tokens, T* x) const;
    template <class T>
    void backwardSegments(Pass<T>& pass, const Sequences& sequences, const int* tokens, const T* dx) const;
    template <class F>
    void forSegments(const Sequences& sequences, const int* tokens, F f) const;
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

    int m_d;      ///< embedding_dim
    int m_model;  ///< d_model
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
    int m_segments = 0;  ///< rows of their table; 0: there is none
    int m_segmentEnd = -1;
    std::size_t m_segmentTable = 0;
    std::optional<Norm> m_norm;
    std::optional<Linear> m_map;
};

}  // namespace lab
