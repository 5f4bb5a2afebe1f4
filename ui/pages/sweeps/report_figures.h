#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "core/sweep/summary.h"
#include "core/sweep/sweep.h"
#include "core/sweep/sweep_results.h"
#include "ui/pages/sweeps/sweep_curves.h"

namespace lab {

/// A sweep's results with what lies beside them.
struct ReportSource {
    std::filesystem::path csv;
    ResultsTable table;
    Summary summary;
    std::optional<Sweep> sweep;      ///< missing when the folder is
    std::map<int, RunResult> byRun;  ///< empty then
    int filesMissing = 0;            ///< runs without metrics or checkpoint
};

ReportSource reportSource(const std::filesystem::path& csv);

/// Mean losses of each row and column over time; null without metrics.
std::unique_ptr<SweepCurvesFigure> reportCurves(const ReportSource& source);

/// The scores of every head of one run of each column, on the row that shows most; null without checkpoints.
std::unique_ptr<Figure> reportScores(const ReportSource& source);
/// The weights of those among them whose scores pass through a position map; null when there are none.
std::unique_ptr<Figure> reportMappedWeights(const ReportSource& source);

}  // namespace lab
