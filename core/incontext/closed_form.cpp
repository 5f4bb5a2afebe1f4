#include "core/incontext/closed_form.h"

#include <cmath>

namespace lab {
namespace {

/// E tr (X^T X) / d and E tr (X^T X)^2 / d.
struct GramMoments {
    double first, second;

    explicit GramMoments(const FunctionMoments& m)
        : first(m.points * m.variance), second(first * m.variance * (m.points + m.dimensions + m.kurtosis - 2)) {}
};

std::vector<ShiftPoint> shiftOf(const FunctionMoments& moments, double eta, const std::vector<double>& scales, bool ofInput) {
    std::vector<ShiftPoint> points;
    for (const double scale : scales) {
        const FunctionMoments there = ofInput ? scaled(moments, scale, 1) : scaled(moments, 1, scale);
        points.push_back({scale, oneStepLoss(there, eta), zeroLoss(there)});
    }
    return points;
}

}  // namespace

double zeroLoss(const FunctionMoments& m) {
    return 0.5 * m.variance * m.dimensions * m.weight;
}

double oneStepLoss(const FunctionMoments& m, double eta) {
    const GramMoments gram(m);
    const double p = eta / m.points;
    return 0.5 * m.variance * m.dimensions * (m.weight * (1 - 2 * p * gram.first + p * p * gram.second) + p * p * m.noise * gram.first);
}

double bestOneStepLoss(const FunctionMoments& m) {
    return oneStepLoss(m, bestOneStep(m));
}

double worseThanZeroFrom(const FunctionMoments& m, std::optional<double> eta) {
    // With a the factor and everything else of the unscaled task: -2 p G1 a^2 + p^2 G2 a^4 + p^2 s^2 / t G1 a^2 = 0.
    const GramMoments gram(m);
    const double p = eta.value_or(bestOneStep(m)) / m.points;
    if (p <= 0 || m.weight <= 0) return 0;
    const double square = gram.first * (2 - p * m.noise / m.weight) / (p * gram.second);
    return square > 0 ? std::sqrt(square) : 0;
}

std::vector<ShiftPoint> inputShift(const FunctionMoments& moments, double eta, const std::vector<double>& scales) {
    return shiftOf(moments, eta, scales, true);
}

std::vector<ShiftPoint> weightShift(const FunctionMoments& moments, double eta, const std::vector<double>& scales) {
    return shiftOf(moments, eta, scales, false);
}

}  // namespace lab
