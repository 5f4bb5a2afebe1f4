#include <algorithm>

#include "core/config/rope_scaling/scaling.h"

namespace lab::scalings {
namespace {

constexpr std::string_view keys[] = {"factor", "original_max_seq_len"};

/// As the transformers library does it: nothing changes up to the original length, behind it the base grows with every token.
RopeFrequencies byOwnLength(const RopeConfig& rope, int headDim, int length) {
    const double original = *rope.scaling.original_max_seq_len, factor = *rope.scaling.factor;
    const double growth = factor * std::max<double>(length, original) / original - (factor - 1);
    return {plainFrequencies(rope.base * std::pow(growth, static_cast<double>(headDim) / (headDim - 2)), headDim)};
}

bool hasExponent(const RopeConfig&, int headDim) {
    return headDim > 2;
}

void checkExponent(const ModelConfig& model, ProblemList& problems) {
    const int turning = model.position.rope.dims.value_or(model.headDim());
    if (hasExponent(model.position.rope, turning)) return;
    problems.add(scalingKey("kind"),
                 Message(LAB_TEXT("config",
                                  "dynamic raises the growth of its base to d / (d - 2) of the d channels that turn, which %1 do not "
                                  "have; use linear"))
                     .arg(turning));
}

/// So that at factor times the original length the slowest pair turns that many times more slowly, as with the other scalings.
void byLengthAlone(RopeScalingConfig& s, int) {
    s.factor = 1;
}

}  // namespace

extern constinit const RopeScalingSpec dynamic{
    .name = "dynamic",
    .title = LAB_TEXT("fields", "dynamic NTK"),
    .help = LAB_TEXT("fields",
                     "base * (factor * n / n_0 - (factor - 1))^(head_dim / (head_dim - 2)) for sequences of n > n_0 = original_max_seq_len "
                     "tokens, nothing up to there"),
    .keys = keys,
    .frequencies = byOwnLength,
    .byLength = true,
    .byEachLength = true,
    .check = checkExponent,
    .stretches = hasExponent,
    .stretch = byLengthAlone};

}  // namespace lab::scalings
