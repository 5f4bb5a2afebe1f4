#pragma once

#include <string>
#include <vector>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/function_prompt.h"
#include "core/model/model.h"

namespace lab::testing {

/// The form of the construction: plain products, no norm, no feed-forward layer, no positions.
inline Experiment constructionOf(int layers, int dimensions = 4, int points = 6, int heads = 1) {
    Experiment experiment;
    experiment.task.kind = "regression";
    experiment.task.functions.dimensions = dimensions;
    experiment.task.functions.points = points;
    ModelConfig& model = experiment.model;
    model.d_model = dimensions + 1;
    model.num_layers = layers;
    model.num_heads = heads;
    model.d_ff = 0;
    model.bias = false;
    model.init = Initialisation::gradient_descent;
    model.attention.kernel.kind = KernelKind::product;
    model.attention.pattern.kind = "context";
    model.position.kind = PositionKind::none;
    model.norm.kind = NormKind::none;
    model.output.kind = OutputKind::linear;
    model.output.bias = false;
    validate(experiment);
    return resolved(experiment);
}

inline std::vector<FunctionPrompt> promptsOf(const FunctionConfig& task, int count, std::uint64_t seed = 7) {
    std::vector<FunctionPrompt> prompts;
    for (int i = 0; i < count; ++i) prompts.push_back(drawPrompt(task, seed, FunctionPart::validation, i));
    return prompts;
}

}  // namespace lab::testing
