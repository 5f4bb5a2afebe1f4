#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What the outputs are, and what they are trained by.
enum class LossKind { cross_entropy, squared };

struct LossSpec {
    std::string_view name;
    SourceText help;
    SourceText measure;    ///< what Evaluation::accuracy is: "accuracy", "explained"
    bool numbers = false;  ///< outputs and targets are numbers; otherwise logits of classes and a class
};

template <>
struct EnumRows<LossKind> {
    static constexpr std::array<LossSpec, 2> rows{
        {{"cross-entropy", LAB_TEXT("fields", "logits of classes, -ln of the target's share of their softmax"),
          LAB_TEXT("training", "accuracy")},
         {"squared",
          LAB_TEXT("fields",
                   "numbers, half the mean square of output - target; in place of an accuracy the share of the targets' squares that is "
                   "explained, 1 - sum (output - target)^2 / sum target^2"),
          LAB_TEXT("training", "explained"), true}}};
};

}  // namespace lab
