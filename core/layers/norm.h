#pragma once

#include <string>

#include "core/config/norm_kind.h"
#include "core/layers/linear.h"

namespace lab {

/// Layer norm (Ba et al. 2016), root-mean-square norm (Zhang & Sennrich 2019) or nothing at all to each row, with the residual sum before
/// it fused in.
class Norm {
public:
    template <class T>
    struct Cache {
        T* normalised = nullptr;  ///< [rows, n] before gamma and beta
        T* inverse = nullptr;     ///< [rows] 1 / sqrt(variance + epsilon)
    };

    Norm(LayerBuilder builder, const std::string& name, int n, NormKind kind, double epsilon);

    /// y = norm(x + residual); residual may be null. `normalised` is where the cache may keep its rows (x itself, when nobody else reads
    /// it); null: an array of the pass.
    template <class T>
    void forward(Pass<T>& pass, int rows, const T* x, const T* residual, T* y, Cache<T>& cache, T* normalised = nullptr) const;
    /// dz is the gradient of the sum x + residual, so of both; may be dy.
    template <class T>
    void backward(Pass<T>& pass, int rows, const T* dy, const Cache<T>& cache, T* dz) const;

private:
    int m_n;
    NormKind m_kind;
    double m_epsilon;
    std::size_t m_weight = 0;
    std::size_t m_bias = 0;  ///< layer norm only
};

}  // namespace lab
