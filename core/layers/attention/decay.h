#pragma once

#include <cmath>

// How much of what stood before it a token leaves in a head whose weights fade.

namespace lab {

/// RetNet (Sun et al. 2023, arXiv 2307.08621, section 3.1): gamma_h = 1 - 2^(-5 - h).
inline double keptByHead(int head) {
    // code: decay !learnsDecay
    return 1.0 - std::exp2(-5.0 - head);
    // end code
}

/// Gated linear attention (Yang et al. 2023, arXiv 2312.06635, section 4.4) takes the root of this degree of the sigmoid.
constexpr double decayRoot = 16.0;

/// sigmoid(z)^(1 / decayRoot)
inline double keptByLogit(double z) {
    // code: decay learnsDecay
    const double logSigmoid = z > 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
    return std::exp(logSigmoid / decayRoot);
    // end code
}

/// Its derivative.
inline double keptSlope(double z) {
    // code: d_decay
    return keptByLogit(z) / (decayRoot * (1.0 + std::exp(z)));
    // end code
}

}  // namespace lab
