#pragma once

#include <cstdint>

#include "core/model/model.h"

namespace lab {

/// Weights of a new model by its config's `init` (FORMATS.md 1, Initialisation). Parameter NAME draws from stream (seed, NAME), so that
/// models which share a parameter share its initial values.
Weights initialWeights(const Model& model, std::uint64_t seed);

}  // namespace lab
