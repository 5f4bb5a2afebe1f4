#pragma once

#include <optional>
#include <string>

#include "core/config/layer_config.h"
#include "core/layers/linear.h"

namespace lab {

/// down(dropout(f(up x))), or down(dropout(silu(gate x) * up x)) (Shazeer 2020, arXiv 2002.05202).
class FeedForward {
public:
    template <class T>
    struct Cache {
        const T* x = nullptr;
        T* up = nullptr;      ///< [rows, d_ff], or with swiglu gate and up side by side [rows, 2 d_ff]; null when relu is fused
        T* hidden = nullptr;  ///< [rows, d_ff] after the activation
    };

    FeedForward(LayerBuilder builder, const std::string& name, const LayerConfig& config);

    /// Numbers of a row that it reads: d_model, and with a dictionary those that were looked up behind them.
    int in() const { return m_up.in(); }
    /// x [rows, in()]. addend is added to y [rows, d_model], or to dx [rows, in()]: the residual stream. Rows: Sequences or Ragged.
    template <class T, class Rows>
    void forward(Pass<T>& pass, const Rows& sequences, const T* x, T* y, Cache<T>& cache, const T* addend = nullptr) const;
    template <class T, class Rows>
    void backward(Pass<T>& pass, const Rows& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend = nullptr) const;
    /// Of a layer that no row went through.
    template <class T>
    void backwardOfNothing(Pass<T>& pass) const;

private:
    /// The looking path keeps what the activation reads.
    template <class T>
    bool fusesRelu(const Pass<T>& pass) const {
        return m_activation == Activation::relu && !pass.tap;
    }
    template <class T>
    void activate(Pass<T>& pass, int rows, const T* up, T* hidden) const;
    template <class T>
    void activateBackward(Pass<T>& pass, int rows, const T* up, const T* dhidden, T* dup) const;

    std::string m_name;
    Activation m_activation;
    int m_d, m_dff;
    Linear m_up;  ///< swiglu: gate and up fused
    Linear m_down;
};

}  // namespace lab
