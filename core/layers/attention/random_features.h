#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/layers/pass.h"

namespace lab {

/// Positive random features of the exponential kernel (FAVOR+, Choromanski et al. 2020, arXiv 2009.14794, lemma 1 and section 2.4):
/// phi(x)_r = exp(u_r) / sqrt(m), u_r = w_r . x' - |x'|^2 / 2, x' = x / head_dim^(1/4); the mean of phi(q) . phi(k) over draws of w is
/// exp(q . k / sqrt(head_dim)). Rows of w are orthogonal in blocks of head_dim, each as long as a row of N(0, 1) numbers.
///
/// What is used is exp(u_r - M_i) for a query and exp(u_r - K) for a key, M_i the query's own largest exponent and K one number for all
/// keys that a query may compare: both cancel where weights are divided by their row's sum, so they are constants to the gradient. Causal:
/// K_j is the largest exponent of keys 0 .. j (`top`), and what was made with an earlier one is multiplied by exp(K_j - K_i), so that no
/// later key changes an earlier row. Nothing is added to a feature.
class RandomFeatures {
public:
    /// w is a pure function of the seed and the name: one matrix for each layer, whose heads share it; with more features come more rows.
    RandomFeatures(int headDim, int features, std::uint64_t seed, const std::string& name);

    int width() const { return m_features; }
    const std::vector<double>& matrix() const { return m_matrix; }  ///< w [m, head_dim]

    /// u [rows, ldu] of x [rows, ldx].
    template <class T>
    void exponents(Pass<T>& pass, int rows, const T* x, int ldx, T* u, int ldu) const;
    /// Features of queries from their exponents, in place.
    template <class T>
    void ofQueries(Pass<T>& pass, int rows, T* u, int ldu) const;
    /// Features of keys from their exponents, in place; top [rows] is what was subtracted: causal K_j, else the same of all.
    template <class T>
    void ofKeys(Pass<T>& pass, int rows, bool causal, T* u, int ldu, T* top) const;
    /// dphi [rows, lddphi] of the features phi; adds to dx [rows, lddx].
    template <class T>
    void backward(Pass<T>& pass, int rows, const T* x, int ldx, const T* phi, int ldphi, const T* dphi, int lddphi, T* dx, int lddx) const;

private:
    template <class T>
    struct Tables {
        std::vector<T> byFeature;  ///< w [m, head_dim]
        std::vector<T> turned;     ///< [head_dim, m]
    };
    template <class T>
    const Tables<T>& tables() const;
    template <class T>
    void exponentials(Pass<T>& pass, T top, T* u) const;

    int m_headDim, m_features;
    std::vector<double> m_matrix;
    Tables<float> m_single;
    Tables<double> m_double;
};

}  // namespace lab
