#include <algorithm>
#include <numbers>

#include "core/config/rope_scaling/scaling.h"

namespace lab::scalings {
namespace {

constexpr std::string_view keys[] = {"factor", "original_max_seq_len", "beta_fast", "beta_slow", "attention_factor", "truncate"};

/// As the published code does it: a ramp over the pair index between the pairs that turn beta_fast and beta_slow times within the original
/// length, rounded outwards to whole pairs unless truncate is off; below it nothing changes, above it everything is interpolated.
RopeFrequencies rampOverPairs(const RopeConfig& rope, int headDim, int) {
    const RopeScalingConfig& s = rope.scaling;
    const auto pairThatTurns = [&](double turns) {
        return headDim * std::log(*s.original_max_seq_len / (turns * 2.0 * std::numbers::pi)) / (2.0 * std::log(rope.base));
    };
    const double first = pairThatTurns(s.beta_fast), last = pairThatTurns(s.beta_slow);
    const double low = std::max(s.truncate ? std::floor(first) : first, 0.0);
    double high = std::min(s.truncate ? std::ceil(last) : last, headDim - 1.0);
    if (low == high) high += 0.001;
    RopeFrequencies result{plainFrequencies(rope.base, headDim), s.attention_factor.value_or(0.1 * std::log(*s.factor) + 1.0)};
    for (std::size_t p = 0; p < result.theta.size(); ++p) {
        const double ramp = std::clamp((static_cast<double>(p) - low) / (high - low), 0.0, 1.0);
        result.theta[p] = result.theta[p] / *s.factor * ramp + result.theta[p] * (1.0 - ramp);
    }
    return result;
}

bool hasLogarithm(const RopeConfig& rope, int) {
    return rope.base > 1;
}

void checkRamp(const ModelConfig& model, ProblemList& problems) {
    const RopeScalingConfig& s = model.position.rope.scaling;
    if (!hasLogarithm(model.position.rope, model.headDim())) {
        problems.add("model.position.rope.base",
                     Message(LAB_TEXT("config", "%1 is too small; yarn divides by its logarithm, so use more than 1"))
                         .arg(model.position.rope.base));
    }
    const std::string fast = scalingKey("beta_fast");
    if (problems.sound({fast, scalingKey("beta_slow")}) && s.beta_fast <= s.beta_slow)
        problems.add(fast, tooSmall(s.beta_fast, "beta_slow", s.beta_slow));
}

}  // namespace

extern constinit const RopeScalingSpec yarn{
    .name = "yarn",
    .title = LAB_TEXT("fields", "YaRN"),
    .help = LAB_TEXT(
        "fields", "between theta and theta / factor, pair by pair, and cos and sin times 0.1 ln(factor) + 1 (Peng 2023, arXiv 2309.00071)"),
    .attentionFactor = "0.1 ln(factor) + 1",
    .keys = keys,
    .frequencies = rampOverPairs,
    .check = checkRamp,
    .stretches = hasLogarithm,
    .startsSearch = true};

}  // namespace lab::scalings
