#pragma once

#include <vector>

#include "core/tensor/batch.h"

namespace lab {

class Dataset;

/// Validation samples evenly over all of them, as many as hold `mostTokens` tokens if they are as long as the first (both sides of an
/// encoder-decoder counted); one at least where there are any.
std::vector<Sample> validationSpread(const Dataset& data, int mostTokens);

}  // namespace lab
