#pragma once

#include <string>

#include "core/layers/linear.h"

namespace lab {

/// Root-mean-square norm of each head's vector with one gain [head_dim] for all heads, before any rotation (Henry et al. 2020, arXiv
/// 2010.04245; in this form Qwen3).
class HeadNorm {
public:
    template <class T>
    struct Cache {
        T* normalised = nullptr;  ///< [rows, heads, head_dim] before the gain
        T* inverse = nullptr;     ///< [rows, heads] 1 / sqrt(mean square + epsilon)
    };

    HeadNorm(LayerBuilder builder, const std::string& name, int headDim, double epsilon);

    /// In place: `heads` vectors side by side in each row of x [rows, ldx].
    template <class T>
    void forward(Pass<T>& pass, int rows, int heads, T* x, int ldx, Cache<T>& cache) const;
    /// Gradient of the result in, of what was normalised out.
    template <class T>
    void backward(Pass<T>& pass, int rows, int heads, T* dx, int lddx, const Cache<T>& cache) const;

private:
    int m_headDim;
    double m_epsilon;
    std::size_t m_weight;
};

}  // namespace lab
