#pragma once

#include <QPolygonF>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/theme.h"

namespace lab {

class PlotLegend;

/// One run's curve, or a mean with its band.
struct RunPlotLine {
    QString name;
    Role role = Role::series1;
    bool current = false;  ///< the run that the window shows: drawn last and a little wider
    QPolygonF line;        ///< in the plot's units, x ascending
    QPolygonF low, high;   ///< of the band, at the line's x; empty = none
};

/// Curves of several runs over one axis of effort. The legend is the read-out: the values at the crosshair, else the last ones. The mouse
/// moves the crosshair, Left, Right, Home and End too, Escape removes it; linked plots show the same one.
class RunPlot : public QWidget {
    Q_OBJECT

public:
    RunPlot(const QString& name, AxisScale scale, std::function<QString(double)> format, QWidget* parent = nullptr);

    void setLines(std::vector<RunPlotLine> lines);
    const std::vector<RunPlotLine>& lines() const { return m_lines; }
    /// A dotted line, named at its right end.
    void setReference(std::optional<double> y, const QString& label = {});
    /// Else from the lines.
    void setYRange(std::optional<std::pair<double, double>> range);
    /// What x counts, and how a value of it is written: "step 362".
    void setXAxis(const QString& title, std::function<QString(double)> flag);
    /// Where the window looks: the amber line.
    void setShown(std::optional<double> x);
    void setEmptyText(const QString& text);

    std::optional<double> crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<double> x);  ///< without a signal
    /// The value of a line at x; nothing outside it.
    static std::optional<double> valueAt(const RunPlotLine& line, double x);

    PlotLegend* legend() const { return m_legend; }
    QString name() const { return m_name; }
    /// Shows what `other` shows, without crosshair: for a picture of it.
    void copy(const RunPlot& other);
    void paint(QPainter& painter, const QRectF& rect) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void crosshairMoved(std::optional<double> x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Frame;
    Frame frame(const QRectF& rect) const;
    void refit();
    bool isEmpty() const;
    void updateLegend();
    void moveCrosshair(std::optional<double> x);
    void paintAxes(QPainter& painter, const Frame& at) const;
    void paintLines(QPainter& painter, const Frame& at) const;
    void paintReference(QPainter& painter, const Frame& at) const;
    void paintNames(QPainter& painter, const Frame& at) const;
    void paintHands(QPainter& painter, const Frame& at) const;

    QString m_name, m_xTitle, m_emptyText, m_referenceLabel;
    AxisScale m_scale;
    std::function<QString(double)> m_format, m_flag;
    std::vector<RunPlotLine> m_lines;
    std::optional<double> m_reference, m_shown, m_crosshair;
    std::optional<std::pair<double, double>> m_fixedY;
    double m_xLow = 0, m_xHigh = 1, m_yLow = 0, m_yHigh = 1;
    PlotLegend* m_legend;
};

}  // namespace lab
