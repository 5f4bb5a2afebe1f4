#pragma once

#include "core/ops/kernels_vector.inl.h"

namespace lab {
namespace {

/// Sum of one row's f(lanes, i), lanes behind the last column being 0.
template <class T, class Function>
LAB_INLINE T rowSum(int n, Function f) {
    Vector<T> sum = {};
    forVectors<T>(n, [&](auto lanes, Index i) { sum += f(lanes, i); });
    return sumOfLanes(sum);
}

/// Row z = x + residual + bias into z, and f(z) summed. Null pointers are left out; the choice is made once a row.
template <class T, class Function>
LAB_INLINE T sumInputs(int n, const T* x, const T* residual, const T* bias, T* z, Function f) {
    const auto run = [&](auto input) {
        return rowSum<T>(n, [&](auto lanes, Index i) {
            const Vector<T> v = input(lanes, i);
            store(lanes, z + i, v);
            return f(v);
        });
    };
    if (residual && bias) return run([&](auto l, Index i) { return load(l, x + i) + (load(l, residual + i) + load(l, bias + i)); });
    if (residual) return run([&](auto l, Index i) { return load(l, x + i) + load(l, residual + i); });
    if (bias) return run([&](auto l, Index i) { return load(l, x + i) + load(l, bias + i); });
    return run([&](auto l, Index i) { return load(l, x + i); });
}

template <class T>
void layerNormForward(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, const T* beta, T* xhat,
                      T* inverse, T* y) {
    if (n <= 0) return;
    for (Index r = 0; r < rows; ++r) {
        T* hat = xhat + r * n;
        T* out = y + r * n;
        const T sum = sumInputs<T>(n, x + r * n, residual ? residual + r * n : nullptr, bias, hat, [](Vector<T> z) { return z; });
        const T mean = sum / static_cast<T>(n);
        const T squares = rowSum<T>(n, [&](auto lanes, Index i) {
            const Vector<T> z = only(lanes, load(lanes, hat + i) - mean, T(0));
            return z * z;
        });
        const T factor = T(1) / static_cast<T>(__builtin_sqrt(static_cast<double>(squares / static_cast<T>(n) + epsilon)));
        inverse[r] = factor;
        forVectors<T>(n, [&](auto lanes, Index i) {
            const Vector<T> h = (load(lanes, hat + i) - mean) * factor;
            store(lanes, hat + i, h);
            store(lanes, out + i, h * load(lanes, gamma + i) + load(lanes, beta + i));
        });
    }
}

template <class T>
void rmsNormForward(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, T* xhat, T* inverse, T* y) {
    if (n <= 0) return;
    for (Index r = 0; r < rows; ++r) {
        T* hat = xhat + r * n;
        T* out = y + r * n;
        const T squares = sumInputs<T>(n, x + r * n, residual ? residual + r * n : nullptr, bias, hat, [](Vector<T> z) { return z * z; });
        const T factor = T(1) / static_cast<T>(__builtin_sqrt(static_cast<double>(squares / static_cast<T>(n) + epsilon)));
        inverse[r] = factor;
        forVectors<T>(n, [&](auto lanes, Index i) {
            const Vector<T> h = load(lanes, hat + i) * factor;
            store(lanes, hat + i, h);
            store(lanes, out + i, h * load(lanes, gamma + i));
        });
    }
}

/// Rows whose column sums are taken together, before their dz may overwrite dy; small enough to stay in the first cache.
constexpr int normBlock = 16;

/// dgamma += dy * xhat over some rows, and dbeta += dy unless null.
template <class T>
LAB_INLINE void addNormGradients(Index rows, Index n, const T* dy, const T* xhat, T* dgamma, T* dbeta) {
    forVectors<T>(n, [&](auto lanes, Index i) {
        Vector<T> sumGamma = load(lanes, dgamma + i);
        Vector<T> sumBeta = dbeta ? load(lanes, dbeta + i) : Vector<T>{};
        for (Index r = 0; r < rows; ++r) {
            const Vector<T> d = load(lanes, dy + r * n + i);
            sumGamma += d * load(lanes, xhat + r * n + i);
            sumBeta += d;
        }
        store(lanes, dgamma + i, sumGamma);
        if (dbeta) store(lanes, dbeta + i, sumBeta);
    });
}

/// With e = dy gamma: dz = (e - mean(e) - xhat mean(e xhat)) inverse; without `centred` (RMSNorm) there is no mean(e).
template <bool centred, class T>
LAB_INLINE void normBackward(int rows, Index n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma, T* dbeta) {
    if (n <= 0) return;
    for (Index begin = 0; begin < rows; begin += normBlock) {
        const Index end = begin + normBlock < rows ? begin + normBlock : rows;
        addNormGradients<T>(end - begin, n, dy + begin * n, xhat + begin * n, dgamma, dbeta);
        for (Index r = begin; r < end; ++r) {
            const T* d = dy + r * n;
            const T* hat = xhat + r * n;
            Vector<T> sum = {}, product = {};
            forVectors<T>(n, [&](auto lanes, Index i) {
                const Vector<T> e = load(lanes, d + i) * load(lanes, gamma + i);
                if constexpr (centred) sum += e;
                product += e * load(lanes, hat + i);
            });
            const T mean = centred ? sumOfLanes(sum) / static_cast<T>(n) : T(0);
            const T slope = sumOfLanes(product) / static_cast<T>(n);
            const T factor = inverse[r];
            forVectors<T>(n, [&](auto lanes, Index i) {
                const Vector<T> e = load(lanes, d + i) * load(lanes, gamma + i);
                store(lanes, dz + r * n + i, (e - mean - load(lanes, hat + i) * slope) * factor);
            });
        }
    }
}

template <class T>
void layerNormBackward(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma, T* dbeta) {
    normBackward<true, T>(rows, n, dy, xhat, inverse, gamma, dz, dgamma, dbeta);
}

template <class T>
void rmsNormBackward(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma) {
    normBackward<false, T>(rows, n, dy, xhat, inverse, gamma, dz, dgamma, static_cast<T*>(nullptr));
}

}  // namespace
}  // namespace lab
