#include "ui/pages/compare/compare_figures.h"

#include <QCoreApplication>
#include <QPainter>

#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "ui/pages/compare/run_book.h"
#include "ui/scenes/key_words.h"
#include "ui/scenes/maps_scene.h"
#include "ui/scenes/measure_words.h"
#include "ui/scenes/overlay_figure.h"
#include "ui/scenes/parts_figure.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map_figure.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/plot/plot_picture.h"

namespace lab {
namespace {

// Logical px.
constexpr double widestPlot = 720, compareFiguresPlotHeight = 220, compareFiguresTitleHeight = 22, legendHeight = 22;

struct CompareFiguresWords {
    Q_DECLARE_TR_FUNCTIONS(CompareFigures)
};

/// Loss above what is measured beside it, with a legend.
class CompareCurvesFigure : public Figure {
public:
    CompareCurvesFigure(const Plot& loss, const Plot& accuracy, const QString& measure)
        : m_plots{{CompareFiguresWords::tr("Loss"), loss.scene()}, {measure, accuracy.scene()}} {
        for (auto& [name, scene] : m_plots) scene.hand.reset();
    }

    FigureTable numbers;

    FigureTable table() const override { return numbers; }

protected:
    QSizeF bodySize(double width) const override {
        return {width > 0 ? width : widestPlot, legendHeight + 2 * (compareFiguresTitleHeight + compareFiguresPlotHeight)};
    }

    void paintBody(QPainter& painter, double width) const override {
        const double plotWidth = bodySize(width).width();
        paintPlotLegend(painter, QRectF(0, 0, plotWidth, legendHeight), m_plots.front().second.series);
        double top = legendHeight;
        for (const auto& [name, scene] : m_plots) {
            painter.setFont(Theme::instance().font(TextSize::text, true));
            painter.setPen(Theme::instance().color(Role::text));
            painter.drawText(QRectF(0, top, plotWidth, compareFiguresTitleHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
            paintPlot(painter, QRectF(0, top + compareFiguresTitleHeight, plotWidth, compareFiguresPlotHeight), scene);
            top += compareFiguresTitleHeight + compareFiguresPlotHeight;
        }
    }

private:
    std::vector<std::pair<QString, PlotScene>> m_plots;
};

QString headOfMap(const ComparedMap& map) {
    return CompareFiguresWords::tr("%1, head %2").arg(blockLabel(map.block, map.run->experiment().model.architecture)).arg(map.head);
}

QString whoseMap(const ComparedMap& map) {
    return CompareFiguresWords::tr("%1, %2, after step %3").arg(map.run->name(), headOfMap(map), grouped(map.step));
}

}  // namespace

std::unique_ptr<Figure> compareCurves(const Plot& loss, const Plot& accuracy, const RunBook& book, const QString& title) {
    const Measure measure = measureOf(book.runs());
    auto figure = std::make_unique<CompareCurvesFigure>(loss, accuracy, CompareFiguresWords::tr("%1 %").arg(measureTitle(measure)));
    figure->title = title;
    figure->caption = CompareFiguresWords::tr("Loss and %1 of %2 on each step's batch, exponential average with factor %3.")
                          .arg(measurePhrase(measure), title, significant(RunCurve::smoothingFactor, 2));
    if (!loss.series().empty() && !loss.series().front().low.empty())
        figure->caption += QLatin1Char(' ') + CompareFiguresWords::tr("Lines: means over seeds; bands as chosen on the page.");
    figure->numbers.header = {"run", "seed", "step", "tokens", "seconds", "loss", measureId(measure)};
    for (const Run* run : book.runs()) {
        const RunCurve& curve = book.curve(run);
        for (std::size_t i = 0; i < curve.size(); ++i)
            figure->numbers.rows.push_back({run->name().toStdString(), std::to_string(run->experiment().training.seed),
                                            numberText(curve.effort(Effort::steps)[i]), numberText(curve.effort(Effort::tokens)[i]),
                                            numberText(curve.effort(Effort::seconds)[i]), numberText(curve.loss()[i]),
                                            numberText(curve.accuracy()[i])});
    }
    return figure;
}

std::unique_ptr<Figure> compareMapsFigure(const std::vector<ComparedMap>& maps, const Input& input, const ColorScaling& scaling,
                                          const QString& quantity) {
    if (maps.empty()) return nullptr;
    auto figure = std::make_unique<MapFigure>();
    figure->quantity = quantity;
    figure->scaling = scaling;
    figure->columns = static_cast<int>(maps.size());
    QStringList names, steps;
    for (const ComparedMap& each : maps) {
        const Architecture architecture = each.run->experiment().model.architecture;
        const SequenceWords words(*each.run);
        MapPanel panel;
        panel.title = CompareFiguresWords::tr("%1, %2, head %3").arg(each.run->name(), blockLabel(each.block, architecture)).arg(each.head);
        panel.block = each.block.name;
        panel.layer = each.block.layer;
        panel.head = each.head;
        panel.data = each.map;
        panel.rowLabels = queryWords(words, each.block, input);
        panel.columnLabels = keyWords(words, each.block, input, nullptr);
        panel.mutedRows = specialQueries(words, each.block, input);
        panel.mutedColumns = specialKeys(words, each.block, input);
        figure->panels.push_back(std::move(panel));
        names << each.run->name();
        steps << CompareFiguresWords::tr("%1 after step %2").arg(each.run->name(), grouped(each.step));
    }
    figure->title = names.join(QStringLiteral(" / "));
    figure->caption = CompareFiguresWords::tr("Attention on the same input, rows are queries, columns keys: %1. Input: %2.")
                          .arg(steps.join(QStringLiteral(", ")), inputWords(*maps.front().run, input));
    return figure;
}

std::unique_ptr<Figure> comparePicturesFigure(const std::vector<ComparedMap>& maps, std::vector<OverlayScene> scenes, const Input& input) {
    if (maps.empty() || scenes.empty()) return nullptr;
    QStringList names, whose;
    for (const ComparedMap& each : maps) {
        names << each.run->name();
        whose << whoseMap(each);
    }
    const bool change = scenes.front().change;
    const QString title = change ? scenes.front().overlays.front().name : names.join(QStringLiteral(" / "));
    const QString query = queryName(scenes.front());
    const QString said =
        change ? CompareFiguresWords::tr("What the query, %1, gives to each patch of the picture in %2, minus the same in %3.")
                     .arg(query, whose.back(), whose.front())
               : CompareFiguresWords::tr("What the query, %1, gives to each patch of the picture: %2.")
                     .arg(query, whose.join(QStringLiteral("; ")));
    const int columns = static_cast<int>(scenes.size());
    auto figure = overlayFigure(std::move(scenes), columns, OverlayStrength::both, {});
    figure->title = title;
    figure->caption = sentences({said, CompareFiguresWords::tr("Input: %1.").arg(inputWords(*maps.front().run, input)),
                                 CompareFiguresWords::tr("The colours of the scale lie over the picture.")});
    return figure;
}

std::unique_ptr<Figure> compareDifferenceFigure(const ComparedMap& first, const ComparedMap& other, const MapData& change,
                                                const Input& input, const ColorScaling& scaling) {
    ComparedMap changed = first;
    changed.map = change;
    auto figure = compareMapsFigure({changed}, input, scaling, CompareFiguresWords::tr("change of weight"));
    const QString before = headOfMap(first), after = headOfMap(other);
    static_cast<MapFigure&>(*figure).panels.front().title =
        before == after ? before : CompareFiguresWords::tr("%1 \u2212 %2").arg(after, before);
    figure->title = CompareFiguresWords::tr("%1 \u2212 %2").arg(other.run->name(), first.run->name());
    figure->caption =
        CompareFiguresWords::tr("Attention weights of %1, minus those of %2, on the same input; rows are queries, columns keys. Input: %3.")
            .arg(whoseMap(other), whoseMap(first), inputWords(*first.run, input));
    return figure;
}

}  // namespace lab
