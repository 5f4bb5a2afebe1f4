#include <cstdio>
#include <stdexcept>

#include "app/commands/command.h"
#include "app/commands/experiment_source.h"
#include "app/commands/interrupt.h"
#include "app/commands/measure_text.h"
#include "app/commands/numbered_files.h"
#include "app/commands/progress_line.h"
#include "app/commands/saved_run.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/memory_error.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/io/experiment_file.h"
#include "core/text/text_files.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "core/training/metrics_csv.h"

namespace lab {
namespace {

/// A training about to begin or to go on.
struct Start {
    LoadedTask task;
    std::filesystem::path dataFolder;  ///< what the task's paths are relative to
    std::string stem;                  ///< names the state of an interrupted run
    std::shared_ptr<const Model> model;
    TrainingState state;
};

Start freshStart(const Arguments& arguments) {
    ExperimentSource source = experimentNamed(arguments.positionals().front());
    applySettings(source.experiment, arguments.values("--set"));
    Start start{loadTask(source.experiment, source.folder), source.folder, source.stem, nullptr, {}};
    requireTrainable(start.task);
    start.model = std::make_shared<const Model>(start.task.experiment.model);
    start.state = initialState(*start.model, start.task.experiment);
    if (const auto init = arguments.path("--init")) start.state.weights = readWeights(*init, *start.model);
    return start;
}

/// A new training of a model that is there, on what its settings say now, with its own tokenizer and words.
Start fineTuningStart(const Arguments& arguments) {
    const std::filesystem::path path = *arguments.path("--from");
    SavedRun run = readRun(path);
    Experiment experiment = relocated(run.experiment, run.folder, {});
    applySettings(experiment, arguments.values("--set"));
    const KeptTokenizer kept = run.tokenizer->kept();
    Start start{loadSavedTask(experiment, kept, {}), {}, path.stem().string(), nullptr, {}};
    if (start.task.dataset->tokenizer().kept() != kept)
        throw InputError("task.kind", LAB_TEXT("commands", "this task has other words than the model has learned"));
    start.model = std::make_shared<const Model>(start.task.experiment.model);
    requireTrainable(start.task, -static_cast<double>(run.weights->size() * sizeof(float)));  // which are read already
    start.state = branchState({std::move(*run.weights), {}, {}, 0}, run.experiment, start.task.experiment);
    return start;
}

Start resumedStart(const Arguments& arguments) {
    const std::filesystem::path path = *arguments.path("--resume");
    const CheckpointFile file = readCheckpoint(path);
    Experiment experiment = file.experiment;
    applySettings(experiment, arguments.values("--set"));
    std::string stem = path.stem().string();
    // Interrupted again, a run keeps the name of its first interruption.
    if (const std::string suffix = ".interrupted"; stem.ends_with(suffix)) stem.resize(stem.size() - suffix.size());
    Start start{loadSavedTask(experiment, file.tokenizer, path.parent_path()), path.parent_path(), stem, nullptr, {}};
    start.model = std::make_shared<const Model>(start.task.experiment.model);
    requireTrainable(start.task, -stateBytes(start.task.experiment));  // which the file has taken already
    start.state = trainingStateOf(file, start.model->layout(), *start.task.experiment.training.optimizer.kind);
    if (const Message difference = dataDifference(file.metadata, start.task);
        !difference.empty() && start.task.dataset->tokenizer().isText())
        throw InputError(file.file, located("task.path", difference));
    if (start.task.dataset->tokenizer().kept() != file.tokenizer)
        throw InputError(file.file,
                         located("task.path", LAB_TEXT("commands", "the words of the pairs are no longer those it has learned")));
    if (const Message difference = dataDifference(file.metadata, start.task); !difference.empty())
        throw InputError(
            file.file,
            located("task.path", Message(LAB_TEXT("commands", "%1; --init begins with its weights on other data")).arg(difference)));
    return start;
}

/// Data that the experiment names, and the state when it is not to be replaced by --out.
std::vector<std::filesystem::path> filesReadBy(const Start& start, const Arguments& arguments) {
    std::vector<std::filesystem::path> files;
    if (start.task.experiment.task.kind->source == TaskSource::text) return textFilesOf(start.task.experiment.task.path, start.dataFolder);
    const TaskConfig& task = start.task.experiment.task;
    for (const std::string& path : {task.path, task.validation_path, task.text.sentences})
        if (!path.empty()) files.push_back(start.dataFolder / pathFromUtf8(path));
    if (const auto state = arguments.path("--resume"); state && arguments.path("--metrics") == state) files.push_back(*state);
    return files;
}

void checkTrainUsage(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.has("--save-in") && !arguments.has("--save-every"))
        throw UsageError("--save-in needs --save-every, which says how often");
    if (arguments.has("--from")) {
        if (!arguments.positionals().empty()) throw UsageError("with --from the model carries the experiment; --set changes it");
        if (arguments.has("--init") || arguments.has("--resume")) throw UsageError("--from, --init and --resume exclude each other");
    } else if (arguments.has("--resume")) {
        if (!arguments.positionals().empty()) throw UsageError("with --resume the state carries the experiment");
        if (arguments.has("--init")) throw UsageError("--init and --resume exclude each other");
    } else if (arguments.positionals().empty()) {
        throw UsageError("an experiment, a preset, --from MODEL or --resume STATE is missing");
    }
}

/// One training from its start to its end, interruption or divergence.
class TrainCommand {
public:
    TrainCommand(Start start, const Arguments& arguments)
        : m_start(std::move(start)),
          m_out(arguments.path("--out")),
          m_best(arguments.path("--best")),
          m_quiet(arguments.has("--quiet")),
          m_fresh(!arguments.has("--resume")),
          m_trainer(m_start.task.experiment, m_start.model, m_start.task.dataset, m_start.state, arguments.threads("--threads", 0)) {
        if (arguments.has("--save-every")) openSteps(arguments);
        if (const auto metrics = arguments.path("--metrics")) m_metrics.emplace(*metrics, m_start.state.step);
    }

    int run() {
        if (m_trainer.finished()) sayFinished();
        const InterruptGuard interrupt;
        try {
            trainUntil(interrupt);
            if (m_metrics) m_metrics->flush();
        } catch (const DivergenceError& error) {
            if (m_out) save(*m_out);
            if (m_metrics) m_metrics->flush();
            sayDiverged(error, "the state before it");
        } catch (const std::exception& error) {
            const Message what = isMemoryError(error) ? LAB_TEXT("commands", "there is not enough memory") : messageOf(error);
            throw InputError(Message::joined({what, stoppedState()}, "; "));
        }
        if (!m_trainer.finished()) return saveInterrupted();
        if (m_trained && m_trainer.state().step < m_start.task.experiment.training.steps) sayStoppedEarly("training.early_stop");
        if (m_out) save(*m_out);
        sayBest();
        try {
            if (m_start.task.dataset->testSize() > 0) printTest();
        } catch (const DivergenceError& error) {
            sayDiverged(error, "the state behind it");
        }
        return exitDone;
    }

private:
    [[noreturn]] void sayDiverged(const DivergenceError& error, const std::string& what) const {
        throw std::runtime_error("the training diverged at step " + std::to_string(error.step()) + ": " + error.tensor().english() +
                                 " is not finite" + (m_out ? "; " + utf8Text(*m_out) + " has " + what : ""));
    }

    void sayFinished() const {
        if (stoppedEarly()) return sayStoppedEarly("nothing is left to train; go on with --set training.early_stop=0");
        const std::string steps = std::to_string(m_start.task.experiment.training.steps);
        std::fprintf(stderr,
                     "the state is of step %s and training.steps is %s: nothing is left to train; go on with --set training.steps=N\n",
                     std::to_string(m_trainer.state().step).c_str(), steps.c_str());
    }

    void sayBest() const {
        const BestValidation& best = m_trainer.state().best;
        if (!m_wroteBest || m_quiet) return;
        std::fprintf(stderr, "lowest validation loss %.4f, of step %s, in %s\n", best.loss, groupedDigits(best.step).c_str(),
                     utf8Text(*m_best).c_str());
    }

    bool stoppedEarly() const { return stopsEarly(m_start.task.experiment.training, m_trainer.state().best); }

    void sayStoppedEarly(const std::string& then) const {
        const BestValidation& best = m_trainer.state().best;
        std::fprintf(stderr, "ended at step %s: %d validations in a row were not below that of step %s, loss %.4f; %s\n",
                     groupedDigits(m_trainer.state().step).c_str(), best.since, groupedDigits(best.step).c_str(), best.loss, then.c_str());
    }

    /// As --save-in says, else beside --out, called by it, else in the working folder.
    std::filesystem::path stepFolder(const Arguments& arguments) const {
        if (const auto folder = arguments.path("--save-in")) return *folder;
        const std::filesystem::path stem = m_out ? *m_out : pathFromUtf8(m_start.stem);
        return stem.parent_path() / pathFromUtf8(utf8Text(stem.stem()) + ".steps");
    }

    void openSteps(const Arguments& arguments) {
        m_every = arguments.integer("--save-every", 1, 1);
        m_steps.emplace(stepFolder(arguments), "step-");
        if (m_fresh && m_steps->any())
            throw InputError(utf8Text(m_steps->folder()), LAB_TEXT("commands", "has steps of another training: name an empty folder"));
    }

    void keepStep() const {
        const std::int64_t step = m_trainer.state().step;
        if (m_steps && step % m_every == 0) write(m_steps->of(step));
    }

    void trainUntil(const InterruptGuard& interrupt) {
        if (m_fresh) keepStep();
        ProgressLine progress(m_start.task.experiment.model, m_trainer.state().step, m_start.task.experiment.training.steps, m_quiet);
        while (!m_trainer.finished() && !interrupt.requested()) {
            const StepRecord record = m_trainer.advance();
            m_trained = true;
            if (m_metrics) m_metrics->write(record);
            progress.update(record);
            if (m_best && record.validation && m_trainer.state().best.step == record.step) write(*m_best), m_wroteBest = true;
            keepStep();
        }
    }

    std::filesystem::path statePath() const { return m_out.value_or(pathFromUtf8(m_start.stem + ".interrupted.safetensors")); }

    /// Metrics that cannot be written end a training, but do not cost it.
    Message stoppedState() {
        const std::filesystem::path path = statePath();
        try {
            save(path);
        } catch (const InputError& error) {
            return error.message();
        }
        return Message(LAB_TEXT("commands", "the state of step %1 is in %2; go on with: attention-lab train --resume %2"))
            .arg(groupedDigits(m_trainer.state().step))
            .arg(utf8Text(path));
    }

    int saveInterrupted() {
        const std::filesystem::path path = statePath();
        save(path);
        std::fprintf(stderr, "interrupted at step %s; go on with: attention-lab train --resume %s\n",
                     groupedDigits(m_trainer.state().step).c_str(), utf8Text(path).c_str());
        return exitInterrupted;
    }

    void save(const std::filesystem::path& path) {
        try {
            write(path);
        } catch (const InputError& error) {
            throw InputError(rescued(error.message()));
        }
        if (!m_quiet) std::fprintf(stderr, "saved %s\n", utf8Text(path).c_str());
    }

    void write(const std::filesystem::path& path) const {
        writeTrainingState(path, m_start.task, m_start.dataFolder, *m_start.model, m_trainer.state());
    }

    /// A full disk or a vanished folder must not cost the training: the state is put where there is room, and this says where.
    Message rescued(const Message& problem) const {
        const std::filesystem::path name = pathFromUtf8(m_start.stem + ".rescued.safetensors");
        std::error_code error;
        for (const std::filesystem::path& folder : {std::filesystem::path(), std::filesystem::temp_directory_path(error)}) {
            try {
                write(folder / name);
                return Message(LAB_TEXT("commands", "%1; the state of step %2 is in %3 instead"))
                    .arg(problem)
                    .arg(m_trainer.state().step)
                    .arg(utf8Text(folder / name));
            } catch (const InputError&) {
                continue;
            }
        }
        return problem;
    }

    void printTest() {
        const Evaluation test = m_trainer.evaluateTest();
        const std::string measured = evaluationText(m_start.task.experiment.model, test, "whole sequences right");
        std::printf("test %s, test loss %.6f\n", measured.c_str(), test.loss);
    }

    Start m_start;
    std::optional<std::filesystem::path> m_out, m_best;
    bool m_quiet;
    bool m_fresh;  ///< begins at step 0
    bool m_trained = false, m_wroteBest = false;
    Trainer m_trainer;
    std::optional<NumberedFiles> m_steps;
    int m_every = 1;
    std::optional<MetricsWriter> m_metrics;
};

void sayMemory(const Experiment& experiment) {
    const TrainingMemory memory = trainingMemory(experiment);
    std::fprintf(stderr, "%s. %s\n", memoryLine(memory).english().c_str(), memoryParts(memory).english().c_str());
}

int train(const Arguments& arguments) {
    checkTrainUsage(arguments);
    for (const char* option : {"--out", "--best", "--metrics"})
        if (const auto path = arguments.path(option)) checkFolderOf(*path);
    Start start = arguments.has("--resume") ? resumedStart(arguments)
                  : arguments.has("--from") ? fineTuningStart(arguments)
                                            : freshStart(arguments);
    arguments.protectInputs(trainCommand().options, filesReadBy(start, arguments));
    const Experiment experiment = start.task.experiment;
    TrainCommand command(std::move(start), arguments);
    if (!arguments.has("--quiet")) sayMemory(experiment);
    return command.run();
}

}  // namespace

Command trainCommand() {
    Command command;
    command.name = "train";
    command.summary = "Train a model without the window.";
    command.synopses = {
        "CONFIG|PAIRS|PRESET [--set KEY=VALUE ...] [--init F] [--metrics F] [--out F] [--best F] [--save-every N] [--threads N] "
        "[--no-cache] [--quiet]",
        "--from MODEL [--set KEY=VALUE ...] [--metrics F] [--out F] [--best F] [--save-every N] [--threads N] [--no-cache] [--quiet]",
        "--resume STATE [--set KEY=VALUE ...] [--metrics F] [--out F] [--best F] [--save-every N] [--threads N] [--no-cache] [--quiet]"};
    command.options = {
        {"--set", "KEY=VALUE", "change one key of the experiment, as in --set model.d_model=64; may be given often", true},
        {"--init", "FILE", "begin with the weights of this checkpoint", false, FileUse::read},
        {"--from", "MODEL", "train this checkpoint or model folder further, as a new training; --set says on what", false, FileUse::read},
        {"--resume", "STATE", "go on, bit for bit, where this state was saved; it carries the experiment", false, FileUse::replaced},
        {"--metrics", "FILE", "write one CSV row a step", false, FileUse::written},
        {"--out", "FILE", "write the state at the end (safetensors): a checkpoint, and what --resume goes on from", false,
         FileUse::written},
        {"--best", "FILE", "write the state of the lowest validation loss, each time there is a lower one", false, FileUse::written},
        {"--save-every", "N", "also keep the state of every N-th step, step 0 of a new training included", false},
        {"--save-in", "FOLDER", "where: step-0000100.safetensors and so on; when not given in NAME.steps beside --out NAME.safetensors",
         false},
        {"--threads", "N", "processors to use; all of them when not given. The result is the same, bit for bit", false},
        noCacheOption(),
        {"--quiet", "", "no progress, only the result", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Each file of --save-every is a checkpoint for all commands and a state for --resume; a training that is resumed goes on with "
        "them.\n"
        "Progress goes to standard error, the accuracy on the test set, of numbers what is explained, to standard output. Ctrl-C saves\n"
        "the state (to --out, else to STEM.interrupted.safetensors in the working folder), says where, and ends with exit status 130.\n"
        "With --resume an existing metrics file is continued, and --best is written when the loss falls below the lowest so far.\n"
        "--from keeps the model, its tokenizer and its words and begins at step 0 without moments; paths in --set count from the working\n"
        "folder. With --set training.adapters.rank=R low-rank adapters alone are trained; attention-lab adapters takes them apart.\n"
        "PAIRS is a text file (.tsv, .txt) of your own sequences, one example a line: input TAB target, tokens separated by single spaces.";
    command.takesExperiment = true;
    command.run = train;
    return command;
}

}  // namespace lab
