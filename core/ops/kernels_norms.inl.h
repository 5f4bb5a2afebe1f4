#pragma once

#include "core/ops/kernels_math.inl.h"

// Rows are handled four at a time: what a row has to wait for (sums over lanes, the root, the quotient) then overlaps. A row's bits are the
// same in a group of four and alone.

namespace lab {
namespace {

constexpr int rowsTogether = 4;

/// body(Constant<rows>, first row) over [0, rows) in fours and ones.
template <class Body>
LAB_INLINE void forRowGroups(Index rows, Body&& body) {
    Index r = 0;
    for (; r + rowsTogether <= rows; r += rowsTogether) body(Constant<rowsTogether>{}, r);
    for (; r < rows; ++r) body(Constant<1>{}, r);
}

/// The arrays of a norm's forward pass from some row on.
template <class T>
struct NormRows {
    Index n;
    const T* x;
    const T* residual;
    const T* bias;
    T* hat;
    T* y;

    template <bool hasResidual, bool hasBias, class Lanes>
    LAB_INLINE Vector<T> input(Lanes lanes, Index r, Index i) const {
        Vector<T> z = load(lanes, x + r * n + i);
        if constexpr (hasResidual) z += load(lanes, residual + r * n + i);
        if constexpr (hasBias) z += load(lanes, bias + i);
        return z;
    }
};

/// z = x + residual + bias into hat; the sums over each row of f(z).
template <bool hasResidual, bool hasBias, int rows, class T, class Function>
LAB_INLINE void gatherInputs(const NormRows<T>& at, T (&sums)[rows], Function f) {
    Vector<T> sum[rows] = {};
    forVectors<T>(at.n, [&](auto lanes, Index i) {
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> z = at.template input<hasResidual, hasBias>(lanes, r, i);
            store(lanes, at.hat + r * at.n + i, z);
            sum[r] += f(z);
        }
    });
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) sums[r] = sumOfLanes(sum[r]);
}

template <bool hasResidual, bool hasBias, int rows, class T>
LAB_INLINE void layerNormRows(const NormRows<T>& at, T epsilon, const T* gamma, const T* beta, T* inverse) {
    T mean[rows], factor[rows];
    gatherInputs<hasResidual, hasBias>(at, mean, [](Vector<T> z) { return z; });
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) mean[r] /= static_cast<T>(at.n);
    Vector<T> squares[rows] = {};
    forVectors<T>(at.n, [&](auto lanes, Index i) {
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> z = only(lanes, load(lanes, at.hat + r * at.n + i) - mean[r], T(0));
            squares[r] += z * z;
        }
    });
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) factor[r] = T(1) / squareRoot(sumOfLanes(squares[r]) / static_cast<T>(at.n) + epsilon);
    forVectors<T>(at.n, [&](auto lanes, Index i) {
        const Vector<T> g = load(lanes, gamma + i), b = load(lanes, beta + i);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> h = (load(lanes, at.hat + r * at.n + i) - mean[r]) * factor[r];
            store(lanes, at.hat + r * at.n + i, h);
            store(lanes, at.y + r * at.n + i, h * g + b);
        }
    });
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) inverse[r] = factor[r];
}

template <bool hasResidual, bool hasBias, int rows, class T>
LAB_INLINE void rmsNormRows(const NormRows<T>& at, T epsilon, const T* gamma, T* inverse) {
    T factor[rows];
    gatherInputs<hasResidual, hasBias>(at, factor, [](Vector<T> z) { return z * z; });
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) factor[r] = T(1) / squareRoot(factor[r] / static_cast<T>(at.n) + epsilon);
    forVectors<T>(at.n, [&](auto lanes, Index i) {
        const Vector<T> g = load(lanes, gamma + i);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> h = load(lanes, at.hat + r * at.n + i) * factor[r];
            store(lanes, at.hat + r * at.n + i, h);
            store(lanes, at.y + r * at.n + i, h * g);
        }
    });
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) inverse[r] = factor[r];
}

/// body(has residual, has bias, group, arrays from the group's first row on): the null pointers are looked at once, not in the loops.
template <class T, class Body>
LAB_INLINE void forNormRows(int rows, int n, const T* x, const T* residual, const T* bias, T* xhat, T* y, Body&& body) {
    if (n <= 0) return;
    const auto run = [&](auto hasResidual, auto hasBias) {
        forRowGroups(rows, [&](auto group, Index r) {
            body(hasResidual, hasBias, group, NormRows<T>{n, x + r * n, residual + (residual ? r * n : 0), bias, xhat + r * n, y + r * n},
                 r);
        });
    };
    if (residual && bias) return run(Constant<1>{}, Constant<1>{});
    if (residual) return run(Constant<1>{}, Constant<0>{});
    if (bias) return run(Constant<0>{}, Constant<1>{});
    run(Constant<0>{}, Constant<0>{});
}

template <class T>
void layerNormForward(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, const T* beta, T* xhat,
                      T* inverse, T* y) {
    forNormRows<T>(rows, n, x, residual, bias, xhat, y, [&](auto hasResidual, auto hasBias, auto group, const NormRows<T>& at, Index r) {
        layerNormRows<hasResidual.value, hasBias.value, group.value>(at, epsilon, gamma, beta, inverse + r);
    });
}

template <class T>
void rmsNormForward(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, T* xhat, T* inverse, T* y) {
    forNormRows<T>(rows, n, x, residual, bias, xhat, y, [&](auto hasResidual, auto hasBias, auto group, const NormRows<T>& at, Index r) {
        rmsNormRows<hasResidual.value, hasBias.value, group.value>(at, epsilon, gamma, inverse + r);
    });
}

/// Rows whose column sums are taken together, before their dz may overwrite dy; small enough to stay in the first cache.
constexpr int normBlock = 16;

/// dgamma += dy * xhat over some rows, and dbeta += dy unless null.
template <bool hasBeta, class T>
LAB_INLINE void addNormGradients(Index rows, Index n, const T* dy, const T* xhat, T* dgamma, T* dbeta) {
    forVectors<T>(n, [&](auto lanes, Index i) {
        Vector<T> sumGamma = load(lanes, dgamma + i);
        Vector<T> sumBeta = {};
        if constexpr (hasBeta) sumBeta = load(lanes, dbeta + i);
        for (Index r = 0; r < rows; ++r) {
            const Vector<T> d = load(lanes, dy + r * n + i);
            sumGamma += d * load(lanes, xhat + r * n + i);
            sumBeta += d;
        }
        store(lanes, dgamma + i, sumGamma);
        if constexpr (hasBeta) store(lanes, dbeta + i, sumBeta);
    });
}

/// With e = dy gamma: dz = (e - mean(e) - xhat mean(e xhat)) inverse; without `centred` (RMSNorm) there is no mean(e).
template <bool centred, int rows, class T>
LAB_INLINE void normBackwardRows(Index n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz) {
    Vector<T> sum[rows] = {}, product[rows] = {};
    forVectors<T>(n, [&](auto lanes, Index i) {
        const Vector<T> g = load(lanes, gamma + i);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> e = load(lanes, dy + r * n + i) * g;
            if constexpr (centred) sum[r] += e;
            product[r] += e * load(lanes, xhat + r * n + i);
        }
    });
    T mean[rows] = {}, slope[rows], factor[rows];
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) {
        if constexpr (centred) mean[r] = sumOfLanes(sum[r]) / static_cast<T>(n);
        slope[r] = sumOfLanes(product[r]) / static_cast<T>(n);
        factor[r] = inverse[r];
    }
    forVectors<T>(n, [&](auto lanes, Index i) {
        const Vector<T> g = load(lanes, gamma + i);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) {
            const Vector<T> e = load(lanes, dy + r * n + i) * g - mean[r];
            store(lanes, dz + r * n + i, (e - load(lanes, xhat + r * n + i) * slope[r]) * factor[r]);
        }
    });
}

template <bool centred, class T>
LAB_INLINE void normBackward(int rows, Index n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma, T* dbeta) {
    if (n <= 0) return;
    for (Index begin = 0; begin < rows; begin += normBlock) {
        const Index count = rows - begin < normBlock ? rows - begin : normBlock;
        addNormGradients<centred>(count, n, dy + begin * n, xhat + begin * n, dgamma, dbeta);
        forRowGroups(count, [&](auto group, Index first) {
            const Index r = begin + first;
            normBackwardRows<centred, group.value>(n, dy + r * n, xhat + r * n, inverse + r, gamma, dz + r * n);
        });
    }
}

template <class T>
void layerNormBackward(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma, T* dbeta) {
    normBackward<true>(rows, n, dy, xhat, inverse, gamma, dz, dgamma, dbeta);
}

template <class T>
void rmsNormBackward(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma) {
    normBackward<false>(rows, n, dy, xhat, inverse, gamma, dz, dgamma, static_cast<T*>(nullptr));
}

}  // namespace
}  // namespace lab
