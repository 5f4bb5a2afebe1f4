#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class OutputKind { linear, mlp };

struct OutputSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<OutputKind> {
    static constexpr std::array<OutputSpec, 2> rows{
        {{"linear", LAB_TEXT("fields", "one matrix to the logits")},
         {"mlp", LAB_TEXT("fields", "Linear(d, d), LayerNorm, ReLU, Linear(d, classes), as in the paper")}}};
};

}  // namespace lab
