#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include "core/analysis/smoothing.h"
#include "ui/widgets/plot/curve_plot.h"
#include "ui/widgets/plot/plot_names.h"

// The inside of CurvePlot, shared by its sources: curve_plot.cpp (commands), curve_plot_hand.cpp (mouse and keys), curve_plot_drawing.cpp
// (places, ranges, what of the data is drawn), curve_plot_scene.cpp (what is written over it).

namespace lab {

// Logical px at 100 % (LOOK.md 1).
constexpr double curvePlotAxisBottom = 20;

class PlotPainter;

class CurvePlot::Private {
public:
    struct Curve {
        CurveStyle style;
        std::vector<double> steps, raw;
        std::vector<double> smooth;  ///< smoothed curves: the average at each of the values
        ExponentialAverage average;
        double lowest = 0, highest = 0, lowestPositive = 0;  ///< of the values; valid when not empty
        std::optional<std::pair<int, bool>> namePlace{};     ///< where its name stood last: column, above

        bool empty() const { return steps.empty(); }
        PlotValues every() const { return {steps, raw}; }
        /// As the line shows it.
        PlotValues shown() const { return {steps, smooth.empty() ? raw : smooth}; }
    };
    struct Reference {
        double value = 0;
        QString label;
        bool inFit = false;
        QString legend{};                                 ///< its name in the read-out
        bool spare = false;                               ///< there
        std::optional<std::pair<int, bool>> namePlace{};  ///< as a curve's
    };
    struct Strip {
        CurveStrip style;
        QRect outer{};      ///< with its margins
        QRect plot{};       ///< inside the axes
        PlotField field{};  ///< its steps are those of all strips
        int stepMarks = 5, valueMarks = 5;
        std::vector<Reference> references{};
        ChannelStrip* channel = nullptr;

        AxisTicks steps() const { return field.x.ticks(stepMarks); }
        AxisTicks values() const { return inColumn(field.y.ticks(valueMarks)); }
    };
    struct Drag {
        std::size_t strip = 0;
        QPointF from;
        PlotAxis x, y;
    };

    explicit Private(CurvePlot& owner);

    void placeStrips();
    std::vector<int> stripHeights() const;
    int leastHeight(const Strip& strip) const;
    void smoothAll();
    void followData();
    std::pair<double, double> fittedSteps() const;
    std::pair<double, double> fittedValues(std::size_t strip) const;
    void setSteps(double low, double high);
    void scheduleReplot();

    void paintStill();
    void paintStrip(QPainter& painter, const Strip& strip) const;
    void paintGrid(const PlotPainter& out, const Strip& strip) const;
    void paintAxes(QPainter& painter, const PlotPainter& out, const Strip& strip) const;
    void paintCurve(QPainter& painter, const PlotPainter& out, const Strip& strip, const Curve& curve, bool averages) const;
    bool averaged(const Curve& curve) const { return curve.style.drawing == CurveDrawing::smoothed && smoothing > 0; }
    bool drawsEvery(const Curve& curve) const;
    bool drawsLine(const Curve& curve) const;
    std::vector<QPointF> squares(const Strip& strip, const Curve& curve) const;

    // curve_plot_scene.cpp
    CurveScene makeScene();
    void writeValues(const Strip& strip, CurveScene::Strip& out) const;
    void writeNames(int index, CurveScene::Strip& out);
    void writeReferenceName(Reference& reference, double y, bool ratherAbove, NameField& field, CurveScene::Strip& out);
    void writeDots(int index, CurveScene::Strip& out) const;
    void updateReadout();
    QString referenceText(int strip, double value) const;

    // curve_plot_hand.cpp
    void zoom(const QWheelEvent& wheel);
    void startDrag(const QPointF& position);
    void dragTo(const QPointF& position);
    std::size_t stripAt(const QPointF& position) const;
    void moveCrosshair(const QPointF& position);
    void nudgeCrosshair(std::int64_t by);

    std::optional<std::int64_t> newestStep() const;
    std::optional<std::int64_t> firstStep() const;
    bool hasData() const;
    bool logarithmicSteps() const { return stepScale == AxisScale::logarithmic; }

    CurvePlot& q;
    CurveCanvas* canvas;
    std::vector<Strip> strips;
    std::vector<Curve> curves;
    AxisScale stepScale = AxisScale::linear;
    double smoothing = 0.93;
    std::int64_t expectedSteps = 1000;
    std::optional<std::int64_t> crosshair, shown;
    bool crosshairByMouse = false;
    std::optional<Drag> drag;
    QString emptyTitle, emptyHelp;
    bool fitted = true;
    QTimer replotTimer;
    QElapsedTimer sinceReplot;
    double cost = 0;  ///< ms of the last picture
};

}  // namespace lab
