#pragma once

#include <qcustomplot.h>

#include <QElapsedTimer>
#include <QTimer>

#include "core/analysis/smoothing.h"
#include "ui/widgets/curve_plot.h"
#include "ui/widgets/plot/plot_names.h"

// The inside of CurvePlot, shared by its sources: curve_plot.cpp (commands, hand), curve_plot_drawing.cpp (axes, look, ranges,
// what of the data is drawn), curve_plot_scene.cpp (what is written over it).

namespace lab {

// Logical px at 100 % (LOOK.md 1).
constexpr double curvePlotAxisBottom = 20, curvePlotChannelWidth = 160;

class CurveTicker : public QCPAxisTicker {
public:
    AxisScale scale = AxisScale::linear;
    int count = 5;

    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision, QVector<double>& ticks,
                  QVector<double>* subTicks, QVector<QString>* tickLabels) override;
};

class CurvePlot::Private {
public:
    struct Curve {
        CurveStyle style;
        QCPGraph* raw = nullptr;      ///< every value as it came; visible where each is drawn
        QCPGraph* line = nullptr;     ///< at most one point every two px, of the values or their average: wide lines are slow to draw
        QCPGraph* squares = nullptr;  ///< some of the values, far enough apart
        std::vector<double> smooth;   ///< smoothed curves: the average at each of the values
        ExponentialAverage average;
        double lowest = 0, highest = 0, lowestPositive = 0;  ///< of the values; valid when not empty
        std::optional<std::pair<int, bool>> namePlace;       ///< where its name stood last: column, above

        bool empty() const { return raw->data()->isEmpty(); }
        std::size_t size() const { return std::size_t(raw->data()->size()); }
        double step(std::size_t i) const { return raw->data()->at(int(i))->key; }
        double rawValue(std::size_t i) const { return raw->data()->at(int(i))->value; }
        /// As the line shows it.
        double value(std::size_t i) const { return smooth.empty() ? rawValue(i) : smooth[i]; }
        /// Index of the first value at or after a step.
        std::size_t from(double step) const { return std::size_t(raw->data()->findBegin(step, false) - raw->data()->constBegin()); }
    };
    struct Reference {
        double value = 0;
        QString label;
        bool inFit = false;
        QCPItemStraightLine* line = nullptr;
        std::optional<std::pair<int, bool>> namePlace;  ///< as a curve's
    };
    struct Strip {
        CurveStrip style;
        QCPAxisRect* rect = nullptr;
        QCPAxis *steps = nullptr, *values = nullptr;
        QSharedPointer<CurveTicker> stepTicker, valueTicker;
        std::optional<Reference> reference;
        ChannelStrip* channel = nullptr;
        int height = 0;  ///< px, step labels included
    };

    explicit Private(CurvePlot& owner);

    void addAxes(Strip& strip);
    void restyle();
    void restyle(Strip& strip);
    void restyle(Curve& curve);
    void placeStrips();
    std::vector<int> stripHeights() const;
    int leastHeight(const Strip& strip) const;
    void smoothAll();
    void thinCurves();
    void thinLine(Curve& curve) const;
    void thinSquares(Curve& curve) const;
    void followData();
    QCPRange fittedSteps() const;
    QCPRange fittedValues(int strip) const;
    void setSteps(QCPRange range);
    void onStepsChanged(const QCPRange& range);
    void scheduleReplot();
    void afterReplot();

    // curve_plot_scene.cpp
    CurveScene makeScene();
    void writeValues(const Strip& strip, CurveScene::Strip& out) const;
    CurveTrack trackOf(const Curve& curve, const QRect& plotRect) const;
    void writeNames(int index, CurveScene::Strip& out);
    void writeReferenceName(Reference& reference, double y, NameField& field, CurveScene::Strip& out);
    void writeDots(int index, CurveScene::Strip& out) const;
    void updateReadout();

    void moveCrosshair(const QPointF& position);
    void nudgeCrosshair(std::int64_t by);
    std::optional<std::int64_t> newestStep() const;
    std::optional<std::int64_t> firstStep() const;
    bool hasData() const;

    CurvePlot& q;
    QCustomPlot* plot;
    CurveOverlay* overlay;
    QCPLayer* referenceLayer = nullptr;  ///< below the curves
    QCPLayer* averageLayer = nullptr;    ///< above them
    std::vector<Strip> strips;
    std::vector<Curve> curves;
    AxisScale stepScale = AxisScale::linear;
    double smoothing = 0.93;
    std::int64_t expectedSteps = 1000;
    std::optional<std::int64_t> crosshair, shown;
    bool crosshairByMouse = false;
    QString emptyTitle, emptyHelp;
    bool fitted = true;
    bool adjusting = false;  ///< ranges are being set by us, not by the hand
    QTimer replotTimer;
    QElapsedTimer sinceReplot;
};

}  // namespace lab
