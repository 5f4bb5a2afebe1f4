#pragma once

#include <vector>

#include "core/tensor/batch.h"

namespace lab {

class Dataset;
class Model;

/// The first inputs of the validation set that are as long as `like`, both sides of an encoder-decoder; `most` of them at most.
std::vector<Sample> validationInputs(const Dataset& data, const Sample& like, std::size_t most);

/// The first that are validated on; without any, of those trained on.
std::vector<Sample> firstSamples(const Dataset& data, int most);

// For analyses of attention over many inputs, which keep something of each. Each throws InputError when there are too few as long as
// `like`, when these are too long, or when the model has no attention.

/// Of which maps are kept at the most.
constexpr std::size_t mostMapInputs = 64;
/// Two or more, whose maps are kept.
std::vector<Sample> inputsForMaps(const Model& model, const Dataset& data, const Sample& like);
/// Sixteen or more, whose vectors are kept.
std::vector<Sample> inputsForVectors(const Model& model, const Dataset& data, const Sample& like);
/// Whether an average of maps of this length is kept.
bool averageFits(const Model& model, const Sample& like);

}  // namespace lab
