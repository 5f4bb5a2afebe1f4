#pragma once

#include <span>
#include <vector>

#include "core/tensor/batch.h"

namespace lab {

struct ModelConfig;

/// Where the first vector stands: behind the class token of a model that has one.
int firstVector(const ModelConfig& model);
/// What a model reads of `count` vectors [count, input_dim]; nothing is asked yet.
Sample vectorSample(const ModelConfig& model, std::vector<float> vectors, int count);
/// Asks a class at a position.
void ask(Sample& sample, int position, int target);
/// Asks numbers at a position, as many as the model answers with.
void askNumbers(Sample& sample, int position, std::span<const float> numbers);
/// The same class wherever model.readout has an answer.
void askByReadout(const ModelConfig& model, Sample& sample, int target);

}  // namespace lab
