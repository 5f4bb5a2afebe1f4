#include "core/training/step_pace.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "core/base/median.h"
#include "core/training/trainer.h"

namespace lab {

namespace {
constexpr int measuredSteps = 20, stepsBefore = 2;
}

std::int64_t StepPace::stepsWithin(double seconds, int validateEvery) const {
    constexpr int fewestValidations = 10;  // a short training is validated as often (core/data/text_recipes.h)
    if (step <= 0) return 1;
    const double perStep = step + (validateEvery > 0 ? validation / validateEvery : 0);
    const double often = seconds / perStep;
    const bool isShort = validateEvery > 0 && often < static_cast<double>(fewestValidations) * validateEvery;
    return std::max<std::int64_t>(1, std::llround(isShort ? (seconds - fewestValidations * validation) / step : often));
}

StepPace measuredPace(const LoadedTask& task, const Watch& watch) {
    Experiment experiment = task.experiment;
    experiment.training.validate_every = 0;
    experiment.training.steps = stepsBefore + measuredSteps + 1;  // the last one would validate
    const auto model = std::make_shared<const Model>(experiment.model);
    Trainer trainer(experiment, model, task.dataset, initialState(*model, experiment));
    std::vector<double> seconds;
    for (int i = 0; i < stepsBefore + measuredSteps; ++i) {
        const StepRecord record = trainer.advance();
        if (i >= stepsBefore) seconds.push_back(record.seconds);
        tellWatch(watch, static_cast<double>(i + 1) / (stepsBefore + measuredSteps), task.experiment.task.path);
    }
    const auto begin = std::chrono::steady_clock::now();
    if (task.dataset->validationSize() > 0) trainer.evaluateValidation(watch);
    return {medianOf(seconds), std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()};
}

}  // namespace lab
