#pragma once

#include <optional>

#include "core/layers/norm.h"

namespace lab {

struct ModelConfig;

/// Of the hidden layer's norm, whatever norm.epsilon says.
constexpr double outputNormEpsilon = 1e-5;

/// From the residual stream to logits: one projection, or Linear(d, d), LayerNorm, ReLU, dropout, projection (SPEC.md 1.6); tied: the
/// projection is the token table.
class OutputHead {
public:
    template <class T>
    struct Cache {
        const T* x = nullptr;
        typename Norm::Cache<T> norm;
        T* activated = nullptr;     ///< [rows, d_model] what the projection reads
        const T* normed = nullptr;  ///< [rows, d_model] what the relu reads; null without hidden layer
    };

    OutputHead(LayerBuilder builder, const ModelConfig& config, int tokenTable);

    int classes() const { return m_projection.out(); }
    /// Distance between rows of the logits.
    int stride() const { return m_projection.stride(); }

    /// Logits [rows, stride()].
    template <class T>
    T* forward(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const;
    template <class T>
    T* backward(Pass<T>& pass, const Sequences& sequences, const T* dlogits, const Cache<T>& cache) const;

private:
    int m_d;
    std::optional<Linear> m_hidden;
    std::optional<Norm> m_norm;
    Linear m_projection;
};

}  // namespace lab
