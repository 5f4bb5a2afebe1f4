#include <algorithm>
#include <cstdio>
#include <string_view>

#include "app/commands/bench_growth.h"
#include "app/commands/bench_options.h"
#include "app/commands/bench_shards.h"
#include "app/commands/command.h"
#include "app/commands/progress_line.h"
#include "app/commands/watch_bench.h"
#include "core/base/number_text.h"
#include "core/base/platform.h"
#include "core/base/platform_files.h"
#include "core/ops/kernels.h"
#include "core/training/bench.h"
#include "core/training/bench_plan.h"

namespace lab {
namespace {

constexpr double watchSecondsPerRound = 2;
constexpr std::string_view growthGrid = "growth";

BenchGrid gridOf(const Arguments& arguments) {
    const std::string name = arguments.value("--grid").value_or("quick");
    if (const auto grid = benchGridNamed(name)) return *grid;
    throw UsageError("--grid is quick, paper, pytorch or growth, not '" + name + "'");
}

/// "1,2" -> 1, 2
std::vector<int> threadsOf(const Arguments& arguments, std::vector<int> otherwise) {
    const auto text = arguments.value("--threads");
    if (!text) return otherwise;
    std::vector<int> threads;
    for (std::size_t begin = 0; begin <= text->size();) {
        const std::size_t end = std::min(text->find(',', begin), text->size());
        const auto number = parseInteger(text->substr(begin, end - begin));
        if (!number || *number < 1 || *number > mostThreads)
            throw UsageError("--threads needs numbers from 1 to " + std::to_string(mostThreads) + ", as in 1,2, not '" + *text + "'");
        threads.push_back(static_cast<int>(*number));
        begin = end + 1;
    }
    return threads;
}

/// The grid's experiments, or those that --row picks.
std::vector<Experiment> experimentsOf(const Arguments& arguments, BenchGrid grid) {
    const std::vector<Experiment> all = benchExperiments(grid);
    std::vector<Experiment> picked;
    for (const std::size_t i : pickedRows(arguments, all.size())) picked.push_back(all[i]);
    return picked;
}

/// The same experiment on one thread, null when it was not measured.
const BenchResult* onOneThread(const BenchReport& report, const BenchResult& result) {
    for (const BenchResult& other : report.results)
        if (other.row.threads == 1 && benchName(other.row.experiment) == benchName(result.row.experiment)) return &other;
    return nullptr;
}

void printTable(const BenchReport& report) {
    std::printf("%s, instruction set %s\nfused multiply-add peak:", report.processor.c_str(), report.isa.c_str());
    const char* separator = "";
    for (const auto& [threads, gflops] : report.peakGflops) {
        std::printf("%s %.0f GFLOP/s with %s", separator, gflops, threadText(threads).c_str());
        separator = ",";
    }
    std::printf("\n\n%-52s %7s %9s %19s %12s %8s %8s %8s\n", "", "threads", "step ms", "rounds' range", "tokens/s", "GFLOP/s", "of peak",
                "speed-up");
    for (const BenchResult& result : report.results) {
        char range[40];
        std::snprintf(range, sizeof range, "%.3f .. %.3f", result.fastestSeconds * 1e3, result.slowestSeconds * 1e3);
        std::printf("%-52s %7d %9.3f %19s %12s %8.1f %6.1f %%", benchName(result.row.experiment).c_str(), result.row.threads,
                    result.stepSeconds * 1e3, range, groupedDigits(static_cast<std::int64_t>(result.tokensPerSecond)).c_str(),
                    result.gflops, 100 * result.peakShare);
        if (const BenchResult* one = onOneThread(report, result); one && result.row.threads > 1)
            std::printf(" %6.2f x", speedUpOver(*one, result));
        std::printf("\n");
    }
}

int benchSteps(const Arguments& arguments) {
    const BenchGrid grid = gridOf(arguments);
    const std::vector<int> threads = threadsOf(arguments, benchThreads(grid, processorCount()));
    std::vector<BenchRow> rows;
    for (const Experiment& experiment : experimentsOf(arguments, grid))
        for (const int count : threads) rows.push_back({experiment, count});
    const BenchSettings settings = benchSettings(arguments);
    const auto file = arguments.path("--json");
    if (file) checkFolderOf(*file);
    const BenchReport report = runBench(rows, settings, [&](int round, std::size_t i) {
        printBenchProgress(round, settings.rounds, i, rows.size(), benchName(rows[i].experiment) + ", " + threadText(rows[i].threads));
    });
    printTable(report);
    if (file) replaceFile(*file, {benchJson(report)});
    return exitDone;
}

int benchWatched(const Arguments& arguments) {
    for (const char* option : {"--json", "--threads"})
        if (arguments.has(option)) throw UsageError(std::string("--watched and ") + option + " exclude each other");
    const std::vector<Experiment> experiments = experimentsOf(arguments, gridOf(arguments));
    const int rounds = arguments.integer("--rounds", BenchSettings().rounds, 1);
    const double seconds = arguments.real("--seconds", watchSecondsPerRound, 0);
    const auto results = measureWatched(experiments, rounds, seconds, [&](int round, std::size_t i) {
        printBenchProgress(round, rounds, i, experiments.size(), benchName(experiments[i]) + ", alone, watched, minimised");
    });
    std::printf(
        "%s, instruction set %s, %s\nsteps a second, and the share of the speed without a window\n\n%-52s %9s %9s %8s %10s %9s %8s\n",
        processorName().english().c_str(), selectIsa(), threadText(processorCount()).c_str(), "", "alone", "Maps", "share", "pictures/s",
        "minimised", "share");
    for (const WatchResult& result : results)
        std::printf("%-52s %9.2f %9.2f %6.1f %% %10.1f %9.2f %6.1f %%\n", benchName(result.experiment).c_str(), result.aloneStepsPerSecond,
                    result.mapsStepsPerSecond, 100 * result.mapsShare, result.picturesPerSecond, result.minimisedStepsPerSecond,
                    100 * result.minimisedShare);
    return exitDone;
}

int bench(const Arguments& arguments) {
    arguments.limitPositionals(0);
    if (arguments.value("--grid") == growthGrid) {
        for (const char* option : {"--watched", "--shards"})
            if (arguments.has(option)) throw UsageError(std::string(option) + " and --grid growth exclude each other");
        return benchGrowth(arguments, threadsOf(arguments, {processorCount()}));
    }
    if (arguments.has("--shards")) {
        for (const char* option : {"--watched", "--threads", "--rounds"})
            if (arguments.has(option)) throw UsageError(std::string("--shards and ") + option + " exclude each other");
        return benchShards(arguments, experimentsOf(arguments, gridOf(arguments)));
    }
    return arguments.has("--watched") ? benchWatched(arguments) : benchSteps(arguments);
}

}  // namespace

Command benchCommand() {
    Command command;
    command.name = "bench";
    command.summary = "Measure how fast this machine trains.";
    command.synopses = {"[--grid quick|paper|pytorch|growth] [--row N ...] [--threads LIST] [--rounds N] [--seconds S] [--json F]",
                        "--watched [--grid quick|paper|pytorch] [--row N ...] [--rounds N] [--seconds S]",
                        "--shards [--grid quick|paper|pytorch] [--row N ...] [--seconds S] [--json F]"};
    command.options = {
        {"--grid", "NAME",
         "quick (four encoders and a char-LM decoder; default), paper (d 32, 64, 256; L 2, 4; h 2, 4; n 16, 64, 128; "
         "qkv, kv, kv+pos), pytorch (quick's, a text decoder, an encoder-decoder, shared key-value heads, a window: what "
         "tests/benchmarks/compare_pytorch.py compares) or growth (curves: how time and memory grow with n, d, L, batch, V)",
         false},
        {"--row", "N", "only this row of the grid, of growth this curve, counted from 1; may be given often", true},
        {"--threads", "LIST", "processors to use, as in 1,2; without it 1,2 for quick and pytorch, else all of them", false},
        {"--rounds", "N", "visits to each row, of which the median counts; 5 when not given", false},
        {"--seconds", "S", "time to measure a row in each round, three steps at least; 0.4 when not given, 2 with --watched", false},
        {"--json", "FILE", "write the results as JSON, too", false, FileUse::written},
        {"--watched", "", "measure what a window on its Maps page costs instead", false},
        {"--shards", "", "take each step apart instead, and tell on paper how fast 2, 4, 8, 16 and 64 cores would be", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "The time of a step is the median of the rounds, each the median of its steps behind a warm-up. GFLOP/s count 3 x 2 x the\n"
        "multiply-adds of all matrix products of the forward pass, attention in full, but of a pattern only the pairs that are seen.\n"
        "The peak is measured before each visit with\n"
        "fused multiply-adds on registers alone; a speed-up is the median of the rounds' own.\n"
        "ATTENTION_LAB_ISA=generic, v3 or v4 measures another instruction set.\n"
        "Decoders train on blocks of random symbols shown twice (task repeat; char-LM: 65 symbols).\n"
        "Growth: an exponent is the slope of least squares between the logarithms, over the upper half of a curve's values; of time the\n"
        "median of the rounds' own. Beside it stands the exponent that follows from counting multiply-adds, or bytes, at the same\n"
        "values, with what they are for: each part's share at the largest value and its own exponent. Memory is what the training\n"
        "holds behind its steps, as the C library counts it.\n"
        "Shards: one thread does the shards of a step, the sums of the groups' gradients and the updates one by one, each timed; then the\n"
        "trainer's queue hands the same pieces to more cores on paper, all as fast as this one. Serial is what is in a step and in none "
        "of\n"
        "the pieces, and the waiting for each other. \"2 real\" is the trainer itself with two threads, to compare.";
    command.run = bench;
    return command;
}

}  // namespace lab
