#pragma once

#include <vector>

#include "core/tensor/batch.h"

namespace lab {

class Dataset;

/// The first inputs of the validation set that are as long as `like`, both sides of an encoder-decoder; `most` of them at most.
std::vector<Sample> validationInputs(const Dataset& data, const Sample& like, std::size_t most);

}  // namespace lab
