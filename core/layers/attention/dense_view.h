#pragma once

#include "core/layers/attention/attention.h"

// For the looking path's own sources.

namespace lab {

/// The looking path's arrays of one sequence, one behind the other from cache.dense on; null where that is.
template <class T>
struct Attention::DenseView {
    int queries, keys;
    T *q, *k, *v;                    ///< [H, Tq, D], [G, Tk, D], [G, Tk, D]; after the rotation
    T *phiQ, *phiK;                  ///< what the scores are made of: phi(q), phi(k), or q and k themselves; [.., .., scoreWidth()]
    T* top;                          ///< [G, Tk] drawn features: what was subtracted from the keys' exponents
    T *scores, *masked;              ///< [H, Tq, Tk]
    T* decay;                        ///< [H, Tq, Tk] what is left of a weight, where weights fade
    T *weights, *rowSums;            ///< [H, Tq, Tk], [H, Tq] of kernels of features
    T* lambda;                       ///< [1] of what is subtracted
    T* shares;                       ///< [H, Tq, Tk] heads' own maps, of which `weights` are differences; else `weights` themselves
    T* out;                          ///< [H, Tq, D]
    T *raw, *inverse;                ///< [H, Tq, D], [H, Tq] `out` before its norm and the norm's 1 / root, where weights fade
    T* before;                       ///< [stages, H, Tq, Tk] what each stage of the scores got
    T* keyLengths;                   ///< [G, Tk] that keys of length 1 had
    T* sunk;                         ///< [H, Tq] share of a row that went to the sink
    int globals;                     ///< the first so many queries have projections of their own
    T *globalQ, *globalK, *globalV;  ///< [H, globals, D], [G, Tk, D], [G, Tk, D]
    T* dropped;                      ///< [H, Tq, Tk] weights behind their dropout; `weights` themselves without
    std::size_t size;                ///< of all of them together

    std::ptrdiff_t map(int h) const { return static_cast<std::ptrdiff_t>(h) * queries * keys; }
};

/// Gradients of what the first queries have for themselves, laid out as the view's; dout and ds are taken out of the others'.
template <class T>
struct Attention::GlobalGradient {
    T* dout;          ///< [H, globals, D]
    T* ds;            ///< [H, globals, Tk]
    T *dq, *dk, *dv;  ///< [H, globals, D], [G, Tk, D], [G, Tk, D]
};

/// [G, Tk, D] each. Keys and values that stand as they were made get theirs apart, which no state of the layer before gets; null where
/// there are none.
template <class T>
struct Attention::KeyGradients {
    T *dk, *dv;
    T *detachedK, *detachedV;

    /// f(dk) of those that there are.
    template <class F>
    void each(F f) const {
        f(dk);
        if (detachedK) f(detachedK);
    }
};

template <class T>
void tapTensor(const Pass<T>& pass, const std::string& name, const std::vector<int>& shape, T* values) {
    if (pass.tap) pass.tap->tensor(name, shape, values);
}
template <class T>
void tapGradient(const Pass<T>& pass, const std::string& name, const std::vector<int>& shape, T* values) {
    if (pass.tap) pass.tap->gradient(name, shape, values);
}

}  // namespace lab
