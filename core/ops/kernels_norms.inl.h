#pragma once

#include "core/ops/kernels_math.inl.h"
#include "core/ops/kernels_row_groups.inl.h"

namespace lab {
namespace {

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

// A block of rows goes through each phase as a whole, so that the quotients and roots between the phases are taken of all its rows at once
// and what they wait for overlaps. Small enough to stay in the first cache.
constexpr int forwardBlock = 32;
constexpr int backwardBlock = 16;

/// Fewer rows where they are wide: there are up to four arrays of them.
LAB_INLINE Index forwardBlockRows(Index n) {
    constexpr Index numbers = 2048;
    const Index rows = n > 0 ? numbers / n : forwardBlock;
    return rows > forwardBlock ? forwardBlock : rows < rowsTogether ? rowsTogether : rows;
}

/// body(n), with the narrow widths of small models known to the compiler: loops of two or four vectors are mostly overhead else.
template <class T, class Body>
LAB_INLINE void withKnownWidth(Index n, Body&& body) {
    if (n == 2 * width<T>) return body(2 * width<T>);
    if (n == 4 * width<T>) return body(4 * width<T>);
    body(n);
}

/// z = x + residual + bias into hat; the sums over each row of f(z).
template <bool hasResidual, bool hasBias, class T, class Function>
LAB_INLINE void gatherInputs(int rows, const NormRows<T>& at, T* sums, Function f) {
    forRowGroups(rows, [&](auto group, Index first) {
        Vector<T> sum[group.value] = {};
        forVectors<T>(at.n, [&](auto lanes, Index i) {
            LAB_UNROLL
            for (int r = 0; r < group.value; ++r) {
                const Vector<T> z = at.template input<hasResidual, hasBias>(lanes, first + r, i);
                store(lanes, at.hat + (first + r) * at.n + i, z);
                sum[r] += f(z);
            }
        });
        sumsOfLanes<group.value, T>(sum, sums + first);
    });
}

/// Sums over each row of (z - mean)^2.
template <class T>
LAB_INLINE void sumSquares(int rows, const NormRows<T>& at, const T* mean, T* sums) {
    forRowGroups(rows, [&](auto group, Index first) {
        Vector<T> sum[group.value] = {};
        forVectors<T>(at.n, [&](auto lanes, Index i) {
            LAB_UNROLL
            for (int r = 0; r < group.value; ++r) {
                const Vector<T> z = only(lanes, load(lanes, at.hat + (first + r) * at.n + i) - mean[first + r], T(0));
                sum[r] += z * z;
            }
        });
        sumsOfLanes<group.value, T>(sum, sums + first);
    });
}

/// hat = (z - mean) * inverse, y = hat * gamma + beta; RMSNorm has neither mean nor beta.
template <bool centred, class T>
LAB_INLINE void normalise(int rows, const NormRows<T>& at, const T* mean, const T* inverse, const T* gamma, const T* beta) {
    forRowGroups(rows, [&](auto group, Index first) {
        forVectors<T>(at.n, [&](auto lanes, Index i) {
            const Vector<T> g = load(lanes, gamma + i);
            Vector<T> b = {};
            if constexpr (centred) b = load(lanes, beta + i);
            LAB_UNROLL
            for (int r = 0; r < group.value; ++r) {
                // code: norm,final_norm,hidden
                Vector<T> z = load(lanes, at.hat + (first + r) * at.n + i);
                if constexpr (centred) z -= mean[first + r];
                const Vector<T> h = z * inverse[first + r];
                store(lanes, at.hat + (first + r) * at.n + i, h);
                store(lanes, at.y + (first + r) * at.n + i, centred ? h * g + b : h * g);
                // end code
            }
        });
    });
}

template <bool centred, bool hasResidual, bool hasBias, class T>
LAB_INLINE void normForwardBlock(int rows, const NormRows<T>& at, T epsilon, const T* gamma, const T* beta, T* inverse) {
    T mean[forwardBlock] = {}, factor[forwardBlock] = {};
    const T count = static_cast<T>(at.n);
    if constexpr (centred) {
        gatherInputs<hasResidual, hasBias>(rows, at, mean, [](Vector<T> z) { return z; });
        for (int r = 0; r < forwardBlock; ++r) mean[r] /= count;
        sumSquares(rows, at, mean, factor);
    } else {
        gatherInputs<hasResidual, hasBias>(rows, at, factor, [](Vector<T> z) { return z * z; });
    }
    // code: norm,final_norm,hidden
    for (int r = 0; r < forwardBlock; ++r) factor[r] = T(1) / squareRoot(factor[r] / count + epsilon);
    // end code
    normalise<centred>(rows, at, mean, factor, gamma, beta);
    forVectors<T>(rows, [&](auto lanes, Index r) { store(lanes, inverse + r, load(lanes, factor + r)); });
}

template <bool centred, class T>
LAB_INLINE void normForward(int rows, Index n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, const T* beta,
                            T* xhat, T* inverse, T* y) {
    const auto run = [&](auto hasResidual, auto hasBias) __attribute__((always_inline)) {
        withKnownWidth<T>(
            n, [&](Index columns) __attribute__((always_inline)) {
                const Index blockRows = forwardBlockRows(columns);
                for (Index r = 0; r < rows && columns > 0; r += blockRows) {
                    const Index at = r * columns;
                    const NormRows<T> block = {columns, x + at, residual + (residual ? at : 0), bias, xhat + at, y + at};
                    const int count = static_cast<int>(rows - r < blockRows ? rows - r : blockRows);
                    normForwardBlock<centred, hasResidual.value, hasBias.value>(count, block, epsilon, gamma, beta, inverse + r);
                }
            });
    };
    if (residual && bias) return run(Constant<1>{}, Constant<1>{});
    if (residual) return run(Constant<1>{}, Constant<0>{});
    if (bias) return run(Constant<0>{}, Constant<1>{});
    run(Constant<0>{}, Constant<0>{});
}

template <class T>
LAB_FLATTEN void layerNormForward(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, const T* beta,
                                  T* xhat, T* inverse, T* y) {
    normForward<true>(rows, n, epsilon, x, residual, bias, gamma, beta, xhat, inverse, y);
}

template <class T>
LAB_FLATTEN void rmsNormForward(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, T* xhat,
                                T* inverse, T* y) {
    normForward<false>(rows, n, epsilon, x, residual, bias, gamma, static_cast<const T*>(nullptr), xhat, inverse, y);
}

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
template <bool centred, class T>
LAB_INLINE void normBackwardBlock(int rows, Index n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz) {
    T mean[backwardBlock] = {}, slope[backwardBlock] = {};
    forRowGroups(rows, [&](auto group, Index first) {
        Vector<T> sum[group.value] = {}, product[group.value] = {};
        forVectors<T>(n, [&](auto lanes, Index i) {
            const Vector<T> g = load(lanes, gamma + i);
            LAB_UNROLL
            for (int r = 0; r < group.value; ++r) {
                const Vector<T> e = load(lanes, dy + (first + r) * n + i) * g;
                if constexpr (centred) sum[r] += e;
                product[r] += e * load(lanes, xhat + (first + r) * n + i);
            }
        });
        if constexpr (centred) sumsOfLanes<group.value, T>(sum, mean + first);
        sumsOfLanes<group.value, T>(product, slope + first);
    });
    for (int r = 0; r < backwardBlock; ++r) mean[r] /= static_cast<T>(n);
    for (int r = 0; r < backwardBlock; ++r) slope[r] /= static_cast<T>(n);
    forRowGroups(rows, [&](auto group, Index first) {
        forVectors<T>(n, [&](auto lanes, Index i) {
            const Vector<T> g = load(lanes, gamma + i);
            LAB_UNROLL
            for (int r = 0; r < group.value; ++r) {
                // code: d_norm,d_final_norm,d_hidden,d_normalise
                const Index at = (first + r) * n + i;
                Vector<T> e = load(lanes, dy + at) * g;
                if constexpr (centred) e -= mean[first + r];
                store(lanes, dz + at, (e - load(lanes, xhat + at) * slope[first + r]) * inverse[first + r]);
                // end code
            }
        });
    });
}

/// A block's column sums are taken before its dz may overwrite dy.
template <bool centred, class T>
LAB_INLINE void normBackward(int rows, Index n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma, T* dbeta) {
    withKnownWidth<T>(
        n, [&](Index columns) __attribute__((always_inline)) {
            for (Index r = 0; r < rows && columns > 0; r += backwardBlock) {
                const Index at = r * columns;
                const int count = static_cast<int>(rows - r < backwardBlock ? rows - r : backwardBlock);
                addNormGradients<centred>(count, columns, dy + at, xhat + at, dgamma, dbeta);
                normBackwardBlock<centred>(count, columns, dy + at, xhat + at, inverse + r, gamma, dz + at);
            }
        });
}

template <class T>
LAB_FLATTEN void layerNormBackward(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma,
                                   T* dbeta) {
    normBackward<true>(rows, n, dy, xhat, inverse, gamma, dz, dgamma, dbeta);
}

template <class T>
LAB_FLATTEN void rmsNormBackward(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma) {
    normBackward<false>(rows, n, dy, xhat, inverse, gamma, dz, dgamma, static_cast<T*>(nullptr));
}

}  // namespace
}  // namespace lab
