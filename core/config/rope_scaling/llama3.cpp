#include <algorithm>
#include <numbers>

#include "core/config/rope_scaling/scaling.h"

namespace lab::scalings {
namespace {

constexpr std::string_view keys[] = {"factor", "original_max_seq_len", "low_freq_factor", "high_freq_factor"};

/// By wavelength: pairs that turn high_freq_factor times or more within the original length are kept, those that turn at most
/// low_freq_factor times are interpolated in full, and between them a ramp over the number of turns.
RopeFrequencies rampOverTurns(const RopeConfig& rope, int headDim, int) {
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

void checkRamp(const ModelConfig& model, ProblemList& problems) {
    const RopeScalingConfig& s = model.position.rope.scaling;
    if (s.low_freq_factor && s.high_freq_factor && *s.high_freq_factor <= *s.low_freq_factor)
        problems.add(scalingKey("high_freq_factor"), tooSmall(*s.high_freq_factor, "low_freq_factor", *s.low_freq_factor));
}

/// Llama 3.1's.
void start(RopeScalingConfig& s, int) {
    s.low_freq_factor = 1;
    s.high_freq_factor = 4;
}

}  // namespace

extern constinit const RopeScalingSpec llama3{.name = "llama3",
                                              .title = LAB_TEXT("fields", "Llama 3"),
                                              .help = LAB_TEXT("fields", "theta / factor for long wavelengths only (code of Llama 3.1)"),
                                              .keys = keys,
                                              .frequencies = rampOverTurns,
                                              .check = checkRamp,
                                              .stretch = start};

}  // namespace lab::scalings
