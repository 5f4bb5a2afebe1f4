#pragma once

#include "core/tensor/parameter_layout.h"
#include "core/training/trainer.h"

namespace lab {

struct Experiment;

/// The moment of a training as the start of another one with changed settings (both resolved). Unchanged settings continue bit for bit; an
/// optimizer of another kind starts with moments of zero, since they mean something else. Throws InputError naming the setting that does
/// not fit: other parameters, other words, or no steps left. Its validations count on for training.early_stop, unless the task is
/// another. Other adapters than it has, or none, begin with what its own make of the weights.
TrainingState branchState(const TrainingState& moment, const Experiment& parent, const Experiment& changed);

}  // namespace lab
