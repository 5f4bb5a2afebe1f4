#pragma once

#include "core/layers/pass.h"

namespace lab {

/// One head of one sequence, as it lies in the projections' buffers. With kernels of features q and k are phi(q) and phi(k).
template <class T>
struct HeadInput {
    const T* q;  ///< [queries, head_dim], of drawn features [queries, features]
    int ldq;
    const T* k;  ///< as q; q itself in the KV forms
    int ldk;
    const T* v;  ///< [keys, head_dim]
    int ldv;
    int queries, keys, headDim;
};

/// Where a head's gradients go. dq may be dk (KV forms): both are then added up there.
template <class T>
struct HeadGradient {
    const T* dout;  ///< [queries, head_dim]
    int lddout;
    T* dq;  ///< as wide as the input's q
    int lddq;
    T* dk;
    int lddk;
    T* dv;
    int lddv;
    bool addToKeys;  ///< false for the first query head of a group: dk and dv are overwritten
};

/// What is done to q . k before the softmax: factor * (q . k) + columnBias_j - slope |i - j|.
template <class T>
struct ScoreTerms {
    T factor = 1;
    const T* columnBias = nullptr;  ///< [keys] KV+Pos: g(j)
    T slope = 0;                    ///< ALiBi
};

/// KV+Pos: what the scores' gradient says about the position map, summed over heads and sequences.
template <class T>
struct PositionMapSums {
    double scoreProduct = 0;  ///< sum_ij dS'_ij (q_i . k_j)
    T* columns = nullptr;     ///< [keys] sum_i dS'_ij
};

}  // namespace lab
