#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/base/message.h"
#include "core/incontext/model_answers.h"

// The weights that make each layer of linear attention exactly one gradient step (von Oswald 2023, proposition 1), as init
// `gradient-descent` has them: the answer is minus the y slot.

namespace lab {

struct Experiment;

/// Why this model cannot be set by the construction; empty: it can.
Message whyNotConstructed(const Experiment& experiment);
/// Weights whose every layer is one step of length eta (absent: model.init_step's, else the best of one step), GD++ with gamma.
/// `experiment` resolved, of task regression, and whyNotConstructed is empty.
Weights constructedWeights(const Model& model, const Experiment& experiment, std::optional<double> eta = std::nullopt, double gamma = 0);

/// The model set by the construction against as many gradient steps as it has layers.
struct ConstructionCheck {
    double largestDifference = 0;  ///< between its answers and the steps', in double precision
    double largestAnswer = 0;
    int layers = 0;
    double eta = 0;
};
ConstructionCheck checkConstruction(const Model& model, const Experiment& experiment, std::span<const FunctionPrompt> prompts);

/// A point on the way from the trained weights to the constructed ones.
struct InterpolatedLoss {
    double share = 0;  ///< 0 trained, 1 constructed
    double loss = 0;
};
/// The losses of (1 - a) trained + a constructed for a = 0 .. 1 in `points` steps. What a layer computes is unchanged when W_Q, W_K and
/// W_V, W_O are multiplied by c and 1 / c or turned within the head, so the products are mixed, block by block, after each was brought to
/// the size of the construction's. Models of one head a layer; empty for others or when cancelled.
std::vector<InterpolatedLoss> interpolatedLosses(const Model& model, const Weights& trained, const Weights& constructed,
                                                 const FunctionConfig& task, std::span<const FunctionPrompt> prompts, int points = 11,
                                                 const std::function<bool()>& cancelled = {});

}  // namespace lab
