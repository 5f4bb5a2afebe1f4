#include <QApplication>
#include <QImage>
#include <cstdio>
#include <optional>

#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/vocabulary.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map_figure.h"
#include "ui/widgets/metrics_figure.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr double defaultDots = 2;
constexpr int mostDots = 8;

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

/// On a server Qt warns of folders that a desktop session would have; nobody asked.
void passErrors(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtCriticalMsg || type == QtFatalMsg) std::fprintf(stderr, "%s\n", qPrintable(message));
}

/// Fonts and widgets need an application, but no display.
class Canvas {
public:
    explicit Canvas(const Arguments& arguments) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qInstallMessageHandler(passErrors);
        m_application.emplace(m_argumentCount, m_argumentValues);
        Theme::instance().setMode(arguments.has("--dark") ? Theme::Mode::dark : Theme::Mode::light);
        Theme::instance().apply();
    }

private:
    int m_argumentCount = 1;
    char m_name[14] = "attention-lab";
    char* m_argumentValues[2] = {m_name, nullptr};
    std::optional<QApplication> m_application;
};

QStringList tokenLabels(const std::vector<int>& tokens, const std::vector<std::string>& vocabulary) {
    QStringList labels;
    for (int token : tokens) labels += qt(tokenText(token, vocabulary));
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
    const bool decoderReadsTarget = block.side == "decoder" && !input.targetTokens.empty();
    panel.rowLabels = tokenLabels(decoderReadsTarget ? input.targetTokens : input.tokens, run.vocabulary);
    panel.columnLabels = tokenLabels(decoderReadsTarget && !block.cross ? input.targetTokens : input.tokens, run.vocabulary);
    return panel;
}

QString captionOf(const SavedRun& run, const Input& input) {
    QString caption = QString("Attention weights of '%1' after step %2: each row is a query, its weights add up to 1. Input: %3.")
                          .arg(qt(run.experiment.name), grouped(run.step), tokenLabels(input.tokens, run.vocabulary).join(' '));
    if (!input.targetTokens.empty())
        caption += QString(" Target input: %1.").arg(tokenLabels(input.targetTokens, run.vocabulary).join(' '));
    return caption;
}

/// The block and head of --layer and --head.
std::pair<const AttentionBlock*, int> chosenHead(const Arguments& arguments, const Model& model) {
    const int layer = arguments.integer("--layer", 0, 0), head = arguments.integer("--head", 0, 0);
    const AttentionBlock* chosen = nullptr;
    for (const AttentionBlock& block : model.attentionBlocks())
        if (arguments.has("--block") ? block.name == *arguments.value("--block") : block.layer == layer && !chosen) chosen = &block;
    if (!chosen && arguments.has("--block")) throw InputError("--block: this model has no " + *arguments.value("--block"));
    if (!chosen) throw InputError("--layer: this model has no layer " + std::to_string(layer));
    if (head >= chosen->heads)
        throw InputError("--head: " + chosen->name + " has no head " + std::to_string(head) + ", only 0 to " +
                         std::to_string(chosen->heads - 1));
    return {chosen, head};
}

QImage mapsImage(const Arguments& arguments, bool oneHead, double dots) {
    const SavedRun run = readRun(arguments.positionals().front());
    const Input input = typedInput(arguments, run);
    const auto trace = std::make_shared<const Trace>(run.model->trace(run.weights, input));
    MapFigure figure;
    figure.title = qt(run.experiment.name);
    figure.caption = captionOf(run, input);
    figure.quantity = QObject::tr("weight");
    if (oneHead) {
        const auto [block, head] = chosenHead(arguments, *run.model);
        figure.panels.push_back(panelOf(run, input, trace, *block, head));
        return figure.image(dots);
    }
    figure.columns = 1;
    for (const AttentionBlock& block : run.model->attentionBlocks()) {
        figure.columns = std::max(figure.columns, block.heads);
        for (int head = 0; head < block.heads; ++head) figure.panels.push_back(panelOf(run, input, trace, block, head));
    }
    return figure.image(dots);
}

QImage curvesImage(const Arguments& arguments, double dots) {
    const std::filesystem::path path = *arguments.path("--metrics");
    const std::vector<MetricsRow> rows = readMetrics(path);
    if (rows.empty()) throw InputError(utf8Text(path) + ": has no steps to draw");
    QString name = qt(utf8Text(path.stem()));
    if (!arguments.positionals().empty()) name = qt(readCheckpoint(arguments.positionals().front()).experiment.name);
    const QString caption = QString("Training of '%1', steps %2 to %3 (%4).")
                                .arg(name, grouped(rows.front().step), grouped(rows.back().step), qt(utf8Text(path.filename())));
    return metricsImage(rows, name, caption, dots);
}

/// Which picture, after everything about the words themselves has been checked.
std::string checkedView(const Arguments& arguments) {
    arguments.limitPositionals(1);
    std::string view = arguments.required("--view");
    if (view != "maps" && view != "head" && view != "curves") throw UsageError("--view is maps, head or curves, not '" + view + "'");
    if (view == "curves") {
        arguments.required("--metrics");
    } else {
        if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
        arguments.required("--input");
    }
    if (!arguments.required("--out").ends_with(".png")) throw UsageError("--out must end in .png");
    return view;
}

int render(const Arguments& arguments) {
    const std::string view = checkedView(arguments);
    const double dots = arguments.integer("--scale", static_cast<int>(defaultDots), 1);
    if (dots > mostDots) throw UsageError("--scale is at most " + std::to_string(mostDots));
    const Canvas canvas(arguments);
    const QImage image = view == "curves" ? curvesImage(arguments, dots) : mapsImage(arguments, view == "head", dots);
    const QString out = qt(arguments.required("--out"));
    if (image.isNull()) throw InputError("the picture would be too large");
    if (!image.save(out)) throw InputError(out.toStdString() + ": cannot be written");
    return exitDone;
}

}  // namespace

Command renderCommand() {
    Command command;
    command.name = "render";
    command.summary = "Draw maps or curves into a PNG file, without a display.";
    command.synopses = {"CHECKPOINT --view maps --input \"3 1 4\" --out FILE.png",
                        "CHECKPOINT --view head --input \"3 1 4\" [--layer 0 --head 0] --out FILE.png",
                        "[CHECKPOINT] --view curves --metrics FILE.csv --out FILE.png"};
    command.options = {{"--view", "VIEW", "maps (all heads), head (one of them, with its numbers), or curves", false}};
    for (const Option& option : inputOptions()) command.options.push_back(option);
    const std::vector<Option> more = {
        {"--layer", "N", "of the head, from 0", false},
        {"--head", "N", "from 0", false},
        {"--block", "NAME", "instead of --layer: the attention block as traces name it, decoder.0.cross_attention", false},
        {"--metrics", "FILE", "the metrics that 'train --metrics' wrote", false},
        {"--scale", "N", "pixels for each point of the picture, 2 when not given", false},
        {"--dark", "", "in the dark theme's colours", false},
        {"--out", "FILE", "the picture, .png", false},
        {"--help", "", "this text", false},
    };
    command.options.insert(command.options.end(), more.begin(), more.end());
    command.run = render;
    return command;
}

}  // namespace lab
