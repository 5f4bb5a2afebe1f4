#include <QString>
#include <algorithm>
#include <optional>
#include <sstream>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/head_options.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/examples/worked_example.h"
#include "core/explain/examples.h"
#include "core/io/checkpoint.h"
#include "core/moments/run_walk.h"
#include "core/pretrained/model_files.h"
#include "ui/widgets/walk_handout.h"

namespace lab {
namespace {

WalkWish wishOf(const Arguments& arguments) {
    return {headChoice(arguments), arguments.integer("--query", 0, 0), arguments.integer("--key", 0, 0)};
}

/// The optimizer's memory, where the checkpoint is a training state.
std::shared_ptr<const TrainingState> stateOf(const CheckpointFile& file, const SavedRun& run) {
    if (!file.isState()) return nullptr;
    return std::make_shared<const TrainingState>(trainingStateOf(file, run.model->layout(), *run.experiment.training.optimizer.kind));
}

/// The whole walk with a page for each stage, or those that are asked for.
Handout handoutOf(const Arguments& arguments, const explain::Walk& walk) {
    if (!arguments.has("--stages")) return {.pagePerStage = true};
    Handout handout;
    std::istringstream names(*arguments.value("--stages"));
    for (std::string name; std::getline(names, name, ',');) {
        if (!walk.find(name)) throw InputError("--stages", Message(LAB_TEXT("commands", "this walk has no stage %1")).arg(name));
        handout.stages.push_back(name);
    }
    if (arguments.has("--worksheet")) handout.kind = Handout::Kind::worksheet;
    if (arguments.has("--solution")) handout.kind = Handout::Kind::solution;
    return handout;
}

/// An encoder-decoder that is not told what its decoder reads begins with BOS and reads what it writes itself.
Input walkedInput(const Arguments& arguments, const SavedRun& run, const RunMoment& moment) {
    Input input = typedPrompt(arguments, run);
    if (run.experiment.model.architecture != Architecture::encoder_decoder || arguments.has("--target-input") || arguments.has("--sample"))
        return input;
    return readingItself(moment, std::move(input));
}

/// The language that --code asks for; null when it does not.
const explain::CodeLanguage* chosenCode(const Arguments& arguments, const std::string& out) {
    if (!arguments.has("--code")) return nullptr;
    const explain::CodeLanguage* language = explain::findCodeLanguage(*arguments.value("--code"));
    if (!language || !language->runs) throw UsageError("--code must be " + explain::programLanguages("|"));
    if (!out.ends_with(".py")) throw UsageError("with --code, --out must end in .py");
    if (arguments.has("--stages")) throw UsageError("--stages is for a handout, --code writes all stages");
    return language;
}

/// Ids of all examples, in a row.
std::string exampleNames() {
    std::string names;
    for (const explain::Example& each : explain::examples()) names += (names.empty() ? "" : ", ") + each.id;
    for (const WorkedExampleRow& each : workedExamples()) names += ", " + each.id;
    return names;
}

/// The model of a worked example as if it were a checkpoint's.
SavedRun runOf(WorkedExample& example) {
    SavedRun run;
    run.tokenizer = {example.task.dataset, &example.task.dataset->tokenizer()};
    run.model = std::make_shared<const Model>(example.task.experiment.model);
    run.experiment = std::move(example.task.experiment);
    run.weights = std::make_shared<Weights>(std::move(example.weights));
    return run;
}

/// A walk, and what stands above it.
struct TitledWalk {
    explain::Walk walk;
    explain::WalkTitle title;
};

/// Of numbers without a model.
TitledWalk walkOfNumbers(const Arguments& arguments, const explain::Example& example) {
    const WalkWish wish = wishOf(arguments);
    const int query = placeBelow("query", wish.query, example.count());
    const int key = placeBelow("key", wish.key, example.count());
    explain::WalkTitle title;
    title.model = example.name.english();
    title.place = example.about.english();
    for (const std::string& token : example.tokens) title.input += (title.input.empty() ? "" : " ") + token;
    return {explain::exampleWalk(example, query, key), title};
}

TitledWalk walkOfExample(const Arguments& arguments, const std::string& id) {
    for (const char* option : {"--input", "--sample", "--target", "--target-input"})
        if (arguments.has(option)) throw UsageError(std::string(option) + " is for checkpoints: an example has an input of its own");
    const auto numbers = std::ranges::find(explain::examples(), id, &explain::Example::id);
    if (numbers != explain::examples().end()) return walkOfNumbers(arguments, *numbers);
    const WorkedExampleRow* row = findWorkedExample(id);
    if (!row) throw InputError("--example", Message(LAB_TEXT("commands", "there is no %1; examples are %2")).arg(id).arg(exampleNames()));
    WorkedExample example = makeWorkedExample(*row);
    RunWalk made = walkOf(momentOf(runOf(example)), example.input, wishOf(arguments));
    addAbout(made.walk, *row);
    return {std::move(made.walk), std::move(made.title)};
}

RunWalk walkOfCheckpoint(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    if (!arguments.has("--sample")) arguments.required("--input");
    const std::string& file = arguments.positionals().front();
    const SavedRun run = readRunWithHeads(file);
    const RunMoment moment = momentOf(run, looksPretrained(file) ? nullptr : stateOf(readCheckpoint(file), run));
    RunWalk made = walkOf(moment, walkedInput(arguments, run, moment), wishOf(arguments));
    made.source.checkpoint = file;
    return made;
}

TitledWalk titledWalk(const Arguments& arguments) {
    if (arguments.has("--example")) {
        arguments.limitPositionals(0);
        return walkOfExample(arguments, *arguments.value("--example"));
    }
    RunWalk made = walkOfCheckpoint(arguments);
    return {std::move(made.walk), std::move(made.title)};
}

int explainWalk(const Arguments& arguments) {
    const std::string out = arguments.required("--out");
    const bool pdf = out.ends_with(".pdf");
    const explain::CodeLanguage* const language = chosenCode(arguments, out);
    if (!pdf && !language && !out.ends_with(".md")) throw UsageError("--out must end in .md or .pdf");
    if (!pdf && arguments.has("--stages")) throw UsageError("--stages is for a handout: --out must end in .pdf");
    if ((arguments.has("--worksheet") || arguments.has("--solution")) && !arguments.has("--stages"))
        throw UsageError("--worksheet and --solution want --stages");
    if (arguments.has("--worksheet") && arguments.has("--solution"))
        throw UsageError("--worksheet and --solution are two handouts: give one");
    if (language && arguments.has("--example")) throw UsageError("--code reads a checkpoint: an example has none");
    if (language) {
        const RunWalk made = withOptionNames([&] { return walkOfCheckpoint(arguments); });
        replaceFile(pathFromUtf8(out), {programOf(*language, made)});
        return exitDone;
    }
    const TitledWalk titled = withOptionNames([&] { return titledWalk(arguments); });
    std::optional<Canvas> canvas;
    if (pdf) canvas.emplace(false);
    writeHandout(QString::fromStdString(out), titled.walk, titled.title, handoutOf(arguments, titled.walk));
    return exitDone;
}

}  // namespace

Command explainCommand() {
    Command command;
    command.name = "explain";
    command.summary = "Write every stage of the arithmetic of one query, forward and backward.";
    command.synopses = {"CHECKPOINT --input \"3 1 4\" [--layer 0 --head 0 --query 0 --key 0] [--target \"...\"] --out FILE.md|FILE.pdf",
                        "--example NAME [--head 0 --query 0 --key 0] --out FILE.md|FILE.pdf",
                        "CHECKPOINT --sample 0 [--query 0] --out FILE.md|FILE.pdf",
                        "CHECKPOINT --input \"3 1 4\" --stages project,dot,mix [--worksheet|--solution] --out FILE.pdf",
                        "CHECKPOINT --input \"3 1 4\" [--target \"...\"] --code " + explain::programLanguages("|") + " --out FILE.py"};
    command.options = inputOptions();
    command.options.push_back(
        {"--target", "TOKENS", "what is right, one token (or -1: no loss) a position; gives the loss and the way back", false});
    command.options.push_back({"--example", "NAME", "instead of a checkpoint and an input: " + exampleNames(), false});
    for (const Option& option : headOptions()) command.options.push_back(option);
    const std::vector<Option> more = {
        {"--query", "N", "the position whose row is opened, from 0", false},
        {"--key", "N", "the position, or the slot of a bottleneck, whose k and v are opened, from 0", false},
        {"--out", "FILE", "the walk: Markdown (.md), a handout with one stage a page (.pdf), or a program (.py)", false, FileUse::written},
        {"--code", "LANGUAGE",
         "the walk as a program instead (" + explain::programLanguages(", ") +
             "): it reads the checkpoint, computes every stage anew, tells by how much each differs, and ends with 1 where one differs by "
             "more than single precision explains",
         false},
        {"--stages", "NAMES", "a handout of these stages alone, as many on a page as fit: project,dot,scale,exp,weights,mix,output,logits",
         false},
        {"--worksheet", "", "with numbers to be worked out by hand", false},
        {"--solution", "", "the worksheet worked out", false},
        {"--help", "", "this text", false},
    };
    command.options.insert(command.options.end(), more.begin(), more.end());
    command.notes =
        "An encoder-decoder of a built-in task reads BOS and what it writes itself, as with 'generate', unless --target-input is given.";
    command.run = explainWalk;
    return command;
}

}  // namespace lab
