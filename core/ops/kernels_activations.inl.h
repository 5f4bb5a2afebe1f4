#pragma once

#include "core/ops/kernels_math.inl.h"

namespace lab {
namespace {

/// y = f(x)
template <class T, class Function>
LAB_INLINE void map(Index n, const T* x, T* y, Function f) {
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, y + i, f(load(lanes, x + i))); });
}

/// dx = f(x, dy)
template <class T, class Function>
LAB_INLINE void mapBackward(Index n, const T* x, const T* dy, T* dx, Function f) {
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, dx + i, f(load(lanes, x + i), load(lanes, dy + i))); });
}

template <class T>
void reluForward(Index n, const T* x, T* y) {
    // code: ffn_bend relu
    map<T>(n, x, y, [](Vector<T> v) { return v < T(0) ? Vector<T>{} : v; });  // keeps NaN
    // end code
}

template <class T>
void reluBackward(Index n, const T* x, const T* dy, T* dx) {
    // code: d_ffn_bend,d_l_ffn relu
    mapBackward<T>(n, x, dy, dx, [](Vector<T> v, Vector<T> d) { return v > T(0) ? d : Vector<T>{}; });
    // end code
}

template <class T>
void geluForward(Index n, const T* x, T* y) {
    // code: ffn_bend gelu
    map<T>(n, x, y, [](Vector<T> v) { return v * normalCumulative(v); });
    // end code
}

template <class T>
void geluBackward(Index n, const T* x, const T* dy, T* dx) {
    // code: d_ffn_bend,d_l_ffn gelu
    mapBackward<T>(n, x, dy, dx, [](Vector<T> v, Vector<T> d) { return d * geluSlope(v); });
    // end code
}

constexpr double rootTwoOverPi = 0.79788456080286535588;

/// (1 + tanh(u)) / 2 is sigmoid(2 u), so the tanh form of GELU is x sigmoid(2 u(x)).
template <class T>
void geluTanhForward(Index n, const T* x, T* y) {
    // code: ffn_bend tanh
    map<T>(n, x, y, [](Vector<T> v) { return v * sigmoid<T>(T(2 * rootTwoOverPi) * (v + T(0.044715) * v * v * v)); });
    // end code
}

template <class T>
void geluTanhBackward(Index n, const T* x, const T* dy, T* dx) {
    mapBackward<T>(n, x, dy, dx, [](Vector<T> v, Vector<T> d) {
        // code: d_ffn_bend,d_l_ffn tanh
        const Vector<T> s = sigmoid<T>(T(2 * rootTwoOverPi) * (v + T(0.044715) * v * v * v));
        const Vector<T> slope = T(2 * rootTwoOverPi) * (T(1) + T(3 * 0.044715) * v * v);
        return d * (s + v * s * (T(1) - s) * slope);
        // end code
    });
}

constexpr double quickGeluFactor = 1.702;

template <class T>
void quickGeluForward(Index n, const T* x, T* y) {
    // code: ffn_bend quick
    map<T>(n, x, y, [](Vector<T> v) { return v * sigmoid<T>(T(quickGeluFactor) * v); });
    // end code
}

template <class T>
void quickGeluBackward(Index n, const T* x, const T* dy, T* dx) {
    mapBackward<T>(n, x, dy, dx, [](Vector<T> v, Vector<T> d) {
        // code: d_ffn_bend,d_l_ffn quick
        const Vector<T> s = sigmoid<T>(T(quickGeluFactor) * v);
        return d * (s + T(quickGeluFactor) * v * s * (T(1) - s));
        // end code
    });
}

template <class T>
void reluSquaredForward(Index n, const T* x, T* y) {
    // code: ffn_bend squared
    map<T>(n, x, y, [](Vector<T> v) { return v < T(0) ? Vector<T>{} : v * v; });  // keeps NaN
    // end code
}

template <class T>
void reluSquaredBackward(Index n, const T* x, const T* dy, T* dx) {
    // code: d_ffn_bend,d_l_ffn squared
    mapBackward<T>(n, x, dy, dx, [](Vector<T> v, Vector<T> d) { return v > T(0) ? T(2) * v * d : Vector<T>{}; });
    // end code
}

template <class T>
void swigluForward(Index n, const T* gate, const T* up, T* y) {
    forVectors<T>(n, [&](auto lanes, Index i) {
        // code: ffn_bend gated
        const Vector<T> g = load(lanes, gate + i);
        store(lanes, y + i, g * sigmoid<T>(g) * load(lanes, up + i));
        // end code
    });
}

template <class T>
void swigluBackward(Index n, const T* gate, const T* up, const T* dy, T* dgate, T* dup) {
    forVectors<T>(n, [&](auto lanes, Index i) {
        // code: d_ffn_bend,d_l_ffn gated
        const Vector<T> g = load(lanes, gate + i), u = load(lanes, up + i), d = load(lanes, dy + i);
        const Vector<T> s = sigmoid<T>(g);
        store(lanes, dgate + i, d * u * (s + g * s * (T(1) - s)));
        store(lanes, dup + i, d * g * s);
        // end code
    });
}

template <class T>
void eluPlusOneForward(Index n, const T* x, T* y) {
    // code: phi
    map<T>(n, x, y, [](Vector<T> v) { return v > T(0) ? v + T(1) : exponential<T>(v); });
    // end code
}

template <class T>
void eluPlusOneBackward(Index n, const T* x, const T* dy, T* dx) {
    // code: d_query,d_key linear
    mapBackward<T>(n, x, dy, dx, [](Vector<T> v, Vector<T> d) { return v > T(0) ? d : d * exponential<T>(v); });
    // end code
}

}  // namespace
}  // namespace lab
