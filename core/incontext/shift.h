#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/incontext/closed_form.h"
#include "core/incontext/model_answers.h"

namespace lab {

/// The model's measured loss beside that of the answer 0 where x (or w) of the same prompts is multiplied by each of `scales`.
std::vector<ShiftPoint> measuredInputShift(const PromptAnswers& model, std::span<const FunctionPrompt> prompts,
                                           const std::vector<double>& scales, const std::function<bool()>& cancelled = {});
std::vector<ShiftPoint> measuredWeightShift(const PromptAnswers& model, std::span<const FunctionPrompt> prompts,
                                            const std::vector<double>& scales, const std::function<bool()>& cancelled = {});

/// The model's loss by number of examples: layout separate at each x of the prompts, joined with only the first n points.
struct ExampleLoss {
    int examples = 0;
    double loss = 0;
};
std::vector<ExampleLoss> modelLossByExamples(const PromptAnswers& model, const FunctionConfig& task,
                                             std::span<const FunctionPrompt> prompts, const std::vector<int>& examples,
                                             const std::function<bool()>& cancelled = {});

}  // namespace lab
