#include <QString>
#include <algorithm>
#include <optional>
#include <sstream>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/examples/worked_example.h"
#include "core/explain/code.h"
#include "core/explain/examples.h"
#include "core/explain/markdown.h"
#include "core/explain/walk_limits.h"
#include "core/io/checkpoint.h"
#include "core/model/block_keys.h"
#include "core/model/decoding.h"
#include "core/training/schedule.h"
#include "ui/widgets/walk_handout.h"

namespace lab {
namespace {

int chosenBlock(const Arguments& arguments, const Model& model) {
    const auto& blocks = model.attentionBlocks();
    const int layer = arguments.integer("--layer", 0, 0);
    for (std::size_t b = 0; b < blocks.size(); ++b)
        if (arguments.has("--block") ? blocks[b].name == *arguments.value("--block") : blocks[b].layer == layer) return static_cast<int>(b);
    if (arguments.has("--block"))
        throw InputError("--block", Message(LAB_TEXT("commands", "this model has no %1")).arg(*arguments.value("--block")));
    throw InputError("--layer", Message(LAB_TEXT("commands", "this model has no layer %1")).arg(layer));
}

int below(const std::string& option, int value, int count, const std::string& what) {
    if (value < count) return value;
    throw InputError(option, Message(LAB_TEXT("commands", "there is no %1 %2, only 0 to %3")).arg(what).arg(value).arg(count - 1));
}

explain::Question questionOf(const Arguments& arguments, const SavedRun& run, const Input& input, const Trace& trace) {
    explain::Question q;
    q.input = input;
    const auto& blocks = run.model->attentionBlocks();
    q.block = chosenBlock(arguments, *run.model);
    const AttentionBlock& block = blocks[static_cast<std::size_t>(q.block)];
    q.sourceTokens = shownPositions(run, input, false);
    q.targetTokens = shownPositions(run, input, true);
    for (const AttentionBlock& each : blocks)
        if (each.slotCount > 0) q.slotNames = shownKeys(run, input, each, trace);
    q.queryTokens = queriesAreTargets(block, !input.targetTokens.empty()) ? q.targetTokens : q.sourceTokens;
    q.keyTokens = shownKeys(run, input, block, trace);
    q.head = below("--head", arguments.integer("--head", 0, 0), block.heads, "head");
    q.query = below("--query", arguments.integer("--query", 0, 0), static_cast<int>(q.queryTokens.size()), "position");
    q.key =
        below("--key", arguments.integer("--key", 0, 0), static_cast<int>(q.keyTokens.size()), block.slotCount > 0 ? "slot" : "position");
    const ModelConfig& model = run.experiment.model;
    for (int m = 0; m < *model.num_classes && !model.answersNumbers(); ++m) q.classNames.push_back(run.tokenizer->shown(m));
    q.optimizer = run.experiment.training.optimizer;
    q.learningRate = learningRateAt(run.experiment.training, run.experiment.model.d_model, run.step + 1);
    q.answerCost = run.experiment.training.answer_cost;
    q.clipNorm = run.experiment.training.clip_norm;
    q.frozen = run.experiment.training.frozen;
    q.keepZeros = run.experiment.training.keep_zeros;
    return q;
}

/// The optimizer's memory, where the checkpoint is a training state.
void addMoments(explain::Question& question, const CheckpointFile& file, const SavedRun& run) {
    if (!file.isState()) return;
    const auto state = std::make_shared<const TrainingState>(trainingStateOf(file, run.model->layout(), *question.optimizer.kind));
    question.firstMoment = {state, &state->firstMoment};
    if (!state->secondMoment.empty()) question.secondMoment = {state, &state->secondMoment};
    question.step = state->step;
}

explain::WalkTitle titleOf(const SavedRun& run, const explain::Question& q) {
    const AttentionBlock& block = run.model->attentionBlocks()[static_cast<std::size_t>(q.block)];
    explain::WalkTitle title;
    title.model = run.experiment.name + (run.step > 0 ? ", step " + std::to_string(run.step) : "");
    title.place = block.name + ", head " + std::to_string(q.head) + ", query " + std::to_string(q.query) + " \u201C" +
                  q.queryTokens[static_cast<std::size_t>(q.query)] + "\u201D, key " + std::to_string(q.key) + " \u201C" +
                  q.keyTokens[static_cast<std::size_t>(q.key)] + "\u201D; all indices count from 0";
    const char* between = run.model->config().readsVectors() ? "; " : " ";
    for (const std::string& token : q.sourceTokens) title.input += (title.input.empty() ? "" : between) + token;
    return title;
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
Input walkedInput(const Arguments& arguments, const SavedRun& run) {
    Input input = typedPrompt(arguments, run);
    if (run.experiment.model.architecture != Architecture::encoder_decoder || arguments.has("--target-input") || arguments.has("--sample"))
        return input;
    const TaskSpec& task = *run.experiment.task.kind;
    const auto answers = input.targets.empty() ? task.lengthOfAnswer(static_cast<int>(input.tokens.size())) : std::ssize(input.targets);
    if (answers < 2) return input;
    const std::vector<int> written = generate(run.model, run.weights, input, {.count = static_cast<int>(answers) - 1}).tokens;
    input.targetTokens.insert(input.targetTokens.end(), written.begin(), written.end());
    return input;
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

/// The walk as a program that reads the checkpoint.
void writeProgram(const std::string& out, const explain::WalkCode& code, const explain::WalkTitle& title) {
    std::string head;
    for (const std::string& line : {title.model, title.place, title.input}) head += std::string(code.language->comment) + " " + line + "\n";
    replaceFile(pathFromUtf8(out), {head, code.script()});
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
    run.weights = std::move(example.weights);
    return run;
}

/// A walk, and what stands above it.
struct TitledWalk {
    explain::Walk walk;
    explain::WalkTitle title;
    std::optional<explain::CodeSource> source = {};  ///< of a checkpoint
};

TitledWalk walkOfRun(const Arguments& arguments, const SavedRun& run, const Input& input, const CheckpointFile* checkpoint = nullptr) {
    if (const Message why = explain::whyNoWalk(run.model->config()); !why.empty()) throw InputError(why);
    TraceRequest request;
    request.gradients = !input.targets.empty();
    request.cost = run.experiment.training.answer_cost;
    auto trace = std::make_shared<const Trace>(run.model->trace(run.weights, input, request));
    explain::Question question = questionOf(arguments, run, input, *trace);
    if (checkpoint) addMoments(question, *checkpoint, run);
    const auto weights = std::make_shared<const Weights>(run.weights);
    const explain::NumberSource numbers(std::move(trace));
    TitledWalk titled{explain::buildWalk(run.model, weights, numbers, question), titleOf(run, question)};
    if (checkpoint) titled.source = {run.model, weights, numbers, question, arguments.positionals().front()};
    return titled;
}

/// Of numbers without a model.
TitledWalk walkOfNumbers(const Arguments& arguments, const explain::Example& example) {
    const int query = below("--query", arguments.integer("--query", 0, 0), example.count(), "position");
    const int key = below("--key", arguments.integer("--key", 0, 0), example.count(), "position");
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
    const SavedRun run = runOf(example);
    TitledWalk titled = walkOfRun(arguments, run, example.input);
    addAbout(titled.walk, *row);
    return titled;
}

TitledWalk walkOf(const Arguments& arguments) {
    if (arguments.has("--example")) {
        arguments.limitPositionals(0);
        return walkOfExample(arguments, *arguments.value("--example"));
    }
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    if (!arguments.has("--sample")) arguments.required("--input");
    const SavedRun run = readRunWithHeads(arguments.positionals().front());
    const CheckpointFile checkpoint = readCheckpoint(arguments.positionals().front());
    return walkOfRun(arguments, run, walkedInput(arguments, run), &checkpoint);
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
    const TitledWalk titled = walkOf(arguments);
    if (language) {
        if (const Message why = explain::whyNoCode(titled.source->model->config()); !why.empty()) throw InputError("--code", why);
        writeProgram(out, explain::walkCode(*language, titled.walk, *titled.source), titled.title);
        return exitDone;
    }
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
    const std::vector<Option> more = {
        {"--target", "TOKENS", "what is right, one token (or -1: no loss) a position; gives the loss and the way back", false},
        {"--example", "NAME", "instead of a checkpoint and an input: " + exampleNames(), false},
        {"--layer", "N", "of the head, from 0", false},
        {"--block", "NAME", "instead of --layer: the attention block as traces name it, decoder.0.cross_attention", false},
        {"--head", "N", "from 0", false},
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
