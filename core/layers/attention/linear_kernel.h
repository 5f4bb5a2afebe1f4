#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/config/kernel_kind.h"

// Linear attention (Katharopoulos et al. 2020, arXiv:2006.16236): weights phi(q) . phi(k) / (their row's sum + epsilon).

namespace lab {

/// Added to a row's sum, so that a row of nothing is no division by 0.
constexpr double linearKernelEpsilon = 1e-6;

/// The same for a kernel: nothing where features are drawn, whose largest exponents are subtracted (random_features.h).
constexpr double epsilonOf(KernelKind kernel) {
    return specOf(kernel).drawn ? 0.0 : linearKernelEpsilon;
}

/// What products of features are divided by, given their row's sum. Where single precision holds none of a row's products it is the least
/// number above 0, and the row's weights are 0.
template <class T>
T divisorOf(KernelKind kernel, T sum) {
    return std::max(sum + static_cast<T>(epsilonOf(kernel)), std::numeric_limits<T>::min());
}

/// phi: elu(x) + 1. Training has it in its kernels.
inline double linearFeature(double x) {
    return x > 0.0 ? x + 1.0 : std::exp(x);
}

/// The derivative of phi.
inline double linearFeatureSlope(double x) {
    return x > 0.0 ? 1.0 : std::exp(x);
}

}  // namespace lab
