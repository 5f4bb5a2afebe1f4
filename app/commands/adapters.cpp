#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/io/adapter_file.h"
#include "core/io/experiment_file.h"

namespace lab {
namespace {

/// A state with adapters, and what it is of.
struct AdaptedState {
    CheckpointFile file;
    std::shared_ptr<const Model> model;
    TrainingState state;
};

AdaptedState adaptedState(const std::filesystem::path& path) {
    AdaptedState adapted{readCheckpoint(path), nullptr, {}};
    adapted.model = std::make_shared<const Model>(adapted.file.experiment.model);
    adapted.state = trainingStateOf(adapted.file, adapted.model->layout(), *adapted.file.experiment.training.optimizer.kind);
    if (!adapted.state.hasAdapters())
        throw InputError(adapted.file.file,
                         LAB_TEXT("io", "This training has no adapters (training.adapters.rank): all its weights are its own."));
    return adapted;
}

void sayNumbers(const AdaptedState& adapted) {
    std::printf("%s numbers in %s adapters of rank %d, beside %s that stay\n",
                groupedDigits(static_cast<std::int64_t>(adapted.state.base->layout.parameterCount())).c_str(),
                groupedDigits(static_cast<std::int64_t>(adapted.state.base->matrices.size())).c_str(), adapted.state.base->rank,
                groupedDigits(static_cast<std::int64_t>(adapted.model->layout().parameterCount())).c_str());
}

Experiment movedTo(const Experiment& experiment, const std::filesystem::path& from, const std::filesystem::path& to) {
    return relocated(experiment, from.parent_path(), to.parent_path());
}

void writeApart(const std::filesystem::path& path, const std::filesystem::path& out, const std::optional<std::string>& origin) {
    const AdaptedState adapted = adaptedState(path);
    writeAdapters(out, movedTo(adapted.file.experiment, path, out), adapted.model->layout(), adapted.state,
                  origin.value_or(adapted.file.experiment.name));
    sayNumbers(adapted);
}

void writeMerged(const std::filesystem::path& path, const std::filesystem::path& out) {
    const AdaptedState adapted = adaptedState(path);
    writeCheckpoint(out, afterMerging(movedTo(adapted.file.experiment, path, out)), adapted.file.tokenizer, adapted.model->layout(),
                    adapted.state.weights);
    sayNumbers(adapted);
}

void writeOnto(const std::filesystem::path& path, const std::filesystem::path& model, const std::filesystem::path& out) {
    const AdapterFile adapters = readAdapters(path);
    SavedRun origin = readRun(model);
    const Weights merged = mergedWith(adapters, origin.model->layout(), std::move(*origin.weights));
    Experiment experiment = movedTo(adapters.experiment, path, out);
    experiment.model = origin.experiment.model;
    writeCheckpoint(out, afterMerging(experiment), origin.tokenizer->kept(), origin.model->layout(), merged);
}

int adapters(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a training state or a file of adapters is missing");
    arguments.limitPositionals(1);
    if (arguments.has("--merged") && arguments.has("--onto")) throw UsageError("--merged is of a training state, --onto of adapters apart");
    const std::filesystem::path path = pathFromUtf8(arguments.positionals().front()), out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    arguments.protectInputs(adaptersCommand().options, {path});
    if (const auto model = arguments.path("--onto"))
        writeOnto(path, *model, out);
    else if (arguments.has("--merged"))
        writeMerged(path, out);
    else
        writeApart(path, out, arguments.value("--origin"));
    std::fprintf(stderr, "saved %s, %s bytes\n", utf8Text(out).c_str(),
                 groupedDigits(static_cast<std::int64_t>(std::filesystem::file_size(out))).c_str());
    return exitDone;
}

}  // namespace

Command adaptersCommand() {
    Command command;
    command.name = "adapters";
    command.summary = "Take the low-rank adapters of a training apart from its model, or merge them with it.";
    command.synopses = {"STATE [--origin NAME] --out ADAPTERS", "STATE --merged --out CHECKPOINT",
                        "ADAPTERS --onto MODEL --out CHECKPOINT"};
    command.options = {
        {"--origin", "NAME", "what the model that they were trained on is called; the training's name when not given", false},
        {"--merged", "", "the model with what the adapters add in its weights, and no adapters any more", false},
        {"--onto", "MODEL", "the checkpoint or model folder that the adapters were trained on, to merge them with", false, FileUse::read},
        {"--out", "FILE", "where the adapters (safetensors, small) or the merged checkpoint go", false, FileUse::written},
        {"--help", "", "this text", false},
    };
    command.notes =
        "STATE is what train --out wrote of a training with training.adapters.rank above 0. The file of adapters has A and B of each\n"
        "matrix, the settings, and the SHA-256 of the weights they were trained on: added to any others they are refused. A merged\n"
        "checkpoint computes what the training computed and opens anywhere; MODEL may be a checkpoint, a model folder or a .gguf file.";
    command.run = adapters;
    return command;
}

}  // namespace lab
