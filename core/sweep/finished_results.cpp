#include "core/sweep/finished_results.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/platform_files.h"
#include "core/sweep/sweep_results.h"

namespace lab {

namespace {

std::string fileNameOf(const FinishedResult& result) {
    return std::string(result.name) + "-finished.csv";
}

}  // namespace

bool isFinishedResult(const std::filesystem::path& csv) {
    return std::ranges::any_of(finishedResults(), [&](const FinishedResult& each) { return csv.filename() == fileNameOf(each); });
}

Sweep gridOf(const FinishedResult& result) {
    const auto grid = std::ranges::find(builtInSweeps(), result.name, &BuiltInSweep::name);
    assert(grid != builtInSweeps().end());
    return parseSweep(grid->json, {});
}

std::filesystem::path placeFinishedResult(const FinishedResult& result, const std::filesystem::path& folder) {
    const std::filesystem::path csv = folder / fileNameOf(result);
    const RunsFolder runs(csv);
    std::error_code ignored;  // what cannot be made cannot be written to either, which says so
    std::filesystem::create_directories(runs.path(), ignored);
    if (!std::filesystem::exists(runs.sweepFile())) replaceFile(runs.sweepFile(), {writeSweep(gridOf(result))});
    if (!std::filesystem::exists(csv)) replaceFile(csv, {result.csv});
    return csv;
}

}  // namespace lab
