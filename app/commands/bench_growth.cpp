#include "app/commands/bench_growth.h"

#include <cstdio>
#include <string>
#include <vector>

#include "app/commands/bench_options.h"
#include "app/commands/command.h"
#include "core/base/platform_files.h"
#include "core/training/bench_plan.h"
#include "core/training/growth.h"

namespace lab {
namespace {

std::vector<const GrowthCurve*> growthCurvesOf(const Arguments& arguments) {
    std::vector<const GrowthCurve*> curves;
    for (const std::size_t i : pickedRows(arguments, growthCurves().size())) curves.push_back(&growthCurves()[i]);
    return curves;
}

/// "n^1.00"
std::string power(const GrowthCurve& curve, double exponent) {
    char text[32];
    std::snprintf(text, sizeof text, "^%.2f", exponent);
    return std::string(curve.name) + text;
}

void printFit(const GrowthCurve& curve, const char* what, const GrowthFit& fit) {
    char range[48] = "";
    if (fit.lowest < fit.highest) std::snprintf(range, sizeof range, " (rounds %.2f .. %.2f)", fit.lowest, fit.highest);
    std::printf("  %s grows as %s%s, expected %s: at %s %d", what, power(curve, fit.exponent).c_str(), range,
                power(curve, fit.expected).c_str(), std::string(curve.name).c_str(), curve.values.back());
    const char* separator = " ";
    for (const GrowthPart& part : fit.parts) {
        if (part.share <= 0) continue;
        std::printf("%s%.1f %% %s (%s)", separator, 100 * part.share, std::string(part.name).c_str(), power(curve, part.exponent).c_str());
        separator = ", ";
    }
    std::printf("\n");
}

void printCurve(const GrowthResult& result) {
    const GrowthCurve& curve = *result.curve;
    std::printf("\n%s grows; %s; %s\n%12s %12s %12s %8s\n", std::string(curve.name).c_str(), std::string(curve.still).c_str(),
                threadText(result.points.front().row.threads).c_str(), std::string(curve.name).c_str(), "step ms", "memory MB", "of peak");
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const BenchResult& point = result.points[i];
        char memory[32] = "";
        if (point.memoryBytes > 0) std::snprintf(memory, sizeof memory, "%.1f", point.memoryBytes * 1e-6);
        std::printf("%12d %12.3f %12s %6.1f %%\n", curve.values[i], point.stepSeconds * 1e3, memory, 100 * point.peakShare);
    }
    printFit(curve, "time", result.time);
    if (!result.memory.parts.empty()) printFit(curve, "memory", result.memory);
}

}  // namespace

int benchGrowth(const Arguments& arguments, const std::vector<int>& threads) {
    const std::vector<const GrowthCurve*> picked = growthCurvesOf(arguments);
    const BenchSettings settings = benchSettings(arguments);
    const auto file = arguments.path("--json");
    if (file) checkFolderOf(*file);
    std::vector<const GrowthCurve*> curves;
    std::vector<BenchRow> rows;
    for (const int count : threads) {
        curves.insert(curves.end(), picked.begin(), picked.end());
        const std::vector<BenchRow> more = growthRows(picked, count);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    const BenchReport report = runBench(rows, settings, [&](int round, std::size_t i) {
        printBenchProgress(round, settings.rounds, i, rows.size(), benchName(rows[i].experiment) + ", " + threadText(rows[i].threads));
    });
    const std::vector<GrowthResult> results = growthOf(curves, report);
    std::printf("%s, instruction set %s; exponents by least squares between the logarithms of the upper half\n", report.processor.c_str(),
                report.isa.c_str());
    for (const GrowthResult& result : results) printCurve(result);
    if (file) replaceFile(*file, {growthJson(report, results)});
    return exitDone;
}

}  // namespace lab
