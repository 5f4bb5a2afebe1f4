#include "core/config/rope_config.h"

namespace lab::scalings {
namespace {

RopeFrequencies unscaled(const RopeConfig& rope, int headDim, int) {
    return {plainFrequencies(rope.base, headDim)};
}

}  // namespace

extern constinit const RopeScalingSpec none{.name = "none", .title = LAB_TEXT("fields", "base"), .help = {}, .frequencies = unscaled};

}  // namespace lab::scalings
