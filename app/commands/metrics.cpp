#include <cmath>

#include "app/commands/command.h"
#include "app/commands/inputs_file.h"
#include "app/commands/interrupt.h"
#include "app/commands/result_table.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "app/commands/stream_options.h"
#include "core/analysis/ablation.h"
#include "core/analysis/head_metrics.h"
#include "core/analysis/rollout.h"
#include "core/base/errors.h"

namespace lab {
namespace {

/// What is right where nobody says it: of a decoder whose answers are its tokens the next one.
void askForNext(const ModelConfig& model, Input& input) {
    if (!input.targets.empty() || model.architecture != Architecture::decoder || model.readsVectors() ||
        model.num_classes != model.vocab_size)
        return;
    input.targets.assign(input.tokens.begin() + 1, input.tokens.end());
    input.targets.push_back(-1);
}

double lossOf(const SavedRun& run, const Input& input) {
    TraceRequest request;
    request.intermediates = false;
    const Trace trace = run.model->trace(*run.weights, input, request);
    if (!trace.contains("loss"))
        throw InputError(LAB_TEXT("commands", "--ablate compares losses, and nothing is said to be right: give a .jsonl file with target"));
    return static_cast<double>(trace.at("loss").values.front());
}

/// How much more is lost with each head off, block after block.
std::vector<double> costsOf(const SavedRun& run, Input input, const InterruptGuard& interrupt) {
    askForNext(run.model->config(), input);
    const double whole = lossOf(run, input);
    std::vector<double> costs;
    const auto& blocks = run.model->attentionBlocks();
    for (int block = 0; block < static_cast<int>(blocks.size()); ++block)
        for (int head = 0; head < blocks[static_cast<std::size_t>(block)].heads; ++head) {
            if (interrupt.requested()) throw PassAbandoned();
            input.interventions = ablationOf(*run.model, {block, head}, Intervention::Kind::headOff);
            costs.push_back(lossOf(run, input) - whole);
        }
    return costs;
}

std::vector<std::string> metricsHeader(bool costs) {
    std::vector<std::string> header{"input", "block", "layer", "head"};
    for (const HeadMetric metric : headMetricList) header.push_back(headMetricName(metric));
    header.emplace_back("visible_keys");
    if (costs) header.emplace_back("cost");
    return header;
}

void addMetrics(const SavedRun& run, int number, const Trace& trace, const std::vector<double>& costs, ResultTable& table) {
    std::size_t i = 0;
    const std::vector<HeadMetrics> all = allHeadMetrics(*run.model, run.experiment.task, trace);
    for (const AttentionBlock& block : run.model->attentionBlocks())
        for (int head = 0; head < block.heads; ++head, ++i) {
            std::vector<ResultTable::Cell> row{std::int64_t{number}, block.name, std::int64_t{block.layer}, std::int64_t{head}};
            for (const HeadMetric metric : headMetricList) row.emplace_back(all[i][metric]);
            row.emplace_back(all[i].visibleKeys);
            if (!costs.empty()) row.emplace_back(costs[i]);
            table.rows.push_back(std::move(row));
        }
}

/// The shares behind the last layer of each side that looks at itself.
void addRollout(const SavedRun& run, int number, const Trace& trace, ResultTable& table) {
    for (const char* side : {"encoder", "decoder"}) {
        const std::vector<AttentionMatrix> layers = rollout(residualAttention(*run.model, trace, side));
        if (layers.empty()) continue;
        const AttentionMatrix& last = layers.back();
        const bool targets = std::string_view(side) == "decoder" && !trace.targetTokens.empty();
        const std::vector<int>& tokens = targets ? trace.targetTokens : trace.tokens;
        const auto text = [&](int position) {
            return run.model->config().readsVectors() ? std::string() : run.tokenizer->shown(tokens[static_cast<std::size_t>(position)]);
        };
        for (int position = 0; position < last.n; ++position)
            for (int source = 0; source < last.n; ++source)
                table.rows.push_back({std::int64_t{number}, std::string(side), std::int64_t{position}, text(position), std::int64_t{source},
                                      text(source), last(position, source)});
    }
}

ResultTable measured(const SavedRun& run, const std::vector<Input>& inputs, const Arguments& arguments) {
    const InterruptGuard interrupt;
    const bool rolls = arguments.has("--rollout"), ablates = arguments.has("--ablate");
    ResultTable table{
        rolls ? std::vector<std::string>{"input", "side", "position", "token", "source", "source_token", "share"} : metricsHeader(ablates),
        {}};
    StatusLine line(arguments.has("--quiet"));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (interrupt.requested()) throw PassAbandoned();
        if (line.isDue()) line.show(formatted("%zu of %zu inputs", i, inputs.size()));
        const Trace trace = run.model->trace(*run.weights, inputs[i]);
        const int number = static_cast<int>(i);
        if (rolls)
            addRollout(run, number, trace, table);
        else
            addMetrics(run, number, trace, ablates ? costsOf(run, inputs[i], interrupt) : std::vector<double>(), table);
    }
    line.finish();
    return table;
}

int metrics(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    arguments.required("--inputs");
    checkTableOptions(arguments);
    if (arguments.has("--rollout") && arguments.has("--ablate")) throw UsageError("--rollout and --ablate are two tables: give one");
    const SavedRun run = readRunWithHeads(arguments.positionals().front());
    const std::vector<Input> inputs = readInputs(*arguments.path("--inputs"), run);
    return untilInterrupted([&] { writeTable(arguments, measured(run, inputs, arguments)); });
}

}  // namespace

Command metricsCommand() {
    Command command;
    command.name = "metrics";
    command.summary =
        "Measure what every head does on each input of a file, what switching it off costs, or where what is read comes from.";
    command.synopses = {"CHECKPOINT --inputs F [--ablate] [--csv FILE|--json]", "CHECKPOINT --inputs F --rollout [--csv FILE|--json]"};
    command.options = {
        inputsOption(),
        {"--ablate", "", "also switch every head off in turn: how much the loss of the input rises, nats a position that is asked", false},
        {"--rollout", "",
         "in place of heads: attention rollout (Abnar & Zuidema 2020), the share of each position in each above the last layer", false},
    };
    for (const Option& option : tableOptions()) command.options.push_back(option);
    command.options.push_back({"--quiet", "", "no progress, only the result", false});
    command.options.push_back({"--help", "", "this text", false});
    command.notes =
        "A line an input (from 0) and head, or with --rollout an input, position and source. Shares of a head's weight are means over the\n"
        "queries of the input that have the number; one that none has is left empty (JSON: null). What is right is the target of a\n"
        ".jsonl file; of a decoder that answers tokens it is the next one when not given.";
    command.run = metrics;
    return command;
}

}  // namespace lab
