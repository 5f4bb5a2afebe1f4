#include "core/io/checkpoint.h"

#include "core/config/experiment_json.h"
#include "core/io/adapter_file.h"
#include "core/model/model.h"
#include "tests/fuzz/harness.h"
#include "tests/fuzz/same.h"

namespace lab::fuzz {
namespace {

void readAsWeights(const CheckpointFile& checkpoint, const ParameterLayout& layout) {
    Weights weights;
    if (!accepted([&] { weights = weightsOf(checkpoint, layout); })) return;
    const std::filesystem::path path = scratch() / "weights.safetensors";
    writeCheckpoint(path, checkpoint.experiment, checkpoint.tokenizer, layout, weights);
    const CheckpointFile again = readCheckpoint(path);
    require(writeExperiment(again.experiment) == writeExperiment(checkpoint.experiment), "an experiment is kept as it is read");
    require(again.tokenizer == checkpoint.tokenizer, "a tokenizer is kept as it is read");
    require(sameBits(weightsOf(again, layout), weights), "weights are kept as they are read");
}

void readAsState(const CheckpointFile& checkpoint, const ParameterLayout& layout) {
    const UpdateRule& rule = *checkpoint.experiment.training.optimizer.kind;
    TrainingState state;
    if (!accepted([&] { state = trainingStateOf(checkpoint, layout, rule); })) return;
    const std::filesystem::path path = scratch() / "state.safetensors";
    writeCheckpoint(path, checkpoint.experiment, checkpoint.tokenizer, layout, state);
    require(sameState(trainingStateOf(readCheckpoint(path), layout, rule), state), "a state is kept as it is read");
}

void readAsAdapters(const std::filesystem::path& path) {
    AdapterFile adapters;
    if (!accepted([&] { adapters = readAdapters(path); })) return;
    accepted([&] {
        const Model model(adapters.experiment.model);
        mergedWith(adapters, model.layout(), Weights(model.layout().flatSize(), 0.0f));
    });
}

}  // namespace

void checkpoint(std::string_view bytes) {
    const std::filesystem::path path = fileOf(bytes, "input.safetensors");
    readAsAdapters(path);
    CheckpointFile checkpoint;
    if (!accepted([&] { checkpoint = readCheckpoint(path); })) return;
    accepted([&] {
        const Model model(checkpoint.experiment.model);
        readAsWeights(checkpoint, model.layout());
        readAsState(checkpoint, model.layout());
    });
}

}  // namespace lab::fuzz
