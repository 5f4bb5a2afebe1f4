#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/model/trace.h"
#include "core/tensor/weights.h"

namespace lab {

class Model;

/// How long the positions of one stack took, where they halt (model.depth.kind act).
struct StackDepth {
    Side side = Side::encoder;
    int limit = 0;                           ///< num_layers of the stack
    std::vector<int> tokens;                 ///< [T] as the stack read them
    std::vector<int> steps;                  ///< [T] N, 1 .. limit
    std::vector<float> ponder;               ///< [T] N + R
    std::vector<std::vector<float>> shares;  ///< [limit][T] p: what of each step's state goes on

    double meanSteps() const;
    bool operator==(const StackDepth&) const = default;
};

/// Of each stack whose positions halt, the encoder first; none where the model's do not. `trace` with its intermediates.
std::vector<StackDepth> depthsOf(const ModelConfig& model, const Trace& trace);
/// A pure function of weights and input: one column of a picture over a training.
std::vector<StackDepth> depthsOf(const Model& model, const Weights& weights, const Input& input);

/// The steps that one token took wherever it stood.
struct TokenDepth {
    int token = 0;
    int count = 0;
    double steps = 0;  ///< mean
};
/// By token, of all stacks given: those of one side.
std::vector<TokenDepth> depthByToken(std::span<const StackDepth> depths);
/// By position, as far as the longest goes; `token` is the position.
std::vector<TokenDepth> depthByPosition(std::span<const StackDepth> depths);

}  // namespace lab
