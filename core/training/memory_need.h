#pragma once

#include <cstdint>

namespace lab {

struct Experiment;

/// Bytes that a training takes at the least, from the experiment (resolved) alone: weights, moments, gradients of the groups, and the
/// activations of one shard. The history has a budget of its own.
double trainingBytes(const Experiment& experiment);

/// Throws InputError with a sentence that names the numbers when this computer has not got them; to be asked before anything is allocated.
void requireMemory(const Experiment& experiment);

}  // namespace lab
