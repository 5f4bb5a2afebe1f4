#pragma once

#include "core/stream/stream_runs.h"
#include "tests/core/model/model_testing.h"

// What the stream's tests share: a model of every form that has a stream to read, and an input of it.

namespace lab::testing {

struct StreamCase {
    explicit StreamCase(const NamedConfig& form, std::uint64_t seed = 5)
        : name(form.name),
          model(resolvedModel(form.config)),
          weights(randomWeights<float>(model, seed)),
          input(inputFor(model.config(), seed)) {}

    static ModelConfig resolvedModel(const ModelConfig& config) {
        Experiment experiment;
        experiment.model = config;
        return resolved(experiment).model;
    }
    static Input inputFor(const ModelConfig& config, std::uint64_t seed) {
        Input input;
        constexpr int length = 7;
        input.tokens = randomTokens(seed, length, *config.vocab_size);
        if (specOf(config.architecture).twoSides()) input.targetTokens = randomTokens(seed + 1, length - 1, *config.vocab_size);
        input.targets = randomTokens(seed + 2, input.targetTokens.empty() ? length : length - 1, *config.num_classes);
        giveVectors(config, seed, input);
        return input;
    }

    std::string name;
    Model model;
    Weights weights;
    Input input;
};

/// Those whose answer is read from a last state of the stream.
inline std::vector<NamedConfig> formsWithStream() {
    std::vector<NamedConfig> forms;
    for (const NamedConfig& form : formsOfEveryKind())
        if (!specOf(form.config.depth.kind).halts && specOf(form.config.output.kind).projects) forms.push_back(form);
    return forms;
}

}  // namespace lab::testing
