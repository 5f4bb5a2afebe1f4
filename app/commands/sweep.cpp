#include <algorithm>
#include <cstdio>
#include <optional>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/sweep_progress.h"
#include "app/commands/sweep_server.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform.h"
#include "core/sweep/merge.h"

namespace lab {
namespace {

struct Shard {
    int number = 1;
    int count = 1;
};

Shard shardOf(const Arguments& arguments) {
    const std::optional<std::string> text = arguments.value("--shard");
    if (!text) return {};
    if (*text == autoShard) throw UsageError("--shard auto needs the --server that hands rows out");
    const std::size_t slash = std::min(text->find('/'), text->size());
    const auto number = parseInteger(std::string_view(*text).substr(0, slash));
    const auto count = parseInteger(std::string_view(*text).substr(std::min(slash + 1, text->size())));
    if (!number || !count || *number < 1 || *count < *number || *count > 100000)
        throw UsageError("--shard needs I/N with I from 1 to N, not '" + *text + "'");
    return {static_cast<int>(*number), static_cast<int>(*count)};
}

int sweep(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.has("--server")) return workForServer(arguments);
    for (const char* option : {"--token-file", "--patience"})
        if (arguments.has(option)) throw UsageError(std::string(option) + " needs the --server that it is about");
    if (arguments.positionals().empty()) throw UsageError("a grid is missing: a file, or paper-table2-small");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    const Shard shard = shardOf(arguments);
    const int threads = arguments.threads("--threads", processorCount());
    const int jobs = arguments.threads("--jobs", threads);
    checkFolderOf(out);
    std::stop_source stop;
    std::optional<InterruptWatch> watch(stop);  // from before the results file is there: who sees it may interrupt
    SweepResults results(sweepNamed(arguments.positionals().front()), out);
    const std::vector<int> runs = runsOfShard(results.sweep(), shard.number, shard.count);
    SweepProgress progress(results, runs, arguments.has("--quiet"));
    if (const int before = progress.doneCount(); before > 0 && !arguments.has("--quiet"))
        std::fprintf(stderr, "going on: %d of %d runs are in %s\n", before, progress.totalCount(), utf8Text(out).c_str());
    runSweep(results, runs, jobs, threads, stop.get_token(),
             {[&](int run) { progress.begun(run); }, [&](int run, const StepRecord& record) { progress.stepped(run, record); },
              [&](int run, const RunResult& result) { progress.ended(run, result); }});
    watch.reset();
    progress.finish();
    if (progress.doneCount() < progress.totalCount()) {
        std::fprintf(stderr, "interrupted: %d of %d runs are in %s; the same command goes on\n", progress.doneCount(),
                     progress.totalCount(), utf8Text(out).c_str());
        return exitInterrupted;
    }
    std::printf("%zu of %d runs in %s\n", results.finishedCount(), results.sweep().runCount(), utf8Text(out).c_str());
    return exitDone;
}

int merge(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("results to join are missing");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    std::vector<std::filesystem::path> parts;
    for (const std::string& part : arguments.positionals()) parts.push_back(pathFromUtf8(part));
    const MergeSummary summary = mergeResults(parts, out);
    std::printf("%d of %d runs in %s\n", summary.rows, summary.runs, utf8Text(out).c_str());
    if (summary.filesMissing > 0) std::fprintf(stderr, "%d runs came without their metrics or checkpoint\n", summary.filesMissing);
    return exitDone;
}

std::string sweepNames() {
    std::string names;
    for (const BuiltInSweep& built : builtInSweeps()) names.append(names.empty() ? "" : ", ").append(built.name);
    return names;
}

}  // namespace

Command sweepCommand() {
    Command command;
    command.name = "sweep";
    command.summary = "Train every experiment of a grid and table the results.";
    command.synopses = {"GRID --out R.csv [--jobs N] [--threads N] [--shard I/N] [--quiet]",
                        "--server URL --token-file FILE --shard auto [GRID [--out R.csv]] [--jobs N] [--threads N] [--quiet]"};
    command.options = {
        {"--out", "R.csv", "the results, a row a finished run; what is in it already is not run again", false, FileUse::written},
        {"--jobs", "N", "runs at the same time; as many as processors when not given. The rows are the same whatever N", false},
        {"--threads", "N", "processors that they share; all of them when not given", false},
        {"--shard", "I/N",
         "only every N-th run, beginning with the I-th (from 1): for job arrays, joined by 'merge'; auto: what the --server hands out",
         false},
        {"--server", "URL", "shares the work with others: an attention-lab serve, which keeps the grid and hands its rows out", false},
        {"--token-file", "FILE", "holds the token that the server wants", false, FileUse::read},
        {"--patience", "SECONDS", "ends when the server has not answered for so long; 300 when not given", false},
        noCacheOption(),
        {"--quiet", "", "no progress, only the result", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "GRID is a file, {\"format\": \"attention-lab/sweep\", \"version\": 1, \"base\": \"reverse\", \"set\": {\"training.steps\": 60},\n"
        "\"grid\": {\"model.attention.form\": [\"qkv\", \"kv\"], \"training.seed\": [1, 2, 3]}}, or one that comes with the program:\n" +
        sweepNames() +
        ".\n"
        "Beside R.csv the folder R.runs keeps the grid and each run's metrics and last state (three times its weights).\n"
        "A sweep that was stopped, even killed, goes on with the same command: only the runs in hand are lost.\n"
        "A training that diverges is a result too: its row has no losses and fewer steps.\n"
        "With --server several machines work one grid, each by this command: rows come back to the server as they end, and what a machine "
        "had\n"
        "in hand that was stopped or lost goes to another. The same GRID is the same sweep there; without one, whatever is unfinished at "
        "the\n"
        "server is worked. R.csv gets all rows in the end, and R.runs the files of those that were trained here; the server has all of "
        "them.";
    command.run = sweep;
    return command;
}

Command mergeCommand() {
    Command command;
    command.name = "merge";
    command.summary = "Join the results of a sweep's shards.";
    command.synopses = {"A.csv B.csv ... --out R.csv"};
    command.options = {
        {"--out", "R.csv", "the joined results; the folder R.runs gets the runs' files", false, FileUse::written},
        {"--help", "", "this text", false},
    };
    command.notes = "The parts must be of the same grid. A run that is in two of them must have the same results, seconds apart.";
    command.run = merge;
    return command;
}

}  // namespace lab
