#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What the outputs are, and what they are trained by.
enum class LossKind { cross_entropy, squared };

/// What Evaluation::accuracy is, in words.
struct LossMeasure {
    SourceText name;    ///< within a line, and in English as a key of files: "accuracy", "explained"
    SourceText title;   ///< over a plot: "Accuracy"
    SourceText phrase;  ///< within a sentence: "accuracy", "explained share"
    SourceText brief;   ///< over a narrow column: "acc.", "expl."
};

struct LossSpec {
    std::string_view name;
    SourceText help;
    LossMeasure measure;
    bool numbers = false;  ///< outputs and targets are numbers; otherwise logits of classes and a class
};

template <>
struct EnumRows<LossKind> {
    static constexpr std::array<LossSpec, 2> rows{
        {{"cross-entropy",
          LAB_TEXT("fields", "logits of classes, -ln of the target's share of their softmax"),
          {LAB_TEXT("training", "accuracy"), LAB_TEXT("training", "Accuracy"), LAB_TEXT("training", "accuracy"),
           LAB_TEXT("training", "acc.")}},
         {"squared",
          LAB_TEXT("fields",
                   "numbers, half the mean square of output - target; in place of an accuracy the share of the targets' squares that is "
                   "explained, 1 - sum (output - target)^2 / sum target^2"),
          {LAB_TEXT("training", "explained"), LAB_TEXT("training", "Explained"), LAB_TEXT("training", "explained share"),
           LAB_TEXT("training", "expl.")},
          true}}};
};

}  // namespace lab
