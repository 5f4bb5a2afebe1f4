#include "core/moments/run_walk.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/explain/walk_limits.h"
#include "core/model/block_keys.h"
#include "core/model/decoding.h"
#include "core/moments/shown_input.h"
#include "core/training/schedule.h"

namespace lab {
namespace {

void addTokens(explain::Question& q, const RunMoment& moment, const Input& input, const Trace& trace) {
    const auto& blocks = moment.model->attentionBlocks();
    const AttentionBlock& block = blocks[static_cast<std::size_t>(q.block)];
    q.sourceTokens = shownPositions(moment, input, false);
    q.targetTokens = shownPositions(moment, input, true);
    for (const AttentionBlock& each : blocks)
        if (each.slotCount > 0) q.slotNames = shownKeys(moment, input, each, trace);
    q.queryTokens = queriesAreTargets(block, !input.targetTokens.empty()) ? q.targetTokens : q.sourceTokens;
    q.keyTokens = shownKeys(moment, input, block, trace);
    const ModelConfig& model = moment.experiment.model;
    for (int m = 0; m < *model.num_classes && !model.answersNumbers(); ++m) q.classNames.push_back(moment.tokenizer->shown(m));
}

void addTraining(explain::Question& q, const RunMoment& moment) {
    const TrainingConfig& training = moment.experiment.training;
    q.optimizer = training.optimizer;
    q.learningRate = learningRateAt(training, moment.experiment.model.d_model, moment.step + 1);
    q.answerCost = training.answer_cost;
    q.clipNorm = training.clip_norm;
    q.frozen = training.frozen;
    q.adapterRank = training.adapters.rank;
    q.keepZeros = training.keep_zeros;
    if (!moment.state || moment.state->hasAdapters() || moment.state->firstMoment.empty()) return;
    q.firstMoment = {moment.state, &moment.state->firstMoment};
    if (!moment.state->secondMoment.empty()) q.secondMoment = {moment.state, &moment.state->secondMoment};
    q.step = moment.state->step;
}

explain::Question questionOf(const RunMoment& moment, const Input& input, const Trace& trace, const WalkWish& wish) {
    explain::Question q;
    q.input = input;
    const ChosenHead chosen = chosenHead(*moment.model, wish.head);
    q.block = chosen.block;
    q.head = chosen.head;
    addTokens(q, moment, input, trace);
    q.query = placeBelow("query", wish.query, std::ssize(q.queryTokens));
    q.key = moment.model->attentionBlocks()[static_cast<std::size_t>(q.block)].slotCount > 0
                ? placeBelow("key", wish.key, std::ssize(q.keyTokens), LAB_TEXT("moments", "there is no slot %1, only 0 to %2"))
                : placeBelow("key", wish.key, std::ssize(q.keyTokens));
    addTraining(q, moment);
    return q;
}

explain::WalkTitle titleOf(const RunMoment& moment, const Input& input, const explain::Question& q) {
    const AttentionBlock& block = moment.model->attentionBlocks()[static_cast<std::size_t>(q.block)];
    const std::string& name = moment.experiment.name;
    explain::WalkTitle title;
    title.model = moment.step > 0 ? Message(LAB_TEXT("moments", "%1, step %2")).arg(name).arg(moment.step).english() : name;
    title.place = Message(LAB_TEXT("moments", "%1, head %2, query %3 \u201C%4\u201D, key %5 \u201C%6\u201D; all indices count from 0"))
                      .arg(block.name)
                      .arg(q.head)
                      .arg(q.query)
                      .arg(q.queryTokens[static_cast<std::size_t>(q.query)])
                      .arg(q.key)
                      .arg(q.keyTokens[static_cast<std::size_t>(q.key)])
                      .english();
    title.input = shownInput(moment, input);
    return title;
}

}  // namespace

RunWalk walkOf(const RunMoment& moment, const Input& input, const WalkWish& wish) {
    if (const Message why = whyNoHeads(*moment.model); !why.empty()) throw InputError(why);
    if (const Message why = explain::whyNoWalk(moment.model->config()); !why.empty()) throw InputError(why);
    TraceRequest request;
    request.gradients = !input.targets.empty();
    request.cost = moment.experiment.training.answer_cost;
    auto trace = std::make_shared<const Trace>(moment.model->trace(*moment.weights, input, request));
    explain::Question question = questionOf(moment, input, *trace, wish);
    explain::WalkTitle title = titleOf(moment, input, question);
    const explain::NumberSource numbers(std::move(trace));
    explain::Walk walk = explain::buildWalk(moment.model, moment.weights, numbers, question);
    return {std::move(walk), std::move(title), {moment.model, moment.weights, numbers, std::move(question)}};
}

std::string programOf(const explain::CodeLanguage& language, const RunWalk& walk) {
    if (const Message why = explain::whyNoCode(walk.source.model->config()); !why.empty()) throw InputError(why);
    std::string text;
    for (const std::string& line : {walk.title.model, walk.title.place, walk.title.input})
        text += std::string(language.comment) + " " + line + "\n";
    return text + explain::walkCode(language, walk.walk, walk.source).script();
}

Input readingItself(const RunMoment& moment, Input input) {
    const TaskSpec& task = *moment.experiment.task.kind;
    const auto answers = input.targets.empty() ? task.lengthOfAnswer(static_cast<int>(input.tokens.size())) : std::ssize(input.targets);
    if (answers < 2 || std::max(answers, std::ssize(input.tokens)) > maxTraceLength) return input;  // too long: refused by the trace
    const std::vector<int> written = generate(moment.model, *moment.weights, input, {.count = static_cast<int>(answers) - 1}).tokens;
    input.targetTokens.insert(input.targetTokens.end(), written.begin(), written.end());
    return input;
}

}  // namespace lab
