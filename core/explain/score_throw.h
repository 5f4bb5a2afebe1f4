#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/model/model.h"

// What the hand sets, and how far it reaches.

namespace lab::explain {

/// Whether a number set in tensor `of` shall reach tensor `other` of the same attention block, so that `other` must not be set any more.
bool reaches(const std::string& of, const std::string& other);
/// The input with one number of a tensor set; `values` are the tensor's as traced. What is made of it is set no more.
Input withNumber(Input input, const std::string& tensor, const std::vector<float>& values, std::size_t place, float value);

/// A score moved from one end of its fader to the other, all else as it is.
struct ScoreThrow {
    Input input;
    std::string tensor;
    std::vector<float> values;  ///< of the tensor
    std::size_t place = 0;
    std::function<double(double)> stored;  ///< what the tensor gets where the fader stands at a value
    double reach = 0.0;                    ///< it goes from -reach to reach
    int position = 0;                      ///< whose answer is asked for
};

/// Where the answer stays the same.
struct ThrowStretch {
    double from = 0.0, to = 0.0;
    int answer = 0;
};

/// The class with the largest logit, all along; stretches narrower than a thirty-second of the throw may be missed. Empty when cancelled.
std::vector<ThrowStretch> answersAlong(const Model& model, const Weights& weights, const ScoreThrow& scores,
                                       const std::function<bool()>& cancelled = {});

/// What a model that answers numbers says where the fader stands at a value. Nothing flips there: the answer bends.
struct ThrowAnswer {
    double value = 0.0;
    std::vector<double> numbers;
};
/// At `count` values evenly from one end of the throw to the other. Empty when cancelled.
std::vector<ThrowAnswer> numbersAlong(const Model& model, const Weights& weights, const ScoreThrow& scores, int count,
                                      const std::function<bool()>& cancelled = {});

}  // namespace lab::explain
