#pragma once

#include <algorithm>
#include <bit>

#include "core/data/loaded_task.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

namespace lab {

/// A task so small that a step takes well under a millisecond.
inline LoadedTask smallTask(int steps = 60, std::uint64_t seed = 42, Architecture architecture = Architecture::encoder) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .steps = steps});
    experiment.model.architecture = architecture;
    experiment.training.seed = seed;
    experiment.training.validate_every = 20;
    return loadTask(experiment, {});
}

/// The weights after all steps, trained without a window.
inline Weights trainedAlone(const LoadedTask& task) {
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    return trainer.state().weights;
}

inline Input tokensOnly(std::vector<int> tokens) {
    Input input;
    input.tokens = std::move(tokens);
    return input;
}

inline bool sameBits(const Weights& a, const Weights& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
           });
}

}  // namespace lab
