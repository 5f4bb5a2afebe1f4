#include "core/analysis/positions/rope_extension.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

constexpr double exactness = 1e-9;

/// Llama 3.1's.
constexpr double lowFrequency = 1, highFrequency = 4;

RopeScalingConfig scalingOf(RopeScalingKind kind, const RopeConfig& own, int headDim, int originalLength, double factor,
                            const std::vector<double>& longFactors) {
    RopeScalingConfig scaling;
    scaling.kind = kind;
    if (kind == RopeScalingKind::none) return scaling;
    scaling.factor = factor;
    scaling.original_max_seq_len = originalLength;
    if (kind == RopeScalingKind::llama3) {
        scaling.low_freq_factor = lowFrequency;
        scaling.high_freq_factor = highFrequency;
    }
    if (kind != RopeScalingKind::longrope) return scaling;
    if (own.scaling.kind == RopeScalingKind::longrope && longFactors.empty()) return own.scaling;
    scaling.factor.reset();
    scaling.max_seq_len = static_cast<int>(std::ceil(originalLength * factor));
    scaling.short_factors.assign(static_cast<std::size_t>(headDim / 2), 1.0);
    scaling.long_factors = longFactors;
    for (int p = 0; p < headDim / 2 && longFactors.empty(); ++p) scaling.long_factors.push_back(std::pow(factor, 2.0 * p / (headDim - 2)));
    return scaling;
}

PairFate fateOf(double ratio, double factor) {
    if (ratio >= 1 - exactness) return PairFate::kept;
    return ratio <= (1 + exactness) / factor ? PairFate::interpolated : PairFate::between;
}

}  // namespace

int RopeExtension::count(PairFate fate) const {
    return static_cast<int>(std::count(fates.begin(), fates.end(), fate));
}

std::vector<RopeExtension> ropeExtensions(const RopeConfig& rope, int headDim, int originalLength, double factor,
                                          const std::vector<double>& longFactors) {
    RopeConfig base = rope;
    base.scaling = {};
    const std::vector<double> plain = ropeFrequencies(base, headDim, originalLength).theta;
    std::vector<RopeExtension> result;
    for (const RopeScalingKind kind : {RopeScalingKind::none, RopeScalingKind::linear, RopeScalingKind::ntk, RopeScalingKind::yarn,
                                       RopeScalingKind::longrope, RopeScalingKind::llama3}) {
        if (headDim <= 2 && (kind == RopeScalingKind::ntk || kind == RopeScalingKind::longrope)) continue;
        RopeExtension extension;
        extension.rope = base;
        extension.rope.scaling = scalingOf(kind, rope, headDim, originalLength, factor, longFactors);
        const int reach = extension.rope.scaling.original_max_seq_len.value_or(originalLength);
        extension.frequencies = ropeFrequencies(extension.rope, headDim, reach + 1);
        for (std::size_t p = 0; p < plain.size(); ++p) {
            extension.ratio.push_back(extension.frequencies.theta[p] / plain[p]);
            extension.fates.push_back(fateOf(extension.ratio.back(), factor));
        }
        result.push_back(std::move(extension));
    }
    return result;
}

}  // namespace lab
