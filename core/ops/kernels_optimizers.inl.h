#pragma once

#include "core/ops/kernels_math.inl.h"

namespace lab {
namespace {

/// PyTorch's order: decay, moments, then w -= lr / c1 * m / (sqrt(v) / sqrt(c2) + epsilon).
template <class T>
void adam(Index n, const AdamFactors& factors, const T* gradient, T* weights, T* first, T* second) {
    const T beta1 = static_cast<T>(factors.beta1), rest1 = static_cast<T>(1 - factors.beta1);
    const T beta2 = static_cast<T>(factors.beta2), rest2 = static_cast<T>(1 - factors.beta2);
    const T gradientScale = static_cast<T>(factors.gradientScale);
    const T keep = static_cast<T>(1 - factors.learningRate * factors.decay);
    const T step = static_cast<T>(factors.learningRate / factors.correction1);
    const T rootScale = static_cast<T>(1 / __builtin_sqrt(factors.correction2));
    const T epsilon = static_cast<T>(factors.epsilon);
#pragma omp simd
    for (Index i = 0; i < n; ++i) {
        const T g = gradient[i] * gradientScale;
        const T m = beta1 * first[i] + rest1 * g;
        const T v = beta2 * second[i] + rest2 * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] = weights[i] * keep - step * m / (squareRoot(v) * rootScale + epsilon);
    }
}

template <class T>
void sgd(Index n, double learningRate, double momentum, double gradientScale, const T* gradient, T* weights, T* velocity) {
    const T rate = static_cast<T>(learningRate), kept = static_cast<T>(momentum), factor = static_cast<T>(gradientScale);
    forVectors<T>(n, [&](auto lanes, Index i) {
        const Vector<T> v = kept * load(lanes, velocity + i) + factor * load(lanes, gradient + i);
        store(lanes, velocity + i, v);
        store(lanes, weights + i, load(lanes, weights + i) - rate * v);
    });
}

}  // namespace
}  // namespace lab
