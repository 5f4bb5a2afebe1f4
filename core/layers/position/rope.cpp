#include "core/layers/position/rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lab {
namespace {

std::vector<double> plainFrequencies(double base, int headDim) {
    std::vector<double> theta(static_cast<std::size_t>(headDim / 2));
    for (std::size_t p = 0; p < theta.size(); ++p) theta[p] = std::pow(base, -2.0 * static_cast<double>(p) / headDim);
    return theta;
}

/// YaRN, as the published code does it: a ramp over the pair index between the pairs that turn beta_fast and beta_slow times within the
/// original length; below it nothing changes, above it everything is interpolated.
RopeFrequencies yarn(const RopeConfig& rope, int headDim) {
    const RopeScalingConfig& s = rope.scaling;
    const auto pairThatTurns = [&](double turns) {
        return headDim * std::log(*s.original_max_seq_len / (turns * 2.0 * std::numbers::pi)) / (2.0 * std::log(rope.base));
    };
    const double low = std::max(std::floor(pairThatTurns(s.beta_fast)), 0.0);
    double high = std::min(std::ceil(pairThatTurns(s.beta_slow)), headDim - 1.0);
    if (low == high) high += 0.001;
    RopeFrequencies result{plainFrequencies(rope.base, headDim), 0.1 * std::log(*s.factor) + 1.0};
    for (std::size_t p = 0; p < result.theta.size(); ++p) {
        const double ramp = std::clamp((static_cast<double>(p) - low) / (high - low), 0.0, 1.0);
        result.theta[p] = result.theta[p] / *s.factor * ramp + result.theta[p] * (1.0 - ramp);
    }
    return result;
}

RopeFrequencies longrope(const RopeConfig& rope, int headDim, int length) {
    const RopeScalingConfig& s = rope.scaling;
    const int original = *s.original_max_seq_len;
    const std::vector<double>& factors = length > original ? s.long_factors : s.short_factors;
    const double stretch = static_cast<double>(*s.max_seq_len) / original;
    RopeFrequencies result{plainFrequencies(rope.base, headDim),
                           stretch <= 1.0 ? 1.0 : std::sqrt(1.0 + std::log(stretch) / std::log(original))};
    for (std::size_t p = 0; p < result.theta.size(); ++p) result.theta[p] /= factors[p];
    return result;
}

/// Llama 3.1's, by wavelength: pairs that turn high_freq_factor times or more within the original length are kept, those that turn at most
/// low_freq_factor times are interpolated in full, and between them a ramp over the number of turns.
RopeFrequencies llama3(const RopeConfig& rope, int headDim) {
    const RopeScalingConfig& s = rope.scaling;
    const double low = *s.low_freq_factor, high = *s.high_freq_factor;
    RopeFrequencies result{plainFrequencies(rope.base, headDim)};
    for (double& theta : result.theta) {
        const double turns = *s.original_max_seq_len * theta / (2.0 * std::numbers::pi);
        const double kept = std::clamp((turns - low) / (high - low), 0.0, 1.0);
        theta = (1.0 - kept) * theta / *s.factor + kept * theta;
    }
    return result;
}

}  // namespace

RopeFrequencies ropeFrequencies(const RopeConfig& rope, int headDim, int length) {
    switch (rope.scaling.kind) {
        case RopeScalingKind::linear: {
            RopeFrequencies result{plainFrequencies(rope.base, headDim)};
            for (double& theta : result.theta) theta /= *rope.scaling.factor;
            return result;
        }
        case RopeScalingKind::ntk: {
            const double exponent = static_cast<double>(headDim) / (headDim - 2);
            return {plainFrequencies(rope.base * std::pow(*rope.scaling.factor, exponent), headDim)};
        }
        case RopeScalingKind::yarn:
            return yarn(rope, headDim);
        case RopeScalingKind::longrope:
            return longrope(rope, headDim, length);
        case RopeScalingKind::llama3:
            return llama3(rope, headDim);
        case RopeScalingKind::none:
            break;
    }
    return {plainFrequencies(rope.base, headDim)};
}

template <class T>
void ropeTables(const RopeFrequencies& frequencies, int first, int rows, T* cos, T* sin) {
    for (int row = 0; row < rows; ++row) {
        for (const double theta : frequencies.theta) {
            const double angle = (first + row) * theta;
            *cos++ = static_cast<T>(std::cos(angle) * frequencies.scale);
            *sin++ = static_cast<T>(std::sin(angle) * frequencies.scale);
        }
    }
}

template void ropeTables(const RopeFrequencies&, int, int, float*, float*);
template void ropeTables(const RopeFrequencies&, int, int, double*, double*);

}  // namespace lab
