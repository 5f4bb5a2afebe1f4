#pragma once

#include <QPixmap>
#include <QString>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/plot_legend.h"
#include "ui/widgets/theme.h"

namespace lab {

/// One curve y(x), x ascending.
struct XySeries {
    QString name;
    Role role = Role::series1;
    double width = 2.2;
    bool dots = false;  ///< a mark at each whole x
    bool line = true;
    bool squares = false;  ///< marks at each value
    QString verdict{};     ///< bold behind the value in the colour of what is wrong: "\u00D7 false"
    std::vector<double> x{}, y{};
};

/// Functions of one variable over one plot: curves, a shaded band, marked places, and one value of x in the hand (amber). The mouse shows
/// a crosshair and drags the hand; Left and Right move the hand, or the crosshair when there is none. Legend and read-out stand in
/// legend(), which belongs into the panel's title bar.
class XyPlot : public QWidget {
    Q_OBJECT

public:
    struct Band {
        std::vector<double> x, low, high;
        QString name;
    };
    struct Mark {
        double x = 0;
        QString label;
    };

    explicit XyPlot(const QString& name, QWidget* parent = nullptr);

    void setSeries(std::vector<XySeries> series);
    const std::vector<XySeries>& series() const { return m_series; }
    void setBand(std::optional<Band> band);
    void setMarks(std::vector<Mark> marks);
    /// A dotted line at this y, named at its right end; the y range includes it.
    void setLevel(std::optional<double> y, const QString& label = {});
    /// A range of x that lies on a shade of its own: what training has seen.
    void setShaded(std::optional<std::pair<double, double>> range, const QString& label = {});
    void setScales(AxisScale x, AxisScale y);
    void setXRange(double low, double high);
    /// Else from the data.
    void setYRange(std::optional<std::pair<double, double>> range);
    /// Below the axis, at its right end.
    void setXTitle(const QString& title);
    void setReading(std::function<QString(double)> format);
    /// "m\u2212n = %1"; movable by `step` within the x range when `movable`.
    void setHand(std::optional<double> x, const QString& flag = {}, bool movable = true);
    void setEmptyText(const QString& text);
    /// Keeps the curves as a picture while the hand is dragged. For the screen only: a plot that is painted on paper is not kept.
    void setKept(bool kept);

    /// Shows what `other` shows, without crosshair: for a picture of it.
    void copy(const XyPlot& other);
    QString name() const { return m_name; }

    PlotLegend* legend() const { return m_legend; }
    QRectF plotRect() const;
    double xAt(double px) const;
    QPointF place(double x, double y) const;
    std::optional<double> crosshair() const { return m_crosshair; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void handMoved(double x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    std::pair<double, double> yRange() const;
    void refit();
    void updateLegend();
    std::optional<double> valueOf(const XySeries& series, double x) const;
    void setCrosshair(std::optional<double> x);
    void moveHand(double px);
    void redraw();
    void paintStill(QPainter& painter) const;
    void paintXAxis(QPainter& painter) const;
    void paintYAxis(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintLevel(QPainter& painter) const;
    void paintSeries(QPainter& painter, const XySeries& series) const;
    void paintHand(QPainter& painter) const;
    QRectF flagRect() const;
    QRectF freeBox(const QRectF& box, double x) const;
    QRectF levelBox() const;
    bool crossed(const QRectF& box) const;

    QString m_name, m_xTitle, m_shadeLabel, m_flag, m_emptyText, m_levelLabel;
    std::vector<XySeries> m_series;
    std::optional<Band> m_band;
    std::vector<Mark> m_marks;
    std::optional<std::pair<double, double>> m_shaded, m_fixedY;
    AxisScale m_xScale = AxisScale::linear, m_yScale = AxisScale::linear;
    double m_xLow = 0, m_xHigh = 1, m_yLow = 0, m_yHigh = 1;
    std::optional<double> m_hand, m_crosshair, m_level;
    bool m_handMovable = true;
    bool m_kept = false;
    QPixmap m_still;  ///< null: to be painted
    std::function<QString(double)> m_format;
    PlotLegend* m_legend;
};

}  // namespace lab
