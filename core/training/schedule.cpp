#include "core/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lab {

double learningRateAt(const TrainingConfig& training, int dModel, std::int64_t step) {
    return scheduledRate(training.optimizer.learning_rate, training, dModel, step);
}

double scheduledRate(double rate, const TrainingConfig& training, int dModel, std::int64_t step) {
    const double t = static_cast<double>(step);
    const double warmup = training.schedule.warmup_steps;
    const double ramp = warmup > 0.0 ? std::min(1.0, t / warmup) : 1.0;
    switch (training.schedule.kind) {
        case ScheduleKind::constant:
            return rate;
        case ScheduleKind::linear_warmup:
            return rate * ramp;
        case ScheduleKind::cosine_warmup:
            return rate * 0.5 * (1.0 + std::cos(std::numbers::pi * t / training.steps)) * ramp;
        case ScheduleKind::noam:
            break;
    }
    const double decay = std::pow(t, -0.5);
    return rate * std::pow(static_cast<double>(dModel), -0.5) * (warmup > 0.0 ? std::min(decay, t * std::pow(warmup, -1.5)) : decay);
}

}  // namespace lab
