#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "ui/runs/validation_inputs.h"
#include "ui/widgets/figure_file.h"
#include "ui/window/experiment_tables.h"

namespace lab {
namespace {

std::optional<ExperimentTable> tableOf(const std::string& kind, const SavedRun& run, const Dataset& data,
                                       const std::function<bool()>& cancelled) {
    const Sample like = data.validationSize() > 0 ? data.validationSample(0) : Sample();
    if (kind == "maps") {
        const std::vector<Sample> samples = inputsForMaps(*run.model, data, like);
        const auto found = fixedMaps(*run.model, *run.weights, samples, cancelled);
        if (!found) return std::nullopt;
        return fixedMapsTable(*run.model, {run.step, static_cast<int>(samples.front().tokens.size()), *found});
    }
    const auto found = positionProbes(*run.model, *run.weights, inputsForVectors(*run.model, data, like), cancelled);
    if (!found) return std::nullopt;
    return positionTable(*run.model, {run.step, *found});
}

int experiment(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    const std::string kind = arguments.required("--kind");
    if (kind != "maps" && kind != "positions") throw UsageError("--kind is maps or positions");
    const std::filesystem::path path = pathFromUtf8(arguments.positionals().front());
    const SavedRun run = readRun(path);
    const LoadedTask task = loadTask(run.experiment, path.parent_path());
    const InterruptGuard interrupt;
    const auto table = tableOf(kind, run, *task.dataset, [&] { return interrupt.requested(); });
    if (!table) return exitInterrupted;
    if (const auto out = arguments.path("--out")) writeBytes(*out, QByteArray::fromStdString(csvText(table->numbers())));
    std::printf("%s\n", table->sentence.toUtf8().constData());
    return exitDone;
}

}  // namespace

Command experimentCommand() {
    Command command;
    command.name = "experiment";
    command.summary = "Ask a trained model whether a map can be reused, or where a token's position is kept.";
    command.synopses = {"CHECKPOINT --kind maps|positions [--out FILE.csv]"};
    command.options = {
        {"--kind", "KIND",
         "maps: answers with the mean of the inputs' maps and with another input's map in place of its own; positions: a linear "
         "probe for the position before the attention, in the heads, behind W_O and in the sum",
         false},
        {"--out", "FILE", "the table, as CSV", false, FileUse::written},
        noCacheOption(),
        {"--help", "", "this text", false},
    };
    command.notes =
        "The inputs are the first of the validation set that are as long as its first one. The sentence goes to standard output.\n"
        "What a model reaches with some weights frozen is a training: train PRESET --set training.frozen=attention.";
    command.run = experiment;
    return command;
}

}  // namespace lab
