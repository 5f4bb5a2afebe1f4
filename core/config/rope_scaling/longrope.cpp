#include "core/config/rope_scaling/scaling.h"

namespace lab::scalings {
namespace {

constexpr std::string_view keys[] = {"original_max_seq_len", "max_seq_len", "short_factors", "long_factors", "attention_factor"};

RopeFrequencies factorByPair(const RopeConfig& rope, int headDim, int length) {
    const RopeScalingConfig& s = rope.scaling;
    const int original = *s.original_max_seq_len;
    const std::vector<double>& factors = length > original ? s.long_factors : s.short_factors;
    const double stretch = static_cast<double>(*s.max_seq_len) / original;
    const double rule = stretch <= 1.0 ? 1.0 : std::sqrt(1.0 + std::log(stretch) / std::log(original));
    RopeFrequencies result{plainFrequencies(rope.base, headDim), s.attention_factor.value_or(rule)};
    for (std::size_t p = 0; p < result.theta.size(); ++p) result.theta[p] /= factors[p];
    return result;
}

void checkFactors(std::string_view key, const std::vector<double>& factors, const ModelConfig& model, ProblemList& problems) {
    const std::string path = scalingKey(key);
    const auto pairs = static_cast<std::size_t>(model.headDim() / 2);
    if (!problems.sound({path}) || factors.size() == pairs) return;
    problems.add(
        path, Message(LAB_PLURAL("config", "has %n value(s); %1 needs %2")).count(std::ssize(factors)).arg(headDimText(model)).arg(pairs));
}

void checkBoth(const ModelConfig& model, ProblemList& problems) {
    const RopeScalingConfig& s = model.position.rope.scaling;
    checkFactors("short_factors", s.short_factors, model, problems);
    checkFactors("long_factors", s.long_factors, model, problems);
}

bool hasStart(const RopeConfig&, int headDim) {
    return headDim > 2;
}

/// The factors from which its search starts: factor^(2 p / (d - 2)), as NTK's.
void start(RopeScalingConfig& s, int headDim) {
    s.max_seq_len = static_cast<int>(std::ceil(*s.original_max_seq_len * *s.factor));
    s.short_factors.assign(static_cast<std::size_t>(headDim / 2), 1.0);
    for (int p = 0; p < headDim / 2; ++p) s.long_factors.push_back(std::pow(*s.factor, 2.0 * p / (headDim - 2)));
    s.factor.reset();
}

}  // namespace

extern constinit const RopeScalingSpec longrope{.name = "longrope",
                                                .title = LAB_TEXT("fields", "LongRoPE"),
                                                .help = LAB_TEXT("fields", "a factor for each pair (Ding 2024, arXiv 2402.13753)"),
                                                .attentionFactor = "\u221A(1 + ln(factor) / ln n_{0})",
                                                .keys = keys,
                                                .frequencies = factorByPair,
                                                .byLength = true,
                                                .check = checkBoth,
                                                .stretches = hasStart,
                                                .stretch = start};

}  // namespace lab::scalings
