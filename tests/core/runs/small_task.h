#pragma once

#include <algorithm>
#include <bit>

#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

namespace lab {

/// A task so small that a step takes well under a millisecond.
inline LoadedTask smallTask(int steps = 60, std::uint64_t seed = 42, Architecture architecture = Architecture::encoder) {
    Experiment experiment;
    experiment.name = "small";
    experiment.task.seq_len = 6;
    experiment.task.vocab_size = 5;
    experiment.task.train_size = 256;
    experiment.task.validation_size = 32;
    experiment.task.test_size = 8;
    experiment.model.architecture = architecture;
    experiment.model.d_model = 16;
    experiment.model.num_layers = 1;
    experiment.model.num_heads = 2;
    experiment.training.seed = seed;
    experiment.training.steps = steps;
    experiment.training.batch_size = 16;
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
