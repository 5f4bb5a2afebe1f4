#include "app/commands/bench_shards.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands/bench_options.h"
#include "app/commands/command.h"
#include "core/base/platform.h"
#include "core/base/platform_files.h"
#include "core/training/bench.h"
#include "core/training/bench_plan.h"
#include "core/training/shard_bench.h"

namespace lab {
namespace {

constexpr int simulatedCores[] = {2, 4, 8, 16, 64};

struct ShardRow {
    StepPieces pieces;
    double measuredAtTwo = 0;  ///< speed-up of a trainer with two threads; 0: this machine has one core
    std::vector<SimulatedStep> steps;
};

ShardRow measuredRow(const Experiment& experiment, double seconds) {
    ShardRow row;
    row.pieces = measurePieces(experiment, seconds);
    if (processorCount() > 1) row.measuredAtTwo = row.pieces.step * measureStepsPerSecond({experiment, 2}, seconds);
    for (const int cores : simulatedCores) row.steps.push_back(simulateStep(row.pieces, cores));
    return row;
}

double speedUp(const ShardRow& row, const SimulatedStep& step) {
    return simulateStep(row.pieces, 1).seconds() / step.seconds();
}

void printRow(const std::string& name, const ShardRow& row) {
    char measured[16] = "";
    if (row.measuredAtTwo > 0) std::snprintf(measured, sizeof measured, "%.2f x", row.measuredAtTwo);
    std::printf("%-58s %9.3f %6zu %6d %9s", name.c_str(), row.pieces.step * 1e3, row.pieces.shards.size(), row.pieces.groups, measured);
    for (const SimulatedStep& step : row.steps) std::printf(" %6.2f x", speedUp(row, step));
    const SimulatedStep& last = row.steps.back();
    const double all = last.seconds() / 100;
    std::printf("   shards %.0f %%, sums %.0f %%, updates %.0f %%, serial %.0f %%\n", last.shards / all, last.sums / all,
                last.updates / all, last.serial / all);
}

nlohmann::ordered_json jsonOf(const SimulatedStep& step, double speedUp) {
    return {{"cores", step.cores},
            {"speed_up", fourDigits(speedUp)},
            {"step_ms", fourDigits(step.seconds() * 1e3)},
            {"shards_ms", fourDigits(step.shards * 1e3)},
            {"sums_ms", fourDigits(step.sums * 1e3)},
            {"updates_ms", fourDigits(step.updates * 1e3)},
            {"serial_ms", fourDigits(step.serial * 1e3)}};
}

nlohmann::ordered_json jsonOf(const std::string& name, const ShardRow& row) {
    nlohmann::ordered_json json{{"name", name},
                                {"step_ms", fourDigits(row.pieces.step * 1e3)},
                                {"shards", row.pieces.shards.size()},
                                {"groups", row.pieces.groups}};
    if (row.measuredAtTwo > 0) json["measured_speed_up_of_2"] = fourDigits(row.measuredAtTwo);
    json["simulated"] = nlohmann::ordered_json::array();
    for (const SimulatedStep& step : row.steps) json["simulated"].push_back(jsonOf(step, speedUp(row, step)));
    return json;
}

}  // namespace

int benchShards(const Arguments& arguments, const std::vector<Experiment>& experiments) {
    const double seconds = arguments.real("--seconds", BenchSettings().seconds, 0);
    const auto file = arguments.path("--json");
    if (file) checkFolderOf(*file);
    nlohmann::ordered_json json{{"processor", processorName().english()}, {"steps", nlohmann::ordered_json::array()}};
    std::printf("%s; speed-up over one core, simulated from the times of the pieces of a step\n\n%-58s %9s %6s %6s %9s",
                processorName().english().c_str(), "", "step ms", "shards", "groups", "2 real");
    for (const int cores : simulatedCores) std::printf(" %8d", cores);
    std::printf("   where the time of 64 cores goes\n");
    for (std::size_t i = 0; i < experiments.size(); ++i) {
        const std::string name = benchName(experiments[i]);
        printBenchProgress(0, 1, i, experiments.size(), name);
        const ShardRow row = measuredRow(experiments[i], seconds);
        printRow(name, row);
        json["steps"].push_back(jsonOf(name, row));
    }
    if (file) replaceFile(*file, {json.dump(1) + "\n"});
    return exitDone;
}

}  // namespace lab
