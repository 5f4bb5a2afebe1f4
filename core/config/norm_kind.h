#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class NormKind { layer, rms, none };

struct NormSpec {
    std::string_view name;
    SourceText help;
    bool centred = false;  ///< subtracts the mean and adds a bias; otherwise it only scales
    bool normalises = true;
};

template <>
struct EnumRows<NormKind> {
    static constexpr std::array<NormSpec, 3> rows{
        {{"layer", LAB_TEXT("fields", "(x - mean) / sqrt(variance + epsilon) * weight + bias (Ba 2016)"), true},
         {"rms", LAB_TEXT("fields", "x / sqrt(mean(x^2) + epsilon) * weight (Zhang and Sennrich 2019)")},
         {"none", LAB_TEXT("fields", "no norm at all: what stands for its output is its input"), false, false}}};
};

enum class NormPlacement { post, pre };

struct NormPlacementSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<NormPlacement> {
    static constexpr std::array<NormPlacementSpec, 2> rows{
        {{"post", LAB_TEXT("fields", "x = norm(x + f(x)), the original transformer")},
         {"pre", LAB_TEXT("fields", "x = x + f(norm(x)) with a final norm per stack, as in GPT-2")}}};
};

}  // namespace lab
