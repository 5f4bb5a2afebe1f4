#include "core/training/schedule.h"

namespace lab {

double learningRateAt(const TrainingConfig& training, int dModel, std::int64_t step) {
    return scheduledRate(training.optimizer.learning_rate, training, dModel, step);
}

double scheduledRate(double rate, const TrainingConfig& training, int dModel, std::int64_t step) {
    return training.schedule.kind->rate(rate, {training.schedule.numbers, step, training.steps, dModel});
}

}  // namespace lab
