#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/config/training_config.h"
#include "core/optimizers/training_state.h"
#include "core/tensor/parameter_layout.h"

// Low-rank adapters (training.adapters): of some matrices W + (alpha / rank) B A computes, of which B and A alone are trained.

namespace lab {

struct Experiment;

/// Those of the model's parameters that get an adapter, ascending. Throws InputError for names that mean no matrix between activations,
/// and for a rank that is larger than one of them.
std::vector<std::size_t> adaptedMatrices(const ParameterLayout& layout, const AdaptersConfig& config);

/// What is wrong with a sound experiment's training.adapters, where: "training.adapters.targets", "training.adapters.rank". Empty: nothing,
/// or its model is not known before its data are read.
struct AdaptersProblem {
    std::string path;
    Message problem;
};
AdaptersProblem adaptersProblem(const Experiment& experiment);

/// The state with new adapters on its weights, as they are, and moments of zero; what was trained so far is in the weights. A draws from
/// stream (seed, its name), uniformly within 1 / sqrt(inputs); B is zero. Throws InputError as adaptedMatrices does.
TrainingState withAdapters(TrainingState state, const ParameterLayout& layout, const TrainingConfig& training);
/// The state as a training with these settings goes on from it: with adapters where they are asked for and it has none, with moments of
/// zero where it has none yet. Throws InputError when its adapters are others than those that are asked for.
TrainingState readyToTrain(TrainingState state, const ParameterLayout& layout, const TrainingConfig& training);

}  // namespace lab
