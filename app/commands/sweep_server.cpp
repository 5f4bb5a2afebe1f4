#include "app/commands/sweep_server.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <set>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/sweep_progress.h"
#include "app/commands/token_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "core/base/platform_files.h"
#include "core/config/data_files.h"
#include "server/client/sweep_worker.h"

namespace lab {
namespace {

/// A folder that goes with its owner.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "attention-lab-XXXXXX").string();
        if (!mkdtemp(name.data())) throw InputError(name, LAB_TEXT("files", "cannot be made"));
        m_path = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// "lab3-4711": this process, for people.
std::string workerName() {
    std::array<char, 128> host{};
    if (gethostname(host.data(), host.size() - 1) != 0 || !host.front()) return std::to_string(processNumber());
    return std::string(host.data()) + "-" + std::to_string(processNumber());
}

struct Work {
    server::SweepClient server;
    int threads, jobs;
    bool quiet;
    std::stop_token stop;
};

/// False when it was stopped.
bool workSweep(const Work& work, const std::string& id, SweepResults& results) {
    SharedProgress progress(results.sweep(), work.quiet);
    server::WorkerObserver observer;
    observer.begun = [&](int row) { progress.begun(row); };
    observer.stepped = [&](int row, const StepRecord& record) { progress.stepped(row, record); };
    observer.ended = [&](int row, const RunResult& result) { progress.ended(row, result); };
    observer.counted = [&](const server::SweepClient::Counts& counts) { progress.counted(counts.finished); };
    observer.dissent = [](const std::string& sentence) { std::fprintf(stderr, "warning: %s\n", sentence.c_str()); };
    const bool whole = server::SweepWorker(work.server, id, workerName(), results).work(work.jobs, work.threads, work.stop, observer);
    progress.finish();
    const std::string there = std::to_string(progress.finishedCount()) + " of " + std::to_string(results.sweep().runCount()) +
                              " rows are finished at " + work.server.url() + ", sweep " + id;
    if (!whole)
        std::fprintf(stderr, "interrupted: %s; the same command goes on\n", there.c_str());
    else
        std::printf("%s; %d of them were trained here\n", there.c_str(), progress.ownCount());
    return whole;
}

/// In a folder like the server's own, so that the files of runs lead to their data by the same paths.
bool workAt(const Work& work, const std::string& id, const std::filesystem::path& folder) {
    const std::filesystem::path own = folder / "sweeps" / id;
    std::filesystem::create_directories(own);
    SweepResults results(work.server.grid(id, folder / "data", work.stop), own / "results.csv");
    return workSweep(work, id, results);
}

bool hasFiles(const Sweep& sweep) {
    for (int row = 0; row < sweep.runCount(); ++row)
        if (!dataFilesOf(experimentOf(sweep, row)).empty()) return true;
    return false;
}

/// Of a grid with files, which are the server's, `out` gets the rows alone.
bool workGrid(const Work& work, const std::string& grid, const std::optional<std::filesystem::path>& out,
              const std::filesystem::path& folder) {
    const Sweep sweep = sweepNamed(grid);
    const std::string id = work.server.make(sweep, work.stop);
    std::optional<SweepResults> results;
    if (out) results.emplace(sweep, *out);
    if (results && !hasFiles(sweep)) return workSweep(work, id, *results);
    const bool whole = workAt(work, id, folder);
    if (whole && results)
        for (const auto& [row, result] : work.server.results(id, sweep, work.stop)) results->add(row, result);
    return whole;
}

/// Whatever is unfinished at the server, one sweep after the other; what comes meanwhile too.
bool workAll(const Work& work, const std::filesystem::path& folder) {
    std::set<std::string> worked;
    while (true) {
        const std::vector<std::string> open = work.server.unfinished(work.stop);
        const auto next = std::ranges::find_if(open, [&worked](const std::string& id) { return !worked.contains(id); });
        if (next == open.end()) break;
        worked.insert(*next);
        if (!workAt(work, *next, folder)) return false;
    }
    if (worked.empty()) std::printf("nothing is unfinished at %s\n", work.server.url().c_str());
    return true;
}

}  // namespace

int workForServer(const Arguments& arguments) {
    if (const auto shard = arguments.value("--shard"); shard && *shard != autoShard)
        throw UsageError("--shard is auto with --server, which hands rows out, not '" + *shard + "'");
    const auto out = arguments.path("--out");
    const bool hasGrid = !arguments.positionals().empty();
    if (out && !hasGrid) throw UsageError("--out needs a grid: whose rows shall it have?");
    if (out) checkFolderOf(*out);
    server::Connection::Options options{.url = arguments.required("--server"), .token = {}};
    if (const auto file = arguments.path("--token-file")) options.token = readToken(*file);
    options.patience = std::chrono::seconds(arguments.integer("--patience", 300, 0));
    const server::Connection connection(options);
    const int threads = arguments.threads("--threads", processorCount());
    std::stop_source stop;
    const InterruptWatch watch(stop);
    const Work work{server::SweepClient(connection), threads, arguments.threads("--jobs", threads), arguments.has("--quiet"),
                    stop.get_token()};
    const ScratchFolder scratch;
    try {
        const bool whole = hasGrid ? workGrid(work, arguments.positionals().front(), out, scratch.path()) : workAll(work, scratch.path());
        return whole ? exitDone : exitInterrupted;
    } catch (const server::Stopped&) {
        return exitInterrupted;
    }
}

}  // namespace lab
