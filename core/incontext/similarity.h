#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/incontext/model_answers.h"
#include "core/incontext/solvers.h"

namespace lab {

/// How near a model comes to a method, on the same prompts: the three measures of von Oswald 2023.
struct Similarity {
    double answers = 0;        ///< root of the mean square of the difference of answers
    double cosine = 0;         ///< mean cosine of dy / dx_q
    double sensitivities = 0;  ///< mean distance of dy / dx_q
    double loss = 0;           ///< of the model on these prompts
    double methodLoss = 0;     ///< of the method on them
};

/// Nothing when cancelled, or where the method is undefined.
std::optional<Similarity> similarity(const PromptAnswers& model, const Method& method, std::span<const FunctionPrompt> prompts,
                                     const std::function<bool()>& cancelled = {});

}  // namespace lab
