#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class OutputKind { linear, mlp, masked_word, none };

struct OutputSpec {
    std::string_view name;
    SourceText help;
    bool hidden = false;   ///< a hidden layer stands before the projection
    bool projects = true;  ///< to classes; else the last layer's output is the answer
};

template <>
struct EnumRows<OutputKind> {
    static constexpr std::array<OutputSpec, 4> rows{
        {{"linear", LAB_TEXT("fields", "one matrix to the logits")},
         {"mlp", LAB_TEXT("fields", "Linear(d, d), LayerNorm, ReLU, Linear(d, classes), as in the paper"), true},
         {"masked-word", LAB_TEXT("fields", "Linear(d, d), the activation, LayerNorm, Linear(d, classes), as BERT fills gaps"), true},
         {"none", LAB_TEXT("fields", "no projection: the last layer's output itself, d_model numbers"), false, false}}};
};

}  // namespace lab
