#pragma once

#include <cstdint>

#include "core/base/message.h"

namespace lab {

struct Experiment;
struct LayerConfig;
struct LoadedTask;
struct ModelConfig;

/// Floats of one row (a token) that wait for the backward pass, in all blocks together.
double floatsPerRow(const ModelConfig& model);
/// Weights of attention of one sequence that wait for it, where all of them are kept; else 0.
double keptWeights(const LayerConfig& layer, int queries, int keys);

/// Bytes that a training takes at the least, from the experiment (resolved) alone: weights, moments, gradients of the groups, and the
/// activations of one shard. The history has a budget of its own.
double trainingBytes(const Experiment& experiment);
/// The same by what it is for, in bytes.
struct TrainingMemory {
    double weights = 0;      ///< with copies: transposed, of a few steps ago, where the run began, on their way to the screen
    double moments = 0;      ///< with those of a few steps ago
    double gradients = 0;    ///< of each group, their sum, and what an update takes
    double activations = 0;  ///< of one shard

    double total() const { return weights + moments + gradients + activations; }
};
TrainingMemory trainingMemory(const Experiment& experiment);
/// "74 MB to train beside its data: within 1 GB": the design's bound for a micro model.
Message memoryLine(const TrainingMemory& memory);
/// Where it goes.
Message memoryParts(const TrainingMemory& memory);

/// Of weights and moments alone.
double stateBytes(const Experiment& experiment);
/// The same with what its data ask for: weights of attention of the longest sequence, batches, the order of the samples.
double trainingBytes(const LoadedTask& task);

/// Throws InputError with a sentence that names the numbers when this computer, beside other programs and what is open here, has not got
/// them, or when a validation or the test would read more than anybody waits for, and one that names training.frozen or training.adapters
/// when they do not fit the model, or task.kind when it asks nothing of it; to be asked before anything is allocated. `besides`: bytes that
/// are promised to others.
void requireTrainable(const LoadedTask& task, double besides = 0);

}  // namespace lab
