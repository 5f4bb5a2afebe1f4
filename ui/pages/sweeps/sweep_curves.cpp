#include "ui/pages/sweeps/sweep_curves.h"

#include <QPainter>
#include <algorithm>

#include "core/base/number_text.h"
#include "ui/widgets/plot/plot_picture.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px; plots with the rooms of their axes.
constexpr double sweepCurvesPlotWidth = 382, sweepCurvesPlotHeight = 164, nameRow = 20, sweepCurvesGap = 24, sweepCurvesLegendRow = 24,
                 sweepCurvesRowHeight = nameRow + sweepCurvesPlotHeight + sweepCurvesGap / 2;
constexpr Role sweepCurvesRoles[] = {Role::series1, Role::series2, Role::series3, Role::series4, Role::series5};

PlotScene sceneOf(const std::vector<SweepCurve>& curves, const QString& xTitle) {
    PlotScene scene{PlotScene::Kind::progress};
    double top = 0;
    for (const SweepCurve& curve : curves) {
        PlotSeries series{QString::fromStdString(curve.name),
                          sweepCurvesRoles[std::min(scene.series.size(), std::size(sweepCurvesRoles) - 1)], 1.8};
        series.x = curve.x;
        series.y = curve.loss;
        for (const double y : curve.loss) top = std::max(top, y);
        const bool band = std::ranges::any_of(curve.spread, [](double s) { return s > 0; });
        for (std::size_t i = 0; band && i < curve.loss.size(); ++i) {
            series.low.push_back(std::max(curve.loss[i] - curve.spread[i], 0.0));
            series.high.push_back(curve.loss[i] + curve.spread[i]);
        }
        scene.series.push_back(std::move(series));
    }
    scene.yRange = {0, top > 0 ? top * 1.05 : 1};
    scene.xTitle = xTitle;
    return scene;
}

void paintNamed(QPainter& painter, const QPointF& at, const QString& name, const PlotScene& scene) {
    painter.setFont(Theme::instance().font(TextSize::axis, true));
    painter.setPen(Theme::instance().color(Role::text));
    painter.drawText(QRectF(at.x(), at.y(), sweepCurvesPlotWidth, nameRow), Qt::AlignLeft | Qt::AlignVCenter, name);
    paintPlot(painter, QRectF(at.x(), at.y() + nameRow, sweepCurvesPlotWidth, sweepCurvesPlotHeight), scene);
}

}  // namespace

QSizeF SweepCurvesFigure::bodySize(double) const {
    return {2 * sweepCurvesPlotWidth + sweepCurvesGap, sweepCurvesLegendRow + static_cast<double>(rows.size()) * sweepCurvesRowHeight};
}

void SweepCurvesFigure::paintBody(QPainter& painter, double) const {
    const QString xTitle = overSteps ? QObject::tr("step") : QObject::tr("seconds of training");
    QPointF at;
    for (const SweepCurveRow& row : rows) {
        const PlotScene train = sceneOf(row.train, xTitle), validation = sceneOf(row.validation, xTitle);
        if (&row == &rows.front())
            paintPlotLegend(painter, QRectF(at, QSizeF(2 * sweepCurvesPlotWidth, sweepCurvesLegendRow)), train.series);
        const QString name = QString::fromStdString(row.name);
        const QPointF top = at + QPointF(0, sweepCurvesLegendRow);
        paintNamed(painter, top, QObject::tr("%1: training loss").arg(name), train);
        paintNamed(painter, top + QPointF(sweepCurvesPlotWidth + sweepCurvesGap, 0), QObject::tr("%1: validation loss").arg(name),
                   validation);
        at += QPointF(0, sweepCurvesRowHeight);
    }
}

FigureTable SweepCurvesFigure::table() const {
    FigureTable table{{"row", "column", "quantity", overSteps ? "step" : "seconds", "loss", "spread"}, {}};
    const auto add = [&](const SweepCurveRow& row, const char* quantity, const std::vector<SweepCurve>& curves) {
        for (const SweepCurve& curve : curves)
            for (std::size_t i = 0; i < curve.loss.size(); ++i)
                table.rows.push_back(
                    {row.name, curve.name, quantity, numberText(curve.x[i]), numberText(curve.loss[i]), numberText(curve.spread[i])});
    };
    for (const SweepCurveRow& row : rows) {
        add(row, "train_loss", row.train);
        add(row, "validation_loss", row.validation);
    }
    return table;
}

}  // namespace lab
