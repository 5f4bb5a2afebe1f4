#include "core/analysis/positions/rope_extension.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

constexpr double exactness = 1e-9;

/// With factors of its own for each pair it is as it stands, unless others are given.
RopeConfig stretchedBy(const RopeScalingSpec& scaling, const RopeConfig& rope, int headDim, int originalLength, double factor,
                       const std::vector<double>& longFactors) {
    const bool byPair = scaling.uses("long_factors");
    if (byPair && rope.scaling.kind->uses("long_factors") && longFactors.empty()) return rope;
    RopeConfig stretched = ropeStretchedBy(scaling, rope, headDim, originalLength, factor);
    if (byPair && !longFactors.empty()) stretched.scaling.long_factors = longFactors;
    return stretched;
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
    const std::vector<double> plain = plainFrequencies(rope.base, headDim);
    std::vector<RopeExtension> result;
    for (const RopeScalingSpec* scaling : RopeScalingSpec::table()) {
        if (!canStretch(*scaling, rope, headDim)) continue;
        RopeExtension extension;
        extension.rope = stretchedBy(*scaling, rope, headDim, originalLength, factor, longFactors);
        const int reach = extension.rope.scaling.original_max_seq_len.value_or(originalLength);
        const int length = scaling->byEachLength ? static_cast<int>(std::ceil(reach * factor)) : reach + 1;
        extension.frequencies = ropeFrequencies(extension.rope, headDim, length);
        for (std::size_t p = 0; p < plain.size(); ++p) {
            extension.ratio.push_back(extension.frequencies.theta[p] / plain[p]);
            extension.fates.push_back(fateOf(extension.ratio.back(), factor));
        }
        result.push_back(std::move(extension));
    }
    return result;
}

}  // namespace lab
