#pragma once

#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/layers/feed_forward.h"
#include "core/layers/linear.h"

namespace lab {

/// E feed-forward layers, of which each row goes through those k that a router chooses (Shazeer 2017, arXiv 1701.06538):
/// p = softmax(W_r x), y = sum of g_e FFN_e(x) over the k largest p_e, of equal ones the first; g_e = p_e / sum of the chosen p (Jiang
/// 2024, arXiv 2401.04088), with k = 1 p_e (Fedus 2021, arXiv 2101.03961). Rows of padding go through none: they give zeros. Beside the
/// answers a sequence costs balance E sum_e f_e P_e, f_e the share of its choices that are e, P_e the mean of its p_e.
class Experts {
public:
    /// Rows are gathered expert after expert, of each in their order; a row stands there k times.
    template <class T>
    struct Cache {
        const T* x = nullptr;
        T* probabilities = nullptr;                ///< p [rows, E]
        int* chosen = nullptr;                     ///< [rows, k]: experts, the most probable first
        T* gates = nullptr;                        ///< g [rows, k]
        int* counts = nullptr;                     ///< [E, sequences]: gathered rows
        int* places = nullptr;                     ///< [rows, k]: the gathered row
        T* gathered = nullptr;                     ///< [gathered rows, d_model]
        T* made = nullptr;                         ///< [gathered rows, d_model], what the experts gave
        FeedForward::Cache<T>* experts = nullptr;  ///< [E]
    };

    Experts(LayerBuilder builder, const std::string& name, const LayerConfig& config);

    /// x [rows, d_model]. addend is added to y, or to dx: the residual stream.
    template <class T>
    void forward(Pass<T>& pass, const Sequences& sequences, const T* x, T* y, Cache<T>& cache, const T* addend = nullptr) const;
    template <class T>
    void backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend = nullptr) const;

private:
    int count() const { return static_cast<int>(m_experts.size()); }
    /// f(row, its k entries begin here): of each row that is no padding.
    template <class F>
    void eachRow(const Sequences& sequences, F f) const;
    template <class T>
    Ragged rowsOf(const Sequences& sequences, const Cache<T>& cache, int expert) const;

    template <class T>
    void route(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const;
    template <class T>
    void choose(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;
    template <class T>
    void showChoices(Pass<T>& pass, int rows, int* chosen) const;
    template <class T>
    void gather(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;
    template <class T>
    double balanceOf(const Sequences& sequences, const Cache<T>& cache, T weight, T* dp) const;
    template <class T>
    T* gatesBackward(Pass<T>& pass, const Sequences& sequences, const Cache<T>& cache, T* dgates) const;

    std::string m_name;
    int m_d, m_chosen;
    double m_balance;
    Linear m_router;
    std::vector<FeedForward> m_experts;
};

}  // namespace lab
