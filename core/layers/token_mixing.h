#pragma once

#include <string>

#include "core/layers/feed_forward.h"

namespace lab {

/// In place of attention one net over all positions: y = W_2 f(W_1 x + b_1) + b_2, x the sequence's rows one behind the other, filled up
/// with zeros to max_seq_len positions. Its weights are tied to positions, its size to their number.
class TokenMixing {
public:
    template <class T>
    struct Cache {
        FeedForward::Cache<T> net;
    };

    TokenMixing(LayerBuilder builder, const std::string& name, const LayerConfig& config);

    /// addend [rows, d_model] is added to y, or to dx: the residual stream. Rows behind a sequence's end are neither read nor written to:
    /// of y and dx they get the addend alone.
    template <class T>
    void forward(Pass<T>& pass, const Sequences& sequences, const T* x, T* y, Cache<T>& cache, const T* addend) const;
    template <class T>
    void backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend) const;

private:
    /// [B, max_seq_len d_model] of rows [B T, d_model], zeros where there is no token to see.
    template <class T>
    T* flattened(Pass<T>& pass, const Sequences& sequences, const T* rows) const;
    template <class T>
    void unflatten(Pass<T>& pass, const Sequences& sequences, const T* flat, T* rows, const T* addend) const;
    /// Zeros of one flattened sequence what the looking path hides; the same on the gradient is the backward.
    template <class T>
    void hideMasked(const Pass<T>& pass, T* flat) const;

    int m_d, m_positions;
    FeedForward m_net;  ///< a row is a sequence
};

}  // namespace lab
