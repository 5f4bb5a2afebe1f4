#pragma once

#include "ui/widgets/plot/plot_painter.h"
#include "ui/widgets/plot/plot_scene.h"

namespace lab {

/// A scene drawn into a rectangle, on screen and on paper.
class PlotPicture {
public:
    PlotPicture(const PlotScene& scene, const PlotAxis& x, const PlotAxis& y, const QRectF& rect);

    const PlotField& field() const { return m_field; }
    void paint(QPainter& painter, std::optional<double> crosshair = std::nullopt) const;
    /// What stays while the hand or the crosshair moves, and what moves.
    void paintStill(QPainter& painter) const;
    void paintMoving(QPainter& painter, std::optional<double> crosshair) const;

private:
    void paintShade(QPainter& painter) const;
    void paintValueAxis(QPainter& painter) const;
    void paintSeries(QPainter& painter, const PlotSeries& series) const;
    void paintLevels(QPainter& painter) const;
    void paintNames(QPainter& painter) const;
    void paintPointNames(QPainter& painter) const;
    void paintXAxis(QPainter& painter) const;
    void paintXLabels(QPainter& painter, const AxisTicks& ticks) const;
    void paintMarks(QPainter& painter) const;
    void paintShadeLabel(QPainter& painter) const;
    void paintHand(QPainter& painter) const;
    void paintCrosshair(QPainter& painter, double x) const;

    bool handShown() const { return m_scene.hand && m_field.x.contains(m_scene.hand->x); }
    std::pair<double, double> shadeEnds() const;
    QRectF flagBox() const;
    QRectF labelBox(double x, const QString& text, bool left) const;
    QRectF freeBox(const QRectF& box, double x) const;
    std::vector<QRectF> levelBoxes() const;
    bool crossed(const QRectF& box) const;
    bool holdsPoint(const QRectF& box) const;

    const PlotScene& m_scene;
    QRectF m_rect;
    PlotField m_field;
    PlotPainter painterOn(QPainter& painter) const { return {painter, m_field}; }
};

/// A whole plot on paper, without crosshair.
void paintPlot(QPainter& painter, const QRectF& rect, const PlotScene& scene);
/// Names of the curves with samples of their lines, in one row.
void paintPlotLegend(QPainter& painter, const QRectF& rect, const std::vector<PlotSeries>& series);

}  // namespace lab
