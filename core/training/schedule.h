#pragma once

#include <cstdint>

#include "core/config/experiment.h"

namespace lab {

/// Learning rate of step t = 1 .. steps (FORMATS.md 1): constant; linear-warmup lr min(1, t / W); cosine-warmup lr 0.5 (1 + cos(pi t /
/// steps)) min(1, t / W); noam lr d_model^-0.5 min(t^-0.5, t W^-1.5) (Vaswani et al. 2017, 5.3). W = 0 means no warm-up.
double learningRateAt(const TrainingConfig& training, int dModel, std::int64_t step);
/// The same of another rate than the optimizer's learning_rate.
double scheduledRate(double rate, const TrainingConfig& training, int dModel, std::int64_t step);

}  // namespace lab
