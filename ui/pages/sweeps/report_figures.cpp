#include "ui/pages/sweeps/report_figures.h"

#include <QObject>
#include <algorithm>

#include "core/analysis/map_stage.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/model/model.h"
#include "core/sweep/saved_run_files.h"
#include "core/training/metrics_csv.h"
#include "ui/widgets/map/map_figure.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t box = 15;  // steps that the paper's figure smooths over

std::string valueOf(const Sweep& sweep, int run, const std::string& key) {
    const std::vector<std::string> cells = cellsOf(sweep, run);
    for (std::size_t k = 0; k < cells.size(); ++k)
        if (sweep.grid[k].path == key) return cells[k];
    return {};
}

/// The finished runs of one cell, in the grid's order.
std::vector<int> runsOf(const ReportSource& source, const std::string& row, const std::string& column) {
    std::vector<int> runs;
    for (const auto& [run, result] : source.byRun)
        if (valueOf(*source.sweep, run, source.summary.keys.row) == row &&
            valueOf(*source.sweep, run, source.summary.keys.column) == column)
            runs.push_back(run);
    return runs;
}

/// Means over runs, step by step; runs that ended early count as long as they go.
struct MeanCurve {
    std::vector<double> sum;
    std::vector<int> count;

    void add(std::size_t i, double value) {
        if (sum.size() <= i) {
            sum.resize(i + 1, 0);
            count.resize(i + 1, 0);
        }
        sum[i] += value;
        ++count[i];
    }
};

/// Centred mean over `width` steps.
std::vector<double> boxed(const std::vector<double>& values, std::size_t width) {
    std::vector<double> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t from = i >= width / 2 ? i - width / 2 : 0, to = std::min(values.size(), i + width / 2 + 1);
        double sum = 0;
        for (std::size_t j = from; j < to; ++j) sum += values[j];
        result[i] = sum / static_cast<double>(to - from);
    }
    return result;
}

SweepCurve curveOf(const MeanCurve& mean, const std::string& name, double unit, std::size_t smoothing) {
    SweepCurve curve{name, {}, {}};
    for (std::size_t i = 0; i < mean.sum.size(); ++i) {
        if (mean.count[i] == 0) continue;
        curve.x.push_back(unit * static_cast<double>(i + 1));
        curve.loss.push_back(mean.sum[i] / mean.count[i]);
    }
    if (smoothing > 1) curve.loss = boxed(curve.loss, smoothing);
    return curve;
}

void addCurves(SweepCurveRow& row, const ReportSource& source, const SummaryCell& cell) {
    MeanCurve train, validation;
    const double unit = source.summary.timesAreSteady() ? cell.secondsPerStep : 1;  // seconds, or steps
    for (const int run : runsOf(source, cell.row, cell.column)) {
        const fs::path file = RunsFolder(source.csv).metrics(run);
        if (!fs::exists(file)) continue;
        for (const MetricsRow& metrics : readMetrics(file)) {
            const auto i = static_cast<std::size_t>(std::max<std::int64_t>(metrics.step, 1) - 1);
            train.add(i, metrics.trainLoss);
            if (metrics.validationLoss) validation.add(i, *metrics.validationLoss);
        }
    }
    row.train.push_back(curveOf(train, displayName(cell.column), unit, box));
    row.validation.push_back(curveOf(validation, displayName(cell.column), unit, 1));
}

/// Maps show most where one head must look elsewhere: the paper's figure has Swap.
std::string rowForMaps(const ReportSource& source) {
    for (const char* wanted : {"swap", "reverse"})
        if (std::ranges::find(source.summary.rows, wanted) != source.summary.rows.end()) return wanted;
    return source.summary.rows.empty() ? std::string() : source.summary.rows.front();
}

QStringList labelsOf(const std::vector<int>& tokens) {
    QStringList labels;
    for (const int token : tokens) labels += QString::number(token);
    return labels;
}

void addPanels(MapFigure& figure, const SavedSweepRun& run, const std::string& column, const std::vector<int>& tokens) {
    const Model model(run.task.experiment.model);
    Input input;
    input.tokens = tokens;
    const auto trace = std::make_shared<const Trace>(model.trace(run.state.weights, input));
    int panels = 0;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const auto scores = stageValues(trace, block, MapStage::scores);
        const Tensor& shape = trace->at(block.name + ".scores");
        const auto size = static_cast<std::size_t>(shape.extent(1) * shape.extent(2));
        for (int head = 0; head < block.heads; ++head, ++panels) {
            MapPanel panel;
            panel.block = block.name;
            panel.layer = block.layer;
            panel.head = head;
            panel.title = QObject::tr("%1, L%2 H%3").arg(QString::fromStdString(displayName(column))).arg(block.layer).arg(head);
            panel.data.rows = static_cast<int>(shape.extent(1));
            panel.data.columns = static_cast<int>(shape.extent(2));
            panel.data.values = {scores, scores.get() + static_cast<std::size_t>(head) * size};
            const double bound = scaleBound(largestMagnitude(panel.data.values.get(), size));
            panel.scaling = ColorScaling{ColorMap::Kind::balance, -bound, bound};
            panel.rowLabels = panel.columnLabels = labelsOf(tokens);
            figure.panels.push_back(std::move(panel));
        }
    }
    figure.columns = std::max(figure.columns, std::min(panels, 4));
}

}  // namespace

ReportSource reportSource(const fs::path& csv) {
    ReportSource source{csv, readResults(csv), {}, std::nullopt, {}};
    if (source.table.rows.empty()) throw InputError(utf8Text(csv), LAB_TEXT("report", "has no runs yet"));
    source.summary = summaryOf(source.table);
    if (!fs::exists(RunsFolder(csv).sweepFile())) return source;
    source.sweep = sweepOf(csv);
    source.byRun = resultsByRun(*source.sweep, source.table, utf8Text(csv));
    for (const auto& [run, result] : source.byRun)
        if (!fs::exists(RunsFolder(csv).metrics(run)) || !fs::exists(RunsFolder(csv).checkpoint(run))) ++source.filesMissing;
    return source;
}

std::unique_ptr<SweepCurvesFigure> reportCurves(const ReportSource& source) {
    if (!source.sweep) return nullptr;
    auto figure = std::make_unique<SweepCurvesFigure>();
    bool any = false;
    for (const std::string& name : source.summary.rows) {
        SweepCurveRow row;
        row.name = displayName(name);
        for (const std::string& column : source.summary.columns) {
            if (const SummaryCell* cell = source.summary.cell(name, column)) addCurves(row, source, *cell);
            any = any || (!row.train.empty() && !row.train.back().loss.empty());
        }
        figure->rows.push_back(std::move(row));
    }
    if (!any) return nullptr;
    figure->overSteps = !source.summary.timesAreSteady();
    figure->title = figure->overSteps ? QObject::tr("Losses") : QObject::tr("Losses over time");
    figure->caption =
        QObject::tr("Mean over all runs of a form; training losses are smoothed over %1 steps, validation losses are not.").arg(box) + " " +
        (figure->overSteps ? QObject::tr("Over steps and not over time as published: the runs had to share the machine unevenly.")
                           : QObject::tr("Time is the step's number times the median time of a step of that form and task, without "
                                         "validation."));
    return figure;
}

std::unique_ptr<Figure> reportMaps(const ReportSource& source) {
    if (!source.sweep) return nullptr;
    const std::string row = rowForMaps(source);
    auto figure = std::make_unique<MapFigure>();
    figure->quantity = QObject::tr("score");
    for (const std::string& column : source.summary.columns) {
        for (const int run : runsOf(source, row, column)) {
            const fs::path file = RunsFolder(source.csv).checkpoint(run);
            if (!fs::exists(file)) continue;
            const SavedSweepRun saved = readSweepRun(source.csv, run);
            const LoadedTask& task = saved.task;
            const bool encoder = task.experiment.model.architecture == Architecture::encoder;
            if (!encoder || task.dataset->validationSize() == 0 || task.experiment.task.seq_len > 128) break;
            addPanels(*figure, saved, column, task.dataset->validationSample(0).tokens);
            break;
        }
    }
    if (figure->panels.empty()) return nullptr;
    figure->scaling = *figure->panels.front().scaling;
    figure->title = QObject::tr("Scores before the softmax: %1").arg(QString::fromStdString(displayName(row)));
    figure->caption = QObject::tr(
        "q \u00B7 k / \u221A"
        "d of the first finished run of each form, on the first validation sequence; L is the layer, H the head, both "
        "from 0; rows are queries, columns keys. "
        "Every map has its own "
        "scale: blue is positive, red negative, and white is zero. In KV the map is symmetric, since keys are queries.");
    return figure;
}

}  // namespace lab
