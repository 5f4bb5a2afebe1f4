#include "ui/pages/compare/compare_figures.h"

#include <QCoreApplication>
#include <QPainter>

#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "ui/pages/compare/run_book.h"
#include "ui/scenes/maps_scene.h"
#include "ui/scenes/parts_figure.h"
#include "ui/scenes/sequence_words.h"
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

/// Loss above accuracy, with a legend.
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

}  // namespace

std::unique_ptr<Figure> compareCurves(const Plot& loss, const Plot& accuracy, const RunBook& book, const QString& title,
                                      const QString& measure) {
    auto figure = std::make_unique<CompareCurvesFigure>(loss, accuracy, measure);
    figure->title = title;
    figure->caption = CompareFiguresWords::tr("Loss and accuracy of %1 on each step's batch, exponential average with factor %2.")
                          .arg(title, significant(RunCurve::smoothingFactor, 2));
    if (!loss.series().empty() && !loss.series().front().low.empty())
        figure->caption += QLatin1Char(' ') + CompareFiguresWords::tr("Lines: means over seeds; bands as chosen on the page.");
    figure->numbers.header = {"run", "seed", "step", "tokens", "seconds", "loss", "accuracy"};
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
        const bool targetRows = architecture == Architecture::encoder_decoder && each.block.side == "decoder";
        const auto labels = [&](bool targets) { return SequenceWords(*each.run).all(input, targets); };
        MapPanel panel;
        panel.title = CompareFiguresWords::tr("%1, %2, head %3").arg(each.run->name(), blockLabel(each.block, architecture)).arg(each.head);
        panel.block = each.block.name;
        panel.layer = each.block.layer;
        panel.head = each.head;
        panel.data = each.map;
        panel.rowLabels = labels(targetRows);
        panel.columnLabels = labels(targetRows && !each.block.cross);
        figure->panels.push_back(std::move(panel));
        names << each.run->name();
        steps << CompareFiguresWords::tr("%1 after step %2").arg(each.run->name(), grouped(each.step));
    }
    figure->title = names.join(QStringLiteral(" / "));
    figure->caption = CompareFiguresWords::tr("Attention on the same input, rows are queries, columns keys: %1. Input: %2.")
                          .arg(steps.join(QStringLiteral(", ")), inputWords(*maps.front().run, input));
    return figure;
}

std::unique_ptr<Figure> compareDifferenceFigure(const ComparedMap& first, const ComparedMap& other, const MapData& change,
                                                const Input& input, const ColorScaling& scaling) {
    ComparedMap changed = first;
    changed.map = change;
    auto figure = compareMapsFigure({changed}, input, scaling, CompareFiguresWords::tr("change of weight"));
    const auto head = [](const ComparedMap& each) {
        return CompareFiguresWords::tr("%1, head %2").arg(blockLabel(each.block, each.run->experiment().model.architecture)).arg(each.head);
    };
    const auto whose = [&head](const ComparedMap& each) {
        return CompareFiguresWords::tr("%1, %2, after step %3").arg(each.run->name(), head(each), grouped(each.step));
    };
    static_cast<MapFigure&>(*figure).panels.front().title =
        head(first) == head(other) ? head(first) : CompareFiguresWords::tr("%1 \u2212 %2").arg(head(other), head(first));
    figure->title = CompareFiguresWords::tr("%1 \u2212 %2").arg(other.run->name(), first.run->name());
    figure->caption =
        CompareFiguresWords::tr("Attention weights of %1, minus those of %2, on the same input; rows are queries, columns keys. Input: %3.")
            .arg(whose(other), whose(first), inputWords(*first.run, input));
    return figure;
}

}  // namespace lab
