#pragma once

#include <string>
#include <vector>

#include "core/config/model_config.h"
#include "core/layers/linear.h"

namespace lab {

/// Adaptive computation time (Graves 2016, arXiv 1603.08983, equations 5 to 13), by position as in the Universal Transformer (Dehghani
/// 2018, arXiv 1807.03819): after each step n = 1, 2 .. a unit gives h_n = sigma(w s_n + b) of a position's state s_n. The position halts
/// at N, the first n with h_1 + .. + h_n >= 1 - epsilon, at the latest at the limit, and its state is copied from then on. What goes on is
/// y = sum p_n s_n with p_n = h_n before N and p_N = R = 1 - h_1 - .. - h_{N-1}. It costs tau (N + R), the mean over a sequence's positions
/// (Pass::beside), whose gradient goes through R alone. Rows of padding take no step and give zeros.
class Halting {
public:
    template <class T>
    struct Cache {
        const T** states = nullptr;     ///< [limit] of [rows, d]: s_1 .. ; of the looking path also those behind the last one that counts
        T* unit = nullptr;              ///< [limit, rows] h; 0 where the position had halted
        T* share = nullptr;             ///< [limit, rows] p
        T* sum = nullptr;               ///< [rows] of h so far
        T* dunit = nullptr;             ///< [limit, rows] in the backward pass
        int* steps = nullptr;           ///< [rows] N; 0 while the position goes on
        signed char* halted = nullptr;  ///< [limit, rows] whether it had halted before the step
        int done = 0;                   ///< steps that were made
    };

    Halting(LayerBuilder builder, const std::string& side, const DepthConfig& config, int d, int limit);

    template <class T>
    void start(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;
    /// The rows that had halted before step `step` (from 0) and are copied by it, [rows].
    template <class T>
    const signed char* haltedBefore(const Sequences& sequences, int step, const Cache<T>& cache) const {
        return cache.halted + std::ptrdiff_t{step} * sequences.rows();
    }
    /// Behind step `step`, which led to `state` [rows, d]. Whether a position goes on.
    template <class T>
    bool goesOn(Pass<T>& pass, const Sequences& sequences, int step, const T* state, Cache<T>& cache) const;
    /// Behind the last step: y [rows, d].
    template <class T>
    T* mixed(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;

    /// From the gradient of y to those of h, and of w and b.
    template <class T>
    void backward(Pass<T>& pass, const Sequences& sequences, const T* dy, Cache<T>& cache) const;
    /// Adds to dstate [rows, d], the gradient of the state behind `step`, what comes by y and by the unit.
    template <class T>
    void addStateGradient(Pass<T>& pass, const Sequences& sequences, int step, const T* dy, const Cache<T>& cache, T* dstate) const;

private:
    template <class T>
    T ponderWeight(const Pass<T>& pass, int length) const;
    template <class T>
    void look(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;
    template <class T>
    void lookBack(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache, T* dshare, T* dponder) const;
    std::string stepName(int step, const char* what) const;

    std::string m_side;
    int m_d, m_limit;
    double m_epsilon, m_tau;
    std::size_t m_weight, m_bias;
};

/// The rows [n] of x that are marked, into y.
template <class T>
void copyMarkedRows(int rows, int n, const signed char* marked, const T* x, T* y);

}  // namespace lab
