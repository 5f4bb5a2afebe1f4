#pragma once

#include <cstddef>

#include "core/ops/kernels.h"
#include "core/ops/low_rank.h"
#include "core/optimizers/training_state.h"

// Sums of what adapters are added to and what they add.

namespace lab {

LowRankShape shapeOf(const AdapterBase& base, std::size_t matrix);
/// Scratch for the largest matrix.
std::size_t adapterScratch(const AdapterBase& base);

/// Puts W + factor B A of one adapted matrix into `weights`.
void mergeAdapter(const Kernels<float>& kernels, const AdapterBase& base, std::size_t matrix, const Weights& adapters, float* scratch,
                  Weights& weights);
/// Those of the base, with what the adapters add.
Weights mergedWeights(const AdapterBase& base, const Weights& adapters);
/// The state without adapters: the sums stay, and begin with moments of zero.
TrainingState withoutAdapters(TrainingState state, const UpdateRule& rule);

}  // namespace lab
