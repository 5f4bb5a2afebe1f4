#pragma once

#include <cmath>

// Linear attention (Katharopoulos et al. 2020, arXiv:2006.16236): weights phi(q) . phi(k) / (their row's sum + epsilon).

namespace lab {

/// Added to a row's sum, so that a row of nothing is no division by 0.
constexpr double linearKernelEpsilon = 1e-6;

/// phi: elu(x) + 1. Training has it in its kernels.
inline double linearFeature(double x) {
    return x > 0.0 ? x + 1.0 : std::exp(x);
}

/// The derivative of phi.
inline double linearFeatureSlope(double x) {
    return x > 0.0 ? 1.0 : std::exp(x);
}

}  // namespace lab
