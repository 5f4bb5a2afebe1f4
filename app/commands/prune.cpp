#include <cstdio>

#include "app/commands/checkpoint_task.h"
#include "app/commands/command.h"
#include "app/commands/experiment_source.h"
#include "app/commands/interrupt.h"
#include "app/commands/progress_line.h"
#include "app/commands/status_line.h"
#include "core/analysis/prune.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/data/validation_spread.h"
#include "core/io/pruned_checkpoint.h"
#include "core/io/quantised_checkpoint.h"
#include "core/training/memory_need.h"

namespace lab {
namespace {

/// What ablation looks at: enough that heads keep their order, seconds on one processor.
constexpr int ablationTokens = 16'384;

struct Wanted {
    PruneWhat what;
    PruneBy by;
    double share;
    int steps;
    std::filesystem::path out;
    int threads;
    bool quiet;
};

Wanted wantedBy(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    if (arguments.has("--heads") == arguments.has("--weights")) throw UsageError("one of --heads and --weights says what goes");
    const std::string by = arguments.value("--by").value_or("size");
    if (by != "size" && by != "ablation") throw UsageError("--by is size or ablation");
    arguments.required("--share");
    const double share = arguments.real("--share", 0, 0);
    if (share > 1) throw UsageError("--share is from 0 to 1");
    const int steps = arguments.integer("--steps", 0, 0);
    if (steps == 0 && arguments.has("--set")) throw UsageError("--set is about the training that --steps asks for");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    return {arguments.has("--heads") ? PruneWhat::heads : PruneWhat::weights,
            by == "size" ? PruneBy::size : PruneBy::ablation,
            share,
            steps,
            out,
            arguments.threads("--threads", 0),
            arguments.has("--quiet")};
}

std::optional<PruneOrder> orderOf(const CheckpointTask& source, const Wanted& wanted, const InterruptGuard& interrupt) {
    std::vector<Sample> samples;
    if (wanted.by == PruneBy::ablation) {
        samples = validationSpread(*source.task().dataset, ablationTokens);
        if (samples.empty()) throw UsageError("--by ablation needs validation sequences; the task has none");
    }
    StatusLine line(wanted.quiet);
    const auto told = [&](int done, int total) {
        if (line.isDue()) line.show(formatted("ablation %d of %d", done, total));
    };
    auto order = pruneOrder(
        *source.model(), source.weights(), wanted.what, wanted.by, samples, [&] { return interrupt.requested(); }, told);
    line.finish();
    return order;
}

/// Steps more, in which what is 0 stays 0; nothing when interrupted.
std::optional<Weights> trainedOn(const LoadedTask& task, const CheckpointTask& source, Weights weights, const Wanted& wanted,
                                 const InterruptGuard& interrupt) {
    requireTrainable(task);
    Trainer trainer(task.experiment, source.model(), task.dataset,
                    startingState(std::move(weights), *task.experiment.training.optimizer.kind), wanted.threads);
    ProgressLine progress(task.experiment.model, 0, wanted.steps, wanted.quiet);
    while (!trainer.finished()) {
        if (interrupt.requested()) return std::nullopt;
        progress.update(trainer.advance());
    }
    progress.finish();
    return trainer.state().weights;
}

/// --set may change how the steps more are trained, and nothing that the weights or the data hang on. `task`: what they are trained on.
void requireTrainingAlone(const Experiment& before, const Experiment& after, const LoadedTask* task) {
    validate(after);
    for (const std::string& path : differences(before, after))
        if (!path.starts_with("training."))
            throw InputError(path, LAB_TEXT("commands", "a pruned run keeps its task and its model; set keys of training alone"));
    if (!task || !after.training.shuffle || task->dataset->drawsBlocks()) return;
    const int size = task->dataset->trainSize();
    if (after.training.batch_size > size)
        throw InputError("training.batch_size",
                         Message(LAB_TEXT("commands", "%1 is larger than the %2 training sequences; an epoch then has no whole batch"))
                             .arg(after.training.batch_size)
                             .arg(size));
}

int prune(const Arguments& arguments) {
    const Wanted wanted = wantedBy(arguments);
    const CheckpointTask source(pathFromUtf8(arguments.positionals().front()));
    const ParameterLayout& layout = source.model()->layout();
    const InterruptGuard interrupt;
    const auto order = orderOf(source, wanted, interrupt);
    if (!order) return exitInterrupted;
    Pruned result = pruned(*source.model(), source.weights(), *order, wanted.share);
    const char* things = wanted.what == PruneWhat::heads ? "heads" : "weights";
    std::printf("before: %s\n", source.text(source.evaluate(source.weights(), wanted.threads)).c_str());
    std::printf("without %s of %s %s: %s\n", groupedDigits(result.taken).c_str(), groupedDigits(result.of).c_str(), things,
                source.text(source.evaluate(result.weights, wanted.threads)).c_str());
    std::fflush(stdout);
    Experiment experiment = afterPruning(source.file().experiment, wanted.steps);
    const Experiment before = experiment;
    applySettings(experiment, arguments.values("--set"));
    requireTrainingAlone(before, experiment, wanted.steps > 0 ? &source.task() : nullptr);
    if (wanted.steps > 0) {
        LoadedTask task = source.task();
        task.experiment = experiment;
        auto trained = trainedOn(task, source, std::move(result.weights), wanted, interrupt);
        if (!trained) return exitInterrupted;
        result.weights = std::move(*trained);
        std::printf("after %s steps more: %s\n", groupedDigits(wanted.steps).c_str(),
                    source.text(source.evaluate(result.weights, wanted.threads)).c_str());
    }
    const std::int64_t zeros = zerosOf(layout, result.weights), all = static_cast<std::int64_t>(layout.parameterCount());
    std::printf("%s of %s weights are 0, %.1f %%\n", groupedDigits(zeros).c_str(), groupedDigits(all).c_str(),
                100.0 * static_cast<double>(zeros) / static_cast<double>(all));
    writePruned(wanted.out, source.metadataAt(wanted.out, experiment), layout, result.weights,
                {things, wanted.by == PruneBy::size ? "size" : "ablation", wanted.share, result.taken, result.of, zeros, wanted.steps});
    if (!source.whyUnmeasured().empty()) std::fprintf(stderr, "the loss was not measured: %s\n", source.whyUnmeasured().c_str());
    std::fprintf(stderr, "saved %s\n", utf8Text(wanted.out).c_str());
    return exitDone;
}

}  // namespace

Command pruneCommand() {
    Command command;
    command.name = "prune";
    command.summary = "Set a share of a checkpoint's heads or weights to 0, and measure what that costs.";
    command.synopses = {"CHECKPOINT --heads|--weights --share S [--by size|ablation] [--steps K [--set KEY=VALUE ...]] --out FILE"};
    command.options = {
        {"--heads", "", "whole heads go, over all blocks", false},
        {"--weights", "", "single weights of attention, feed-forward, mixing and bottleneck matrices go", false},
        {"--share", "S", "how many of them, from 0 to 1", false},
        {"--by", "ORDER", "which go first: size (when not given) or ablation, what the loss would rise by", false},
        {"--steps", "K", "train K steps more, in which what is 0 stays 0; 0 when not given", false},
        {"--set", "KEY=VALUE", "change one key of that training, as in --set training.optimizer.learning_rate=0.0003", true},
        {"--out", "FILE", "the pruned checkpoint (safetensors)", false, FileUse::written},
        {"--threads", "N", "processors to use; all of them when not given", false},
        noCacheOption(),
        {"--quiet", "", "no progress, only the result", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Size of a head: the Frobenius norms of its part of W_O and of its rows of W_V (of W_K where keys serve as values), multiplied;\n"
        "of a weight: |w|, compared within its matrix.\n"
        "Ablation of a head: the loss with the head switched off; of a weight: w^2 times the mean of its squared gradient, an estimate of "
        "what\n"
        "the loss would rise by, compared over all matrices. Both look at up to 16 384 tokens of the validation sequences.\n"
        "The validation loss before, after, and after the steps more goes to standard output. The file has zeros in place of what went, "
        "and\n"
        "training.keep_zeros in its experiment.";
    command.run = prune;
    return command;
}

}  // namespace lab
