#pragma once

#include <QWidget>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/channel_strip.h"
#include "ui/widgets/plot/curve_scene.h"
#include "ui/widgets/theme.h"

namespace lab {

/// One of the stacked plots.
struct CurveStrip {
    QString title;
    QString unit;
    double height = 100;  ///< logical px at 100 %; strips that grow share extra height in proportion to it
    bool grows = true;
    AxisScale scale = AxisScale::linear;
    bool fromZero = true;                            ///< a fitted linear axis begins at 0
    std::optional<std::pair<double, double>> range;  ///< of a fitted axis; else from the data
    std::pair<double, double> emptyRange{0, 1};      ///< while there is no data
    double leastFactor = 30;                         ///< between the ends of a fitted logarithmic axis
};

enum class CurveDrawing {
    line,      ///< a line through the values: for what changes little from step to step
    noisy,     ///< every value, thin
    smoothed,  ///< the exponential average as a line; with `rawBehind` every value pale behind it
};

/// One curve: its place, its look, and its row in the read-out.
struct CurveStyle {
    int strip = 0;
    QString name;
    Role role = Role::series1;
    CurveDrawing drawing = CurveDrawing::line;
    double width = 2.2;
    bool rawBehind = false;  ///< smoothed curves: the raw values pale behind, and with a row of their own
    bool squares = false;    ///< marks values with 5 px squares
    bool labelled = false;   ///< its name is written beside it where there is room
    std::function<QString(double)> format;
};

/// A value at a step, as the read-out shows it.
struct CurveReading {
    std::int64_t step = 0;  ///< of the value: the crosshair's, or the last one before it
    double raw = 0;
    double value = 0;  ///< smoothed where the curve is smoothed, else raw
};

/// Stacked plots over one step axis, each with its channel strip. Wheel zooms the step axis (over the value axis, or with Shift: the
/// values), dragging pans, double click fits; the crosshair follows the mouse, or Left/Right/Home/End when focused, Escape removes it.
/// While fitted the axes follow the data; after a zoom or pan they stay.
class CurvePlot : public QWidget {
    Q_OBJECT

public:
    explicit CurvePlot(QWidget* parent = nullptr);
    ~CurvePlot() override;

    int addStrip(const CurveStrip& strip);
    int addCurve(const CurveStyle& style);
    /// A dotted line, named at its right end; a fitted axis includes it when `inFit`. Replaces the strip's former ones.
    void setReference(int strip, double value, const QString& label, bool inFit);
    /// One more. With a `legend` it has a row in the read-out, too; one that is `spare` gives way where there is little room.
    void addReference(int strip, double value, const QString& label, bool inFit, const QString& legend = {}, bool spare = false);
    void clearReference(int strip);
    ChannelStrip* channel(int strip) const;

    /// Steps of one curve ascend. Cheap: drawn at the next replot, which is queued.
    void append(int curve, std::int64_t step, double value);
    /// Removes the values, keeps strips, curves and references.
    void clear();
    bool isEmpty() const;

    void setStepAxis(AxisScale scale);
    void setValueAxis(int strip, AxisScale scale);
    AxisScale stepAxis() const;
    AxisScale valueAxis(int strip) const;
    /// Factor of the exponential average of the smoothed curves; 0 = off: the raw curve alone.
    void setSmoothing(double factor);
    double smoothing() const;
    void setLeastFactor(int strip, double factor);
    void setEmptyRange(int strip, double lower, double upper);
    void setName(int curve, const QString& name);
    void setStripTitle(int strip, const QString& title);

    /// Where an empty plot's step axis ends.
    void setExpectedSteps(std::int64_t steps);
    void setEmptyText(const QString& title, const QString& help);
    void setShownStep(std::optional<std::int64_t> step);

    void fit();
    bool fitted() const;
    std::pair<double, double> stepRange() const;
    std::pair<double, double> valueRange(int strip) const;
    void setStepRange(double lower, double upper);

    /// The step under the crosshair; empty = none, the read-out shows the newest values.
    std::optional<std::int64_t> crosshair() const;
    void setCrosshair(std::optional<std::int64_t> step);
    std::optional<CurveReading> reading(int curve) const;
    /// All read-outs in words, as the accessible description says them.
    QString summary() const;

    /// Takes in what is due now, for exports and tests.
    void replotNow();
    /// Where the plots are: takes the mouse.
    QWidget* canvas() const;
    /// On the canvas.
    QPointF place(int strip, double step, double value) const;
    const CurveScene& scene() const;

    /// Axes, zoom, and smoothing of another plot with the same strips.
    void copyView(const CurvePlot& other);
    /// Measures a plot that stands in no window; hold a PrintTheme.
    void layOutForPrint(const QSize& size);
    /// What the screen shows, through the same strokes; after layOutForPrint.
    void print(QPainter& painter) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void crosshairChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
