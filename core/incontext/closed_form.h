#pragma once

#include <optional>
#include <vector>

#include "core/tasks/function_moments.h"

// What follows without drawing anything: x has independent coordinates of variance v and kurtosis k (E x^4 / v^2), w of linear functions
// uncorrelated ones of variance t, y noise of deviation s. With G = X^T X one step of length eta from 0 answers eta / N x_q . (G w + X^T
// noise), and
//   E tr G = N d v,   E tr G^2 = N d v^2 (N + d + k - 2),
// so that with p = eta / N its loss (half the square) is v d / 2 (t (1 - 2 p N v + p^2 N v^2 (N + d + k - 2)) + p^2 s^2 N v), which is
// smallest at p = 1 / (v (N + d + k - 2) + s^2 / t).

namespace lab {

/// The loss of the answer 0.
double zeroLoss(const FunctionMoments& moments);
/// The loss of one gradient step of length eta from 0.
double oneStepLoss(const FunctionMoments& moments, double eta);
/// That of the best (bestOneStep).
double bestOneStepLoss(const FunctionMoments& moments);

/// From which factor of x on a step of this length (absent: the best of the unscaled task) is worse than the answer 0; for normal x and the
/// best length a^2 = 2 + s^2 / (t (N + d + 1)).
double worseThanZeroFrom(const FunctionMoments& moments, std::optional<double> eta = std::nullopt);

struct ShiftPoint {
    double scale = 1;
    double loss = 0;  ///< of the step of length eta
    double zero = 0;  ///< of the answer 0
    double ratio() const { return zero > 0 ? loss / zero : 0; }
};
/// The loss of a fixed step where x, or w, is multiplied by each of `scales`.
std::vector<ShiftPoint> inputShift(const FunctionMoments& moments, double eta, const std::vector<double>& scales);
std::vector<ShiftPoint> weightShift(const FunctionMoments& moments, double eta, const std::vector<double>& scales);

}  // namespace lab
