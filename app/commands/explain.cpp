#include <QString>
#include <optional>
#include <sstream>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/explain/markdown.h"
#include "core/io/checkpoint.h"
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

explain::Question questionOf(const Arguments& arguments, const SavedRun& run, const Input& input) {
    explain::Question q;
    q.input = input;
    q.block = chosenBlock(arguments, *run.model);
    const AttentionBlock& block = run.model->attentionBlocks()[static_cast<std::size_t>(q.block)];
    const bool decoderSide = block.side == "decoder" && !input.targetTokens.empty();
    const std::vector<int>& queries = decoderSide ? input.targetTokens : input.tokens;
    const std::vector<int>& keys = decoderSide && !block.cross ? input.targetTokens : input.tokens;
    q.sourceTokens = run.tokenizer->shown(input.tokens);
    q.targetTokens = run.tokenizer->shown(input.targetTokens);
    q.queryTokens = run.tokenizer->shown(queries);
    q.keyTokens = run.tokenizer->shown(keys);
    q.head = below("--head", arguments.integer("--head", 0, 0), block.heads, "head");
    q.query = below("--query", arguments.integer("--query", 0, 0), static_cast<int>(queries.size()), "position");
    q.key = below("--key", arguments.integer("--key", 0, 0), static_cast<int>(keys.size()), "position");
    for (int m = 0; m < *run.experiment.model.num_classes; ++m) q.classNames.push_back(run.tokenizer->shown(m));
    q.optimizer = run.experiment.training.optimizer;
    q.learningRate = learningRateAt(run.experiment.training, run.experiment.model.d_model, run.step + 1);
    q.clipNorm = run.experiment.training.clip_norm;
    q.frozen = run.experiment.training.frozen;
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
    for (const std::string& token : run.tokenizer->shown(q.input.tokens)) title.input += (title.input.empty() ? "" : " ") + token;
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
    if (run.experiment.model.architecture != Architecture::encoder_decoder || arguments.has("--target-input")) return input;
    const TaskSpec& task = *run.experiment.task.kind;
    const auto answers = input.targets.empty() ? task.lengthOfAnswer(static_cast<int>(input.tokens.size())) : std::ssize(input.targets);
    if (answers < 2) return input;
    const std::vector<int> written = generate(run.model, run.weights, input, {.count = static_cast<int>(answers) - 1}).tokens;
    input.targetTokens.insert(input.targetTokens.end(), written.begin(), written.end());
    return input;
}

int explainWalk(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    arguments.required("--input");
    const std::string out = arguments.required("--out");
    const bool pdf = out.ends_with(".pdf");
    if (!pdf && !out.ends_with(".md")) throw UsageError("--out must end in .md or .pdf");
    if (!pdf && arguments.has("--stages")) throw UsageError("--stages is for a handout: --out must end in .pdf");
    if ((arguments.has("--worksheet") || arguments.has("--solution")) && !arguments.has("--stages"))
        throw UsageError("--worksheet and --solution want --stages");
    if (arguments.has("--worksheet") && arguments.has("--solution"))
        throw UsageError("--worksheet and --solution are two handouts: give one");
    const SavedRun run = readRun(arguments.positionals().front());
    const Input input = walkedInput(arguments, run);
    explain::Question question = questionOf(arguments, run, input);
    addMoments(question, readCheckpoint(arguments.positionals().front()), run);
    TraceRequest request;
    request.gradients = !input.targets.empty();
    auto trace = std::make_shared<const Trace>(run.model->trace(run.weights, input, request));
    const auto weights = std::make_shared<const Weights>(run.weights);
    const explain::Walk walk = explain::buildWalk(run.model, weights, explain::NumberSource(std::move(trace)), question);
    std::optional<Canvas> canvas;
    if (pdf) canvas.emplace(false);
    writeHandout(QString::fromStdString(out), walk, titleOf(run, question), handoutOf(arguments, walk));
    return exitDone;
}

}  // namespace

Command explainCommand() {
    Command command;
    command.name = "explain";
    command.summary = "Write every stage of the arithmetic of one query, forward and backward.";
    command.synopses = {"CHECKPOINT --input \"3 1 4\" [--layer 0 --head 0 --query 0 --key 0] [--target \"...\"] --out FILE.md|FILE.pdf",
                        "CHECKPOINT --input \"3 1 4\" --stages project,dot,mix [--worksheet|--solution] --out FILE.pdf"};
    command.options = inputOptions();
    const std::vector<Option> more = {
        {"--target", "TOKENS", "what is right, one token (or -1: no loss) a position; gives the loss and the way back", false},
        {"--layer", "N", "of the head, from 0", false},
        {"--block", "NAME", "instead of --layer: the attention block as traces name it, decoder.0.cross_attention", false},
        {"--head", "N", "from 0", false},
        {"--query", "N", "the position whose row is opened, from 0", false},
        {"--key", "N", "the position whose k and v are opened, from 0", false},
        {"--out", "FILE", "the walk: Markdown (.md), or a handout with one stage a page (.pdf)", false, FileUse::written},
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
