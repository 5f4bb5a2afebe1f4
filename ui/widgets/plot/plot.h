#pragma once

#include <QPixmap>
#include <QWidget>

#include "ui/widgets/plot/plot_scene.h"
#include "ui/widgets/plot_legend.h"

namespace lab {

/// Curves over one plot. The mouse shows a crosshair, or drags the hand where that is movable; Left, Right, Home and End do the same with
/// the focus (Shift: further), Escape removes the crosshair. Legend and read-out stand in legend(), which belongs into the panel's title
/// bar.
class Plot : public QWidget {
    Q_OBJECT

public:
    explicit Plot(const QString& name, QWidget* parent = nullptr) : Plot(name, PlotScene::Kind::function, parent) {}
    Plot(const QString& name, PlotScene::Kind kind, QWidget* parent = nullptr);

    void setSeries(std::vector<PlotSeries> series);
    const std::vector<PlotSeries>& series() const { return m_scene.series; }
    void setMarks(std::vector<PlotScene::Mark> marks);
    void setLevel(std::optional<double> y, const QString& label = {});
    /// One more.
    void addLevel(double y, const QString& label);
    void setShaded(std::optional<std::pair<double, double>> range, const QString& label = {});
    void setScales(AxisScale x, AxisScale y);
    void setXRange(double low, double high);
    /// Else from the data.
    void setYRange(std::optional<std::pair<double, double>> range);
    /// Marks on the x axis also between whole numbers.
    void setFractions();
    /// Curves are named right of their last points.
    void setNamesAtEnds();
    void setXTitle(const QString& title);
    void setReading(std::function<QString(double)> format);
    /// What stands at the crosshair on the x axis: "step 362".
    void setFlag(std::function<QString(double)> flag);
    /// "m\u2212n = %1"; movable within the x range when `movable`.
    void setHand(std::optional<double> x, const QString& flag = {}, bool movable = true);
    /// Keys move the hand from one of these to the next, ascending; empty: by whole numbers. Whoever hears of the hand rounds the mouse's.
    void setHandStops(std::vector<double> stops) { m_handStops = std::move(stops); }
    void setEmptyText(const QString& text);

    /// Shows what `other` shows, without crosshair: for a picture of it.
    void copy(const Plot& other);
    const PlotScene& scene() const { return m_scene; }
    QString name() const { return m_name; }

    PlotLegend* legend() const { return m_legend; }
    QRectF plotRect() const { return field().room; }
    QPointF place(double x, double y) const { return field().place(x, y); }
    std::optional<double> crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<double> x);  ///< without a signal

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void handMoved(double x);
    void crosshairMoved(std::optional<double> x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    PlotField field() const;
    bool dragsHand() const { return m_scene.hand && m_scene.hand->movable; }
    void changed();
    void updateLegend();
    void updateFunctionLegend();
    void updateProgressLegend();
    void moveCrosshair(std::optional<double> x);
    void moveHand(double px);
    double fromKey(double from, int key, bool far) const;
    double stopFrom(double from, int by) const;

    QString m_name;
    PlotScene m_scene;
    PlotAxis m_x, m_y;  ///< of the scene
    std::optional<double> m_crosshair;
    std::vector<double> m_handStops;
    QPixmap m_still;  ///< null: to be painted
    PlotLegend* m_legend;
};

}  // namespace lab
