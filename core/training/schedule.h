#pragma once

#include <cstdint>

#include "core/config/training_config.h"

namespace lab {

/// Learning rate of step t = 1 .. steps, as the schedule's row has it (FORMATS.md 1).
double learningRateAt(const TrainingConfig& training, int dModel, std::int64_t step);
/// The same of another rate than the optimizer's learning_rate.
double scheduledRate(double rate, const TrainingConfig& training, int dModel, std::int64_t step);

}  // namespace lab
