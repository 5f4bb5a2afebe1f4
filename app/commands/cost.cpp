#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/experiment_source.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "core/data/loaded_task.h"
#include "core/explain/long_inputs.h"
#include "core/explain/shapes.h"
#include "core/pretrained/model_files.h"
#include "core/training/cost_bench.h"

namespace lab {
namespace {

using Json = nlohmann::ordered_json;

/// Of a checkpoint, or of an experiment with what its data say.
ModelConfig modelNamed(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint, a preset or an experiment file is missing");
    arguments.limitPositionals(1);
    const std::string& name = arguments.positionals().front();
    const std::filesystem::path path = pathFromUtf8(name);
    if (path.extension() == ".safetensors" || looksPretrained(path)) {
        if (arguments.has("--set")) throw UsageError("--set changes an experiment, not a checkpoint");
        return readRun(path).experiment.model;
    }
    ExperimentSource source = experimentNamed(name);
    applySettings(source.experiment, arguments.values("--set"));
    return loadTask(source.experiment, source.folder).experiment.model;
}

std::string bytesOf(double bytes) {
    return explain::bytesText(bytes).english();
}

std::string countOf(double count) {
    return count < 1e6 ? groupedDigits(static_cast<std::int64_t>(count)) : formatted("%.3g", count);
}

void printLength(const std::vector<CostLine>& lines, std::size_t point) {
    const ModelCost& own = lines.front().points[point];
    std::printf(
        "\n%s tokens: %s weights, %s; a sequence takes %s multiply-adds of projections, %s feed-forward, %s scores and mixing, %s "
        "answers\n",
        groupedDigits(own.length).c_str(), groupedDigits(static_cast<std::int64_t>(own.weights)).c_str(),
        bytesOf(sizeof(float) * own.weights).c_str(), countOf(own.projections).c_str(), countOf(own.feedForward).c_str(),
        countOf(own.attention).c_str(), countOf(own.answers).c_str());
    if (own.cache > 0) std::printf("cache of keys and values %s", bytesOf(own.cache).c_str());
    if (own.state > 0) std::printf("; running sums in its place would take %s", bytesOf(own.state).c_str());
    if (own.cache > 0) std::printf("\n");
    std::printf("  %-46s %14s %12s %14s %14s %14s\n", "pattern", "pairs a query", "one map", "scores, mixing", "all, a token", "to train");
    for (const CostLine& line : lines) {
        const ModelCost& cost = line.points[point];
        std::printf("%s %-46s %s%13.1f %12s %14s %14s %14s\n", line.own ? "*" : " ", patternText(line.pattern).english().c_str(),
                    cost.pairs.exact ? " " : "~", cost.pairsPerQuery(), bytesOf(cost.mapBytes).c_str(),
                    countOf(cost.attention / cost.length).c_str(), countOf(cost.productsPerToken()).c_str(),
                    bytesOf(cost.activations).c_str());
    }
}

void printTimes(const std::vector<CostLine>& lines, const std::vector<TimedCost>& timed) {
    std::printf("\n%s, one thread; microseconds a token of a forward pass, median (fastest .. slowest)\n",
                processorName().english().c_str());
    for (const TimedCost& time : timed) {
        if (time.line == 0) std::printf("%s tokens\n", groupedDigits(time.length).c_str());
        std::printf("%s %-46s %10.3f (%.3f .. %.3f)\n", lines[time.line].own ? "*" : " ",
                    patternText(lines[time.line].pattern).english().c_str(), time.secondsPerToken * 1e6, time.fastest * 1e6,
                    time.slowest * 1e6);
    }
}

Json jsonOf(const ModelCost& cost) {
    Json json;
    json["length"] = cost.length;
    json["weights"] = cost.weights;
    json["activation_bytes"] = cost.activations;
    json["cache_bytes"] = cost.cache;
    json["state_bytes"] = cost.state;
    json["multiply_adds"] = {
        {"projections", cost.projections}, {"feed_forward", cost.feedForward}, {"attention", cost.attention}, {"answers", cost.answers}};
    json["pairs"] = cost.pairs.pairs;
    json["pairs_exact"] = cost.pairs.exact;
    json["map_bytes"] = cost.mapBytes;
    return json;
}

Json jsonOf(const std::vector<CostLine>& lines, const std::vector<TimedCost>& timed) {
    Json all = Json::array();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        Json json;
        json["pattern"] = patternText(lines[i].pattern).english();
        json["own"] = lines[i].own;
        for (const ModelCost& cost : lines[i].points) json["lengths"].push_back(jsonOf(cost));
        for (const TimedCost& time : timed)
            if (time.line == i)
                json["measured"].push_back({{"length", time.length},
                                            {"seconds_per_token", time.secondsPerToken},
                                            {"fastest", time.fastest},
                                            {"slowest", time.slowest}});
        all.push_back(std::move(json));
    }
    return all;
}

int cost(const Arguments& arguments) {
    const ModelConfig model = modelNamed(arguments);
    const InterruptGuard interrupt;
    const auto wanted = [&] { return !interrupt.requested(); };
    const std::vector<int> lengths = costedLengths();
    const std::vector<CostLine> lines = costLines(model, lengths, wanted);
    std::vector<TimedCost> timed;
    if (arguments.has("--measure")) {
        StatusLine line(arguments.has("--json"));
        CostTiming timing;
        timing.rounds = arguments.integer("--rounds", timing.rounds, 1);
        const int longest = arguments.integer("--longest", longestTimed, shortestCosted);
        std::erase_if(timing.lengths, [longest](int n) { return n > longest; });
        timed = timeCosts(model, timing, wanted, [&](const std::vector<TimedCost>& ofLength) {
            if (line.isDue(true)) line.show(formatted("measured %d of %d tokens", ofLength.front().length, timing.lengths.back()));
        });
        line.finish();
    }
    if (interrupt.requested()) return exitInterrupted;
    if (arguments.has("--json")) {
        std::printf("%s\n", jsonOf(lines, timed).dump(1).c_str());
        return exitDone;
    }
    for (std::size_t point = 0; point < lengths.size(); ++point) printLength(lines, point);
    if (!timed.empty()) printTimes(lines, timed);
    std::printf("\n%s\n", explain::whyWeightsStay(model).english().c_str());
    return exitDone;
}

}  // namespace

Command costCommand() {
    Command command;
    command.name = "cost";
    command.summary = "Count what a model takes to read 64 to 131 072 tokens, with its own pattern and with every other.";
    command.synopses = {"CHECKPOINT|PRESET|FILE [--set KEY=VALUE ...] [--measure [--rounds N] [--longest N]] [--json]"};
    command.options = {
        {"--set", "KEY=VALUE", "change one key of the experiment first, as in --set model.d_model=64", true},
        {"--measure", "", "time a forward pass, too: each pattern in turn, 64 to 4 096 tokens, on one thread", false},
        {"--rounds", "N", "passes of each pattern at each length, of which the median counts; 3 when not given", false},
        {"--longest", "N", "the longest sequence that is timed; 4096 when not given", false},
        {"--json", "", "everything as JSON", false},
        noCacheOption(),
        {"--help", "", "this text", false},
    };
    command.notes =
        "The star marks the model\u2019s own pattern; the others have their usual numbers. Multiply-adds are those of matrix products and "
        "of\n"
        "pairs that are seen; bytes count 4 a number. \u201C~\u201D: pairs were counted for some of the queries. \u201Cto train\u201D is "
        "about what\n"
        "waits for the backward pass of one sequence. A checkpoint is a file that ends in .safetensors.";
    command.takesExperiment = true;
    command.run = cost;
    return command;
}

}  // namespace lab
