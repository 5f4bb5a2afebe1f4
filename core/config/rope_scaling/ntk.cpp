#include "core/config/rope_scaling/scaling.h"

namespace lab::scalings {
namespace {

constexpr std::string_view keys[] = {"factor"};

RopeFrequencies withLargerBase(const RopeConfig& rope, int headDim, int) {
    const double exponent = static_cast<double>(headDim) / (headDim - 2);
    return {plainFrequencies(rope.base * std::pow(*rope.scaling.factor, exponent), headDim)};
}

bool hasExponent(const RopeConfig&, int headDim) {
    return headDim > 2;
}

void checkExponent(const ModelConfig& model, ProblemList& problems) {
    if (hasExponent(model.position.rope, model.headDim())) return;
    problems.add(scalingKey("kind"),
                 Message(LAB_TEXT("config", "ntk raises its factor to head_dim / (head_dim - 2), which %1 does not have; use linear"))
                     .arg(headDimText(model)));
}

}  // namespace

extern constinit const RopeScalingSpec ntk{.name = "ntk",
                                           .title = LAB_TEXT("fields", "NTK"),
                                           .help = LAB_TEXT("fields", "base * factor^(head_dim / (head_dim - 2))"),
                                           .keys = keys,
                                           .frequencies = withLargerBase,
                                           .check = checkExponent,
                                           .stretches = hasExponent,
                                           .startsSearch = true};

}  // namespace lab::scalings
