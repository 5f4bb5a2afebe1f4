#include <optional>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/analysis/map_stage.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/io/session_file.h"
#include "core/model/block_keys.h"
#include "core/training/metrics_csv.h"
#include "ui/pages/positions/positions_figures.h"
#include "ui/runs/run_session.h"
#include "ui/scenes/measure_words.h"
#include "ui/widgets/curves_figure.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map_figure.h"

namespace lab {
namespace {

constexpr int defaultDots = 2;
constexpr int mostDots = 8;

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

QStringList labelsOf(const SavedRun& run, const Input& input, bool targetSide) {
    QStringList labels;
    for (const std::string& text : shownPositions(run, input, targetSide)) labels += qt(text);
    return labels;
}

/// One matrix of a tensor [H, T, S], which it keeps alive with its trace.
std::shared_ptr<const float> matrixOf(const std::shared_ptr<const Trace>& trace, const std::string& name, int head) {
    const Tensor* tensor = trace->find(name);
    if (!tensor) return nullptr;
    return {trace, tensor->values.data() + head * tensor->extent(1) * tensor->extent(2)};
}

MapPanel panelOf(const SavedRun& run, const Input& input, const std::shared_ptr<const Trace>& trace, const AttentionBlock& block,
                 int head) {
    const Tensor& weights = trace->at(block.name + ".weights");
    MapPanel panel;
    panel.block = block.name;
    panel.layer = block.layer;
    panel.head = head;
    panel.title = QString("%1%2, head %3")
                      .arg(block.cross               ? "cross-attention, layer "
                           : block.side == "decoder" ? "decoder layer "
                                                     : "layer ")
                      .arg(block.layer)
                      .arg(head);
    panel.data.rows = static_cast<int>(weights.extent(1));
    panel.data.columns = static_cast<int>(weights.extent(2));
    panel.data.values = matrixOf(trace, block.name + ".weights", head);
    panel.data.allowedScores = matrixOf(trace, block.name + ".masked_scores", head);
    panel.rowLabels = labelsOf(run, input, queriesAreTargets(block, !input.targetTokens.empty()));
    for (const std::string& key : shownKeys(run, input, block, *trace)) panel.columnLabels += qt(key);
    return panel;
}

MapSubject subjectOf(const SavedRun& run, const Input& input) {
    const QString between = run.model->config().readsVectors() ? QStringLiteral("; ") : QStringLiteral(" ");
    return {qt(run.experiment.name), run.step, labelsOf(run, input, false).join(between), labelsOf(run, input, true).join(' ')};
}

bool hasShares(const SavedRun& run) {
    return weightsAreShares(run.experiment.model.attention);
}

/// Weights that are no shares reach as far as they do, above and below 0.
ColorScaling scalingOf(const SavedRun& run, const std::vector<MapPanel>& panels) {
    if (hasShares(run)) return {};
    double largest = 0;
    for (const MapPanel& panel : panels)
        largest = std::max(largest, largestMagnitude(panel.data.values.get(), static_cast<std::size_t>(panel.data.rows) *
                                                                                  static_cast<std::size_t>(panel.data.columns)));
    return {ColorMap::Kind::balance, -scaleBound(largest), scaleBound(largest)};
}

QString captionOf(const SavedRun& run, const Input& input, const QString& head) {
    if (hasShares(run)) return mapCaption(subjectOf(run, input), head);
    return mapCaption(subjectOf(run, input), head, QObject::tr("Attention weights of '%1'"),
                      QObject::tr("They are products of queries and keys, of any size and sign"));
}

/// The block and head of --layer and --head.
std::pair<const AttentionBlock*, int> chosenHead(const Arguments& arguments, const Model& model) {
    const int layer = arguments.integer("--layer", 0, 0), head = arguments.integer("--head", 0, 0);
    const AttentionBlock* chosen = nullptr;
    for (const AttentionBlock& block : model.attentionBlocks())
        if (arguments.has("--block") ? block.name == *arguments.value("--block") : block.layer == layer && !chosen) chosen = &block;
    if (!chosen && arguments.has("--block"))
        throw InputError("--block", Message(LAB_TEXT("commands", "this model has no %1")).arg(*arguments.value("--block")));
    if (!chosen) throw InputError("--layer", Message(LAB_TEXT("commands", "this model has no layer %1")).arg(layer));
    if (head >= chosen->heads)
        throw InputError(
            "--head", Message(LAB_TEXT("commands", "%1 has no head %2, only 0 to %3")).arg(chosen->name).arg(head).arg(chosen->heads - 1));
    return {chosen, head};
}

std::unique_ptr<Figure> mapsFigure(const Arguments& arguments, bool oneHead) {
    const SavedRun run = readRunWithHeads(arguments.positionals().front());
    const Input input = typedInput(arguments, run);
    const auto trace = std::make_shared<const Trace>(run.model->trace(run.weights, input));
    auto figure = std::make_unique<MapFigure>();
    figure->title = qt(run.experiment.name);
    figure->quantity = QObject::tr("weight");
    if (oneHead) {
        const auto [block, head] = chosenHead(arguments, *run.model);
        figure->panels.push_back(panelOf(run, input, trace, *block, head));
        figure->caption = captionOf(run, input, figure->panels.front().title);
        figure->scaling = scalingOf(run, figure->panels);
        return figure;
    }
    figure->caption = captionOf(run, input, {});
    for (const AttentionBlock& block : run.model->attentionBlocks()) {
        figure->columns = std::max(figure->columns, block.heads);
        for (int head = 0; head < block.heads; ++head) figure->panels.push_back(panelOf(run, input, trace, block, head));
    }
    figure->scaling = scalingOf(run, figure->panels);
    return figure;
}

/// --query or --key: a position below `count`.
int chosenPlace(const Arguments& arguments, const char* option, int byDefault, std::int64_t count) {
    const int place = arguments.integer(option, byDefault, 0);
    if (place >= count)
        throw InputError(std::string(option),
                         Message(LAB_TEXT("commands", "there is no position %1, only 0 to %2")).arg(place).arg(count - 1));
    return place;
}

/// One query and one key of a head under RoPE.
std::unique_ptr<Figure> rotationFigure(const Arguments& arguments) {
    const SavedRun run = readRunWithHeads(arguments.positionals().front());
    if (run.experiment.model.head_dim() % 2 != 0)
        throw InputError("--view rope", Message(LAB_TEXT("commands", "pairs of channels need an even head dimension, this model's is %1"))
                                            .arg(run.experiment.model.head_dim()));
    const Input input = typedInput(arguments, run);
    const auto trace = std::make_shared<const Trace>(run.model->trace(run.weights, input));
    const auto [block, head] = chosenHead(arguments, *run.model);
    const Tensor& scores = trace->at(block->name + ".scores");
    const int queries = static_cast<int>(scores.extent(1)), keys = static_cast<int>(scores.extent(2));
    Selection selection;
    selection.block = static_cast<int>(block - run.model->attentionBlocks().data());
    selection.head = head;
    selection.query = chosenPlace(arguments, "--query", queries - 1, queries);
    selection.key = chosenPlace(arguments, "--key", keys / 2, keys);
    RopeStudy study;
    study.look(&run.experiment, run.model, trace, selection);
    const QString name = QObject::tr("Layer %1, head %2").arg(block->layer).arg(head);
    return ropeFigure({qt(run.experiment.name), run.step, name}, study);
}

/// The metrics that a session keeps of its shown run.
std::vector<MetricsRow> sessionMetrics(const CheckpointFile& checkpoint) {
    if (!isSession(checkpoint))
        throw UsageError("--metrics is missing: " + checkpoint.file + " is a checkpoint, and only a session keeps its metrics");
    const SessionFile session = sessionOf(checkpoint, layoutOf);
    std::vector<MetricsRow> rows;
    for (const StepRecord& record : recordsOf(session.runs[session.shown].past)) rows.push_back(metricsRow(record));
    return rows;
}

std::unique_ptr<Figure> curvesFigure(const Arguments& arguments) {
    std::optional<CheckpointFile> checkpoint;
    if (!arguments.positionals().empty()) checkpoint = readCheckpoint(arguments.positionals().front());
    const std::filesystem::path path =
        arguments.has("--metrics") ? *arguments.path("--metrics") : std::filesystem::path(arguments.positionals().front());
    const std::vector<MetricsRow> rows = arguments.has("--metrics") ? readMetrics(path) : sessionMetrics(*checkpoint);
    if (rows.empty()) throw InputError(utf8Text(path), LAB_TEXT("commands", "has no steps to draw"));
    const QString name = qt(checkpoint ? checkpoint->experiment.name : utf8Text(path.stem()));
    const QString caption = QString("Training of '%1', steps %2 to %3 (%4).")
                                .arg(name, grouped(rows.front().step), grouped(rows.back().step), qt(utf8Text(path.filename())));
    // The metrics alone do not say of what kind the answers are.
    const Measure measure = checkpoint ? Measure(checkpoint->experiment.task.kind->loss) : std::nullopt;
    return metricsFigure(rows, measureTitle(measure), name, caption);
}

struct Wish {
    std::string view;
    FigureFormat format = FigureFormat::png;
    FigureStyle style;
};

FigureWidth chosenWidth(const Arguments& arguments) {
    const std::string wanted = arguments.value("--width").value_or(figureWidths[0].id);
    for (std::size_t i = 0; i < std::size(figureWidths); ++i)
        if (wanted == figureWidths[i].id) return static_cast<FigureWidth>(i);
    throw UsageError("--width is screen, one-column or two-columns, not '" + wanted + "'");
}

/// Which picture and how, after everything about the words themselves has been checked.
Wish checkedWish(const Arguments& arguments) {
    arguments.limitPositionals(1);
    Wish wish;
    wish.view = arguments.required("--view");
    if (wish.view != "maps" && wish.view != "head" && wish.view != "rope" && wish.view != "curves")
        throw UsageError("--view is maps, head, rope or curves, not '" + wish.view + "'");
    if (wish.view == "curves") {
        if (arguments.positionals().empty()) arguments.required("--metrics");
    } else {
        if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
        if (!arguments.has("--sample")) arguments.required("--input");
    }
    const auto format = figureFormatOf(qt(arguments.required("--out")));
    if (!format) throw UsageError("--out must end in .svg, .pdf, .png or .csv");
    wish.format = *format;
    const int dots = arguments.integer("--scale", defaultDots, 1);
    if (dots > mostDots) throw UsageError("--scale is at most " + std::to_string(mostDots));
    wish.style = {static_cast<double>(dots), arguments.has("--dark"), {chosenWidth(arguments), !arguments.has("--bare")}};
    return wish;
}

int render(const Arguments& arguments) {
    const Wish wish = checkedWish(arguments);
    const Canvas canvas;
    const auto figure = wish.view == "curves" ? curvesFigure(arguments)
                        : wish.view == "rope" ? rotationFigure(arguments)
                                              : mapsFigure(arguments, wish.view == "head");
    writeFigure(*arguments.path("--out"), *figure, wish.format, wish.style);
    return exitDone;
}

}  // namespace

Command renderCommand() {
    Command command;
    command.name = "render";
    command.summary = "Draw maps or curves into an SVG, PDF or PNG file, or write their numbers as CSV, without a display.";
    command.synopses = {"CHECKPOINT --view maps --input \"3 1 4\" --out FILE.svg|pdf|png",
                        "CHECKPOINT --view head --input \"3 1 4\" [--layer 0 --head 0] --out FILE.svg|pdf|png",
                        "CHECKPOINT --view rope --input \"3 1 4\" [--layer 0 --head 0 --query 2 --key 0] --out FILE.svg|pdf|png",
                        "SESSION --view curves --out FILE.svg|pdf|png",
                        "[CHECKPOINT] --view curves --metrics FILE.csv --out FILE.svg|pdf|png"};
    command.options = {
        {"--view", "VIEW", "maps (all heads), head (one of them, with its numbers), rope (its pairs of channels), or curves", false}};
    for (const Option& option : inputOptions()) command.options.push_back(option);
    const std::vector<Option> more = {
        {"--layer", "N", "of the head, from 0", false},
        {"--head", "N", "from 0", false},
        {"--block", "NAME", "instead of --layer: the attention block as traces name it, decoder.0.cross_attention", false},
        {"--query", "N", "rope: position of the query, from 0; the last when not given", false},
        {"--key", "N", "rope: position of the key, from 0; the middle one when not given", false},
        {"--metrics", "FILE",
         "curves: the metrics that 'train --metrics' wrote, with CHECKPOINT to name what is measured; a saved session has its own", false,
         FileUse::read},
        {"--scale", "N", "PNG: pixels for each point of the picture, 2 when not given", false},
        {"--width", "WIDTH", "screen, or as wide as on a printed page, letters of 8 pt: one-column (84 mm), two-columns (174 mm)", false},
        {"--bare", "", "without title and caption", false},
        {"--dark", "", "in the dark theme's colours", false},
        {"--out", "FILE", "the picture, .svg, .pdf or .png; or its numbers, .csv", false, FileUse::written},
        {"--help", "", "this text", false},
    };
    command.options.insert(command.options.end(), more.begin(), more.end());
    command.run = render;
    return command;
}

}  // namespace lab
