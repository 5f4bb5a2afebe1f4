#include "app/commands/saved_run.h"

#include <cstdio>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/version.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/io/experiment_file.h"
#include "core/io/quantised_checkpoint.h"
#include "core/moments/head_choice.h"
#include "core/ops/kernels.h"
#include "core/pretrained/model_files.h"
#include "core/pretrained/pretrained_model.h"

namespace lab {
namespace {

/// Another processor's instruction set gives other bits: a state says which made it.
Metadata computedWith() {
    return {{"attention_lab.computed_with", std::string("Attention Lab ") + programVersion() + ", " + kernels<float>().isa}};
}

/// What a person should know goes to standard error.
SavedRun readPretrained(const std::filesystem::path& path) {
    PretrainedModel opened = openPretrained(path);
    for (const Message& note : opened.notes) std::fprintf(stderr, "%s\n", note.english().c_str());
    SavedRun run;
    run.tokenizer = tokenizerOf(opened.experiment, std::move(opened.tokenizer));
    run.experiment = std::move(opened.experiment);
    run.model = std::move(opened.model);
    run.weights = std::make_shared<Weights>(std::move(opened.weights));
    run.folder = path.parent_path();
    return run;
}

}  // namespace

RunMoment momentOf(const SavedRun& run, std::shared_ptr<const TrainingState> state) {
    return {run.experiment, run.tokenizer, run.model, run.weights, run.step, std::move(state)};
}

SavedRun readRun(const std::filesystem::path& path) {
    if (looksPretrained(path)) return readPretrained(path);
    CheckpointFile file = readCheckpoint(path);
    SavedRun run;
    run.model = std::make_shared<const Model>(file.experiment.model);
    run.weights = std::make_shared<Weights>(weightsOf(file, run.model->layout()));
    run.step = file.step.value_or(0);
    if (const auto note = quantisationOf(file.metadata, file.file)) run.quantisation = note->scheme;
    run.folder = path.parent_path();
    run.experiment = std::move(file.experiment);
    run.tokenizer = tokenizerOf(run.experiment, std::move(file.tokenizer));
    return run;
}

SavedRun readRunWithHeads(const std::filesystem::path& path) {
    SavedRun run = readRun(path);
    if (const Message why = whyNoHeads(*run.model); !why.empty()) throw InputError(utf8Text(path), why);
    return run;
}

Weights readWeights(const std::filesystem::path& path, const Model& model) {
    return weightsOf(readSafetensors(path), model.layout(), utf8Text(path));
}

void writeTrainingState(const std::filesystem::path& path, const LoadedTask& task, const std::filesystem::path& dataFolder,
                        const Model& model, const TrainingState& state) {
    Metadata notes = computedWith();
    notePrint(notes, task);
    writeCheckpoint(path, relocated(task.experiment, dataFolder, path.parent_path()), task.dataset->tokenizer().kept(), model.layout(),
                    state, notes);
}

}  // namespace lab
