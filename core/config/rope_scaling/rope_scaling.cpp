#include "core/config/rope_scaling.h"

#include "core/config/rope_scaling/scaling.h"

namespace lab {
namespace scalings {

extern const RopeScalingSpec none, linear, ntk, dynamic, yarn, longrope, llama3;  // a file each

Message tooSmall(double value, const char* key, double least) {
    return Message(LAB_TEXT("config", "%1 is too small; must be above %2 %3")).arg(value).arg(key).arg(least);
}

}  // namespace scalings

std::span<const RopeScalingSpec* const> RopeScalingSpec::table() {
    static constexpr const RopeScalingSpec* rows[] = {&scalings::none, &scalings::linear,   &scalings::ntk,   &scalings::dynamic,
                                                      &scalings::yarn, &scalings::longrope, &scalings::llama3};
    return rows;
}

std::vector<double> plainFrequencies(double base, int headDim) {
    std::vector<double> theta(static_cast<std::size_t>(headDim / 2));
    for (std::size_t p = 0; p < theta.size(); ++p) theta[p] = std::pow(base, -2.0 * static_cast<double>(p) / headDim);
    return theta;
}

RopeConfig ropeStretchedBy(const RopeScalingSpec& scaling, const RopeConfig& rope, int headDim, int originalLength, double factor) {
    RopeConfig stretched = rope;
    stretched.scaling = {};
    stretched.scaling.kind = Kind<RopeScalingSpec>(scaling);
    if (scaling.keys.empty()) return stretched;
    stretched.scaling.factor = factor;
    stretched.scaling.original_max_seq_len = originalLength;
    if (scaling.stretch) scaling.stretch(stretched.scaling, headDim);
    return stretched;
}

bool canStretch(const RopeScalingSpec& scaling, const RopeConfig& rope, int headDim) {
    return !scaling.stretches || scaling.stretches(rope, headDim);
}

}  // namespace lab
