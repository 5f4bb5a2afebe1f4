#pragma once

#include <algorithm>

#include "core/codes/code_report.h"
#include "core/config/validation.h"
#include "core/model/network.h"
#include "tests/core/model/model_testing.h"
#include "tests/small_experiment.h"

// What the tests of codes share: small models with a bottleneck, with random weights.

namespace lab::testing {

/// Copies 4 of 5 symbols through 3 slots of 3 codes, unless told otherwise.
inline Experiment codedExperiment(const char* kind = "fsq", const Parameters& parameters = {{"slots", 3}, {"levels", 3}}, int length = 4,
                                  int vocabulary = 5) {
    Experiment experiment = smallExperiment({.name = "coded", .length = length, .vocabulary = vocabulary, .test = 60});
    experiment.task.kind = "copy";
    experiment.model.architecture = Architecture::encoder_decoder;
    experiment.model.bottleneck.kind = kind;
    experiment.model.bottleneck.parameters = parameters;
    return experiment;
}

/// An experiment with its data, and a model with random weights.
struct CodedModel {
    explicit CodedModel(const Experiment& experiment = codedExperiment(), std::uint64_t seed = 3)
        : task(loadTask(experiment, {})),
          model(std::make_shared<const Model>(task.experiment.model)),
          weights(randomWeights<float>(*model, seed)),
          coder(model, weights),
          set(codes::testSet(*task.dataset, task.experiment.task.test_size)) {}

    LoadedTask task;
    std::shared_ptr<const Model> model;
    Weights weights;
    codes::Coder coder;
    codes::SequenceSet set;
};

/// Greedily, token by token with a cache, of one code.
inline codes::Symbols slowlyDecoded(const CodedModel& coded, const codes::Code& code, const codes::Opening& opening) {
    const Weights transposed = coded.model->transposedCopy(coded.weights);
    const Network& network = coded.model->network();
    Scratch scratch;
    Network::Stores stores;
    stores.assign(network.decoderBlocks(), {});
    const auto makePass = [&]() -> Pass<float> {
        scratch.arena.reset();
        return {kernels<float>(), coded.weights.data(), transposed.data(), nullptr, scratch};
    };
    {
        Pass<float> pass = makePass();
        network.storeCodes(pass, code.data(), stores);
    }
    codes::Symbols written;
    int last = opening.first;
    for (int at = 0; at < opening.length; ++at) {
        Pass<float> pass = makePass();
        const float* row = network.step(pass, std::span<const int>(&last, 1), at, at + 1, stores);
        last = static_cast<int>(std::max_element(row, row + network.classes()) - row);
        written.push_back(last);
    }
    return written;
}

}  // namespace lab::testing
