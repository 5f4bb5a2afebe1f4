#include "core/config/rope_config.h"

namespace lab::scalings {
namespace {

constexpr std::string_view keys[] = {"factor"};

RopeFrequencies interpolated(const RopeConfig& rope, int headDim, int) {
    RopeFrequencies result{plainFrequencies(rope.base, headDim)};
    for (double& theta : result.theta) theta /= *rope.scaling.factor;
    return result;
}

}  // namespace

extern constinit const RopeScalingSpec linear{.name = "linear",
                                              .title = LAB_TEXT("fields", "linear"),
                                              .help = LAB_TEXT("fields", "theta / factor (Chen 2023, arXiv 2306.15595)"),
                                              .keys = keys,
                                              .frequencies = interpolated,
                                              .startsSearch = true};

}  // namespace lab::scalings
