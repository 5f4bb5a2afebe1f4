#pragma once

#include "core/config/kernel_kind.h"
#include "core/layers/attention/head.h"

namespace lab {

/// Linear attention without any n x n array (Katharopoulos et al. 2020, arXiv 2006.16236): with q and k already phi(q) and phi(k),
/// out_i = q_i S / (q_i z + epsilon), S = sum_j k_j^T v_j and z = sum_j k_j over all keys, or when causal over j <= i as running sums.
///
/// Causal with `top` [n]: k_j is to be multiplied by exp(top_j - top_i) for query i (RandomFeatures), top never falling. Then a chunk ends
/// where top rises, and the sums are brought to the new one: which rows a chunk has up to a row depends on nothing behind it.
template <class T>
class RunningSums {
public:
    RunningSums(Pass<T>& pass, KernelKind kernel, int headDim, int features, int length);

    /// out [n, head_dim]; rowSums [n] keeps q_i z + epsilon. `top` null where there is none.
    void forward(const HeadInput<T>& head, bool causal, const T* top, T* rowSums, T* out, int ldout);
    void backward(const HeadInput<T>& head, bool causal, const T* top, const T* rowSums, const T* out, int ldout,
                  const HeadGradient<T>& gradient);

private:
    int chunkAt(int first, int rows, bool causal, const T* top) const;
    void moveSums(const T* top, int from, int to);
    void prepareValues(const HeadInput<T>& head);
    void chunkScores(const HeadInput<T>& head, int first, int count, T* scores);
    void gradientOfSums(const HeadInput<T>& head, const T* rowSums, const T* out, int ldout, const HeadGradient<T>& gradient);
    void backwardQueries(const HeadInput<T>& head, bool causal, const T* top, const HeadGradient<T>& gradient);
    void backwardKeys(const HeadInput<T>& head, bool causal, const T* top, const HeadGradient<T>& gradient);

    const Kernels<T>& m_kernels;
    KernelKind m_kernel;
    int m_headDim;
    int m_features;   ///< numbers of a phi; head_dim with the linear kernel
    int m_width;      ///< head_dim + 1: the value's columns and one of ones, whose sum is z
    T* m_values;      ///< [n, width] v and 1
    T* m_sums;        ///< [features, width] S and z
    T* m_product;     ///< [n, width] q S and q z; in the backward their gradient
    T* m_scores;      ///< [chunk, chunk]
    T* m_gradScores;  ///< [chunk, chunk]
    T* m_turned;      ///< transposes
    T* m_step;        ///< [n, width] result of one product
};

}  // namespace lab
