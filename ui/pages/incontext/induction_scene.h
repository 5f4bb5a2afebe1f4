#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ui/runs/induction_history.h"
#include "ui/widgets/plot/plot_scene.h"
#include "ui/widgets/table/text_table.h"

namespace lab {

/// One run as the tab Induction shows it, at one of its steps. Everything here is a function of what its history has measured.
struct InductionLine {
    const InductionHistory* history = nullptr;
    const Run* run = nullptr;
    QString name;
    Role role = Role::series1;
    std::int64_t step = 0;

    /// Null until it is measured.
    const InductionMeasures* now() const { return history->at(step); }
};

/// Loss of each token at the step shown.
std::vector<PlotSeries> lossByToken(const std::vector<InductionLine>& lines);
/// Of late tokens less that of early ones, over the steps measured.
std::vector<PlotSeries> scoreOverSteps(const std::vector<InductionLine>& lines);
/// The share of the run's strongest head of this kind, over the steps measured.
std::vector<PlotSeries> headOverSteps(const std::vector<InductionLine>& lines, double InductionHead::*share);

/// "L1 H0", in the run's model.
QString inductionHeadName(const Run& run, const InductionHead& head);
/// Run, layers, period, score, the two heads: a row a run.
std::vector<TextTable::Row> inductionRows(const std::vector<InductionLine>& lines);
/// Which heads came to stay, and when; or that none did. A sentence a run, made of what was measured.
QString inductionWords(const InductionLine& line);

}  // namespace lab
