#include "core/sweep/merge.h"

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/sweep/sweep_results.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

/// One of the files to be joined.
struct Part {
    fs::path csv;
    Sweep sweep;
    std::map<int, RunResult> results;
};

Part readPart(const fs::path& csv) {
    const ResultsTable table = readResults(csv);
    Part part{csv, sweepOf(csv), {}};
    part.results = resultsByRun(part.sweep, table, utf8Text(csv));
    return part;
}

void requireSameGrid(const Part& a, const Part& b) {
    const Message difference = differenceOf(relocated(a.sweep, b.sweep.folder), b.sweep);
    if (!difference.empty())
        throw InputError(Message(LAB_TEXT("sweep", "%1 and %2 have results of different grids: %3"))
                             .arg(utf8Text(a.csv))
                             .arg(utf8Text(b.csv))
                             .arg(difference));
}

void requireAgreement(const Part& a, const Part& b) {
    for (const auto& [run, result] : a.results) {
        const auto other = b.results.find(run);
        if (other != b.results.end() && !sameButForTime(result, other->second))
            throw InputError(
                Message(LAB_TEXT("sweep", "%1 and %2 disagree about the run %3; were they computed with different instruction sets?"))
                    .arg(utf8Text(a.csv))
                    .arg(utf8Text(b.csv))
                    .arg(describeRun(a.sweep, run)));
    }
}

/// A run's file at its new place; false when there is none.
bool copyFile(const fs::path& from, const fs::path& to) {
    if (!fs::exists(from)) return fs::exists(to);
    std::error_code error;
    if (!fs::equivalent(from, to, error)) replaceFile(to, {readFile(from)});
    return true;
}

bool copyRun(const RunsFolder& from, const RunsFolder& to, int run) {
    const bool metrics = copyFile(from.metrics(run), to.metrics(run));
    return copyFile(from.checkpoint(run), to.checkpoint(run)) && metrics;
}

}  // namespace

MergeSummary mergeResults(const std::vector<fs::path>& paths, const fs::path& out) {
    std::vector<Part> parts;
    for (const fs::path& path : paths) {
        parts.push_back(readPart(path));
        for (const Part& earlier : parts) {
            if (&earlier == &parts.back()) continue;
            requireSameGrid(earlier, parts.back());
            requireAgreement(earlier, parts.back());
        }
    }
    if (fs::exists(out)) {
        const Part there = readPart(out);
        for (const Part& part : parts) {
            requireSameGrid(there, part);
            requireAgreement(there, part);
        }
    }
    SweepResults joined(parts.front().sweep, out);
    MergeSummary summary;
    for (const Part& part : parts) {
        for (const auto& [run, result] : part.results) {
            if (!copyRun(RunsFolder(part.csv), joined.folder(), run)) ++summary.filesMissing;
            if (!joined.isFinished(run)) joined.add(run, result);
        }
    }
    summary.rows = static_cast<int>(joined.finishedCount());
    summary.runs = joined.sweep().runCount();
    return summary;
}

}  // namespace lab
