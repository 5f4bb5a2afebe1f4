#pragma once

#include <optional>

#include "core/config/activation.h"
#include "core/config/output_kind.h"
#include "core/layers/norm.h"

namespace lab {

struct ModelConfig;

/// Of the hidden layer's norm, whatever norm.epsilon says.
constexpr double outputNormEpsilon = 1e-5;

/// From the residual stream to logits: one projection, or Linear(d, d), LayerNorm, ReLU, dropout, projection (SPEC.md 1.6), or BERT's
/// Linear(d, embedding_dim), activation, LayerNorm, projection (Devlin et al. 2018, arXiv 1810.04805); tied: the projection is the token
/// table. Or nothing: the stream itself is the answer.
class OutputHead {
public:
    template <class T>
    struct Cache {
        const T* x = nullptr;
        typename Norm::Cache<T> norm;
        T* activated = nullptr;     ///< [rows, inner] what the projection reads
        const T* normed = nullptr;  ///< [rows, d_model] what the relu reads; null without one
        T* hidden = nullptr;        ///< masked-word: [rows, inner] what the activation reads
    };

    OutputHead(LayerBuilder builder, const ModelConfig& config, int tokenTable);

    int classes() const { return m_projection ? m_projection->out() : m_d; }
    /// Distance between rows of the logits.
    int stride() const { return TransposedLayout::stride(classes()); }

    /// Logits [rows, stride()].
    template <class T>
    T* forward(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const;
    template <class T>
    T* backward(Pass<T>& pass, const Sequences& sequences, const T* dlogits, const Cache<T>& cache) const;

private:
    template <class T>
    T* hiddenOfMlp(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const;
    template <class T>
    T* hiddenOfGaps(Pass<T>& pass, int rows, const T* x, Cache<T>& cache) const;
    template <class T>
    T* backwardOfGaps(Pass<T>& pass, int rows, const T* dactivated, const Cache<T>& cache) const;
    template <class T>
    T* streamItself(Pass<T>& pass, int rows, const T* x) const;
    template <class T>
    T* streamBackward(Pass<T>& pass, int rows, const T* dlogits) const;

    OutputKind m_kind;
    Activation m_activation;  ///< masked-word
    int m_d;
    int m_inner;  ///< numbers of a row that the projection reads
    std::optional<Linear> m_hidden;
    std::optional<Norm> m_norm;
    std::optional<Linear> m_projection;
};

}  // namespace lab
