#include "ui/pages/sweeps/report_figures.h"

#include <QObject>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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

constexpr std::size_t paperSteps = 15;  // steps that the paper's figure smooths over

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
    struct Sums {
        double sum = 0, squares = 0;
        int count = 0;
    };
    std::vector<Sums> all;
    std::map<std::string, std::vector<Sums>> byConfiguration;

    void add(const std::string& configuration, std::size_t i, double value) {
        for (std::vector<Sums>* sums : {&all, &byConfiguration[configuration]}) {
            if (sums->size() <= i) sums->resize(i + 1);
            Sums& here = (*sums)[i];
            here.sum += value;
            here.squares += value * value;
            ++here.count;
        }
    }
    /// Standard deviation over the runs of a configuration (n - 1), pooled; 0 where each has one.
    double spread(std::size_t i) const {
        double squares = 0;
        int freedom = 0;
        for (const auto& [name, sums] : byConfiguration) {
            if (i >= sums.size() || sums[i].count == 0) continue;
            squares += sums[i].squares - sums[i].sum * sums[i].sum / sums[i].count;
            freedom += sums[i].count - 1;
        }
        return freedom > 0 ? std::sqrt(std::max(squares, 0.0) / freedom) : 0.0;
    }
};

/// What tells a run's configuration from others: all its cells but seeds.
std::string configurationOf(const Sweep& sweep, int run) {
    const std::vector<std::string> cells = cellsOf(sweep, run);
    std::string configuration;
    for (std::size_t k = 0; k < cells.size(); ++k)
        if (!isSeedKey(sweep.grid[k].path)) configuration += cells[k] + '\n';
    return configuration;
}

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
    SweepCurve curve{name, {}, {}, {}};
    for (std::size_t i = 0; i < mean.all.size(); ++i) {
        if (mean.all[i].count == 0) continue;
        curve.x.push_back(unit * static_cast<double>(i + 1));
        curve.loss.push_back(mean.all[i].sum / mean.all[i].count);
        curve.spread.push_back(mean.spread(i));
    }
    if (smoothing > 1) curve.loss = boxed(curve.loss, smoothing), curve.spread = boxed(curve.spread, smoothing);
    return curve;
}

void addCurves(SweepCurveRow& row, const ReportSource& source, const SummaryCell& cell) {
    MeanCurve train, validation;
    const double unit = source.summary.timesAreSteady() ? cell.secondsPerStep : 1;  // seconds, or steps
    for (const int run : runsOf(source, cell.row, cell.column)) {
        const fs::path file = RunsFolder(source.csv).metrics(run);
        if (!fs::exists(file)) continue;
        const std::string configuration = configurationOf(*source.sweep, run);
        for (const MetricsRow& metrics : readMetrics(file)) {
            const auto i = static_cast<std::size_t>(std::max<std::int64_t>(metrics.step, 1) - 1);
            train.add(configuration, i, metrics.trainLoss);
            if (metrics.validationLoss) validation.add(configuration, i, *metrics.validationLoss);
        }
    }
    const std::string name = displayName(cell.column, source.summary.keys.column);
    row.train.push_back(curveOf(train, name, unit, paperSteps));
    row.validation.push_back(curveOf(validation, name, unit, 1));
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

/// Every map with a scale of its own: scores about zero, weights from zero.
void addPanels(MapFigure& figure, const SavedSweepRun& run, const QString& name, MapStage stage) {
    const std::vector<int> tokens = run.task.dataset->validationSample(0).tokens;
    const Model model(run.task.experiment.model);
    Input input;
    input.tokens = tokens;
    const auto trace = std::make_shared<const Trace>(model.trace(run.state.weights, input));
    int panels = 0;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const auto values = stageValues(trace, block, stage);
        const Tensor& shape = trace->at(block.name + ".scores");
        const auto size = static_cast<std::size_t>(shape.extent(1) * shape.extent(2));
        for (int head = 0; head < block.heads; ++head, ++panels) {
            MapPanel panel;
            panel.block = block.name;
            panel.layer = block.layer;
            panel.head = head;
            panel.title = QObject::tr("%1, L%2 H%3").arg(name).arg(block.layer).arg(head);
            panel.data.rows = static_cast<int>(shape.extent(1));
            panel.data.columns = static_cast<int>(shape.extent(2));
            panel.data.values = {values, values.get() + static_cast<std::size_t>(head) * size};
            const double bound = scaleBound(largestMagnitude(panel.data.values.get(), size));
            panel.scaling =
                isSigned(stage) ? ColorScaling{ColorMap::Kind::balance, -bound, bound} : ColorScaling{ColorMap::Kind::trace, 0, bound};
            panel.rowLabels = panel.columnLabels = labelsOf(tokens);
            figure.panels.push_back(std::move(panel));
        }
    }
    figure.columns = std::max(figure.columns, std::min(panels, 4));
}

QString mapsRowName(const ReportSource& source) {
    return QString::fromStdString(displayName(rowForMaps(source), source.summary.keys.row));
}

/// Of the forms that are drawn; `terms`: of positions, that are added to the scores; `symmetric`: where keys are queries.
QString scoresCaption(const std::set<const FormSpec*>& forms, const std::set<const KernelSpec*>& kernels, bool terms, bool goOn,
                      bool symmetric) {
    const auto any = [&](auto&& is) { return std::ranges::any_of(forms, [&](const FormSpec* form) { return is(*form); }); };
    QStringList said;
    const bool features = std::ranges::any_of(kernels, &KernelSpec::features),
               plain = std::ranges::any_of(kernels, &KernelSpec::plainProduct);
    said << (features ? QObject::tr("Scores s = \u03C6(q) \u00B7 \u03C6(k) of a kernel with features, else q \u00B7 k / \u221A"
                                    "d\u2095, of the "
                                    "first finished run of each "
                                    "column.")
                      : QObject::tr("Scores s = q \u00B7 k / \u221A"
                                    "d\u2095 of the first finished run of each column."));
    said << QObject::tr("The first validation sequence; L is the layer, H the head, both from 0; rows are queries, columns keys.");
    if (plain) said << QObject::tr("Of the kernel product they are q \u00B7 k itself.");
    if (terms) said << QObject::tr("ALiBi's distances are subtracted already.");
    if (goOn) said << QObject::tr("Learned terms of distances and caps, where a model has them, have changed them already.");
    if (any([](const FormSpec& form) { return form.positionMap; }))
        said << QObject::tr(
            "Of KV+Pos they are s\u2032, what its position map makes of s: one factor on all, g(j) for each key, and for each "
            "query a number that changes no weight.");
    said << QObject::tr("Every map has its own scale: blue is positive, red negative, and zero has the background's colour.");
    if (symmetric && any([](const FormSpec& form) { return !form.ownQuery && !form.positionMap; }))
        said << QObject::tr("Where keys are queries the map is symmetric.");
    return said.join(QLatin1Char(' '));
}

void addSweep(ReportSource& source) {
    source.sweep = sweepOf(source.csv);
    source.table.loss = lossOf(*source.sweep);
    source.byRun = resultsByRun(*source.sweep, source.table, utf8Text(source.csv));
    const RunsFolder folder(source.csv);
    for (const auto& [run, result] : source.byRun)
        if (!fs::exists(folder.metrics(run)) || !fs::exists(folder.checkpoint(run))) ++source.filesMissing;
}

}  // namespace

ReportSource reportSource(const fs::path& csv) {
    ReportSource source{csv, readResults(csv), {}, std::nullopt, {}};
    if (source.table.rows.empty()) throw InputError(utf8Text(csv), LAB_TEXT("report", "has no runs yet"));
    if (fs::exists(RunsFolder(csv).sweepFile())) addSweep(source);
    source.summary = summaryOf(source.table);
    return source;
}

std::unique_ptr<SweepCurvesFigure> reportCurves(const ReportSource& source) {
    if (!source.sweep) return nullptr;
    auto figure = std::make_unique<SweepCurvesFigure>();
    bool any = false;
    for (const std::string& name : source.summary.rows) {
        SweepCurveRow row;
        row.name = displayName(name, source.summary.keys.row);
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
        QObject::tr(
            "Mean over all runs, bands \u00B1 the standard deviation over the runs of a configuration (seeds); training losses are "
            "smoothed over %1 steps, validation losses are not.")
            .arg(paperSteps) +
        " " +
        (figure->overSteps ? QObject::tr("Over steps and not over time as published: the runs had to share the machine unevenly.")
                           : QObject::tr("Time is the step's number times the median time of a step of that row and column, without "
                                         "validation."));
    return figure;
}

namespace {

/// The first run of each column that has a checkpoint, on the row that shows most, where it is an encoder with attention of moderate
/// length.
std::vector<std::pair<QString, SavedSweepRun>> runsForMaps(const ReportSource& source) {
    std::vector<std::pair<QString, SavedSweepRun>> chosen;
    if (!source.sweep) return chosen;
    for (const std::string& column : source.summary.columns)
        for (const int run : runsOf(source, rowForMaps(source), column)) {
            if (!fs::exists(RunsFolder(source.csv).checkpoint(run))) continue;
            SavedSweepRun saved = readSweepRun(source.csv, run);
            const LoadedTask& task = saved.task;
            const ModelConfig& model = task.experiment.model;
            if (model.architecture == Architecture::encoder && model.attends() && task.dataset->validationSize() > 0 &&
                task.experiment.task.seq_len <= 128)
                chosen.emplace_back(QString::fromStdString(displayName(column, source.summary.keys.column)), std::move(saved));
            break;
        }
    return chosen;
}

std::unique_ptr<MapFigure> finished(std::unique_ptr<MapFigure> figure) {
    if (figure->panels.empty()) return nullptr;
    figure->scaling = *figure->panels.front().scaling;
    return figure;
}

}  // namespace

std::unique_ptr<Figure> reportScores(const ReportSource& source) {
    auto figure = std::make_unique<MapFigure>();
    figure->quantity = QObject::tr("score");
    figure->title = QObject::tr("Scores before they become weights: %1").arg(mapsRowName(source));
    std::set<const FormSpec*> forms;
    std::set<const KernelSpec*> kernels;
    bool terms = false, goOn = false, symmetric = true;
    for (const auto& [name, run] : runsForMaps(source)) {
        const ModelConfig& model = run.task.experiment.model;
        addPanels(*figure, run, name, MapStage::scores);
        forms.insert(&specOf(model.attention.form));
        kernels.insert(&specOf(model.attention.kernel.kind));
        const PositionSpec& position = specOf(model.position.kind);
        const bool learned = position.biasTable || position.vectors;
        terms = terms || position.biasesScores;
        goOn = goOn || learned || model.attention.soft_cap > 0 || model.attention.span;
        symmetric = symmetric && !learned && !model.attention.unit_keys;
    }
    figure->caption = scoresCaption(forms, kernels, terms, goOn, symmetric);
    return finished(std::move(figure));
}

std::unique_ptr<Figure> reportMappedWeights(const ReportSource& source) {
    auto figure = std::make_unique<MapFigure>();
    figure->quantity = QObject::tr("weight");
    figure->title = QObject::tr("Weights where a position map changes the scores: %1").arg(mapsRowName(source));
    figure->caption =
        QObject::tr("The softmax of each row of s\u2032, of the same runs and sequence: what changes all keys of a row alike is gone.");
    for (const auto& [name, run] : runsForMaps(source))
        if (specOf(run.task.experiment.model.attention.form).positionMap) addPanels(*figure, run, name, MapStage::weights);
    return finished(std::move(figure));
}

}  // namespace lab
