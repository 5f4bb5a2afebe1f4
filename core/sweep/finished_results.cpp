#include "core/sweep/finished_results.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/platform_files.h"
#include "core/sweep/sweep_results.h"

namespace lab {
namespace {

struct Origin {
    std::string_view name;
    SourceText made;
};
constexpr SourceText twoAtATime = LAB_TEXT(
    "sweep",
    "trained on 30 November 2026, two runs at a time on the two cores of an x86-64 virtual machine that did other work too, so its "
    "seconds say little");
constexpr Origin origins[] = {
    {"dictionary", twoAtATime},
    {"paper-grid-small",
     LAB_TEXT("sweep",
              "trained on 29 November 2026, one run at a time on one core of a two-core x86-64 virtual machine with AVX-512 that did "
              "other work too, so its seconds say little")},
    {"paper-vision-small", twoAtATime},
};

std::string fileNameOf(const FinishedResult& result) {
    return std::string(result.name) + "-finished.csv";
}

}  // namespace

const FinishedResult* finishedResultOf(const std::filesystem::path& csv) {
    const auto found =
        std::ranges::find_if(finishedResults(), [&](const FinishedResult& each) { return csv.filename() == fileNameOf(each); });
    return found == finishedResults().end() ? nullptr : &*found;
}

SourceText madeBy(const FinishedResult& result) {
    const auto found = std::ranges::find(origins, result.name, &Origin::name);
    assert(found != std::end(origins));
    return found->made;
}

Sweep gridOf(const FinishedResult& result) {
    const auto grid = std::ranges::find(builtInSweeps(), result.name, &BuiltInSweep::name);
    assert(grid != builtInSweeps().end());
    return parseSweep(grid->json, {});
}

std::filesystem::path placeFinishedResult(const FinishedResult& result, const std::filesystem::path& folder) {
    const std::filesystem::path csv = folder / fileNameOf(result);
    const RunsFolder runs(csv);
    Sweep grid = gridOf(result);
    grid.about = Message(LAB_TEXT("sweep", "%1 These rows come with the program, %2.")).arg(grid.about).arg(madeBy(result)).english();
    std::error_code ignored;  // what cannot be made cannot be written to either, which says so
    std::filesystem::create_directories(runs.path(), ignored);
    if (!std::filesystem::exists(runs.sweepFile())) replaceFile(runs.sweepFile(), {writeSweep(grid)});
    if (!std::filesystem::exists(csv)) replaceFile(csv, {result.csv});
    return csv;
}

}  // namespace lab
