#pragma once

#include <QPainter>
#include <QWidget>

#include "ui/pages/stream/waterfall_scene.h"

namespace lab {

/// Where the bars of a waterfall stand.
struct WaterfallLayout {
    QRectF field;      ///< of the bars
    double slot = 1;   ///< from one bar to the next
    double group = 0;  ///< before each layer
    double low = 0, high = 1;
    std::vector<double> lefts;  ///< of the slots, the sum's behind the bars'

    double y(double value) const { return field.bottom() - (value - low) / (high - low) * field.height(); }
    QRectF barRect(const WaterfallScene& scene, std::size_t bar) const;
    QRectF sumRect(const WaterfallScene& scene) const;
};
WaterfallLayout layoutOf(const WaterfallScene& scene, const QSizeF& room);
/// What the bars need at least.
double leastWidth(const WaterfallScene& scene);
/// `chosen`, `hovered`: bars, or -1.
void paintWaterfall(QPainter& painter, const WaterfallScene& scene, const WaterfallLayout& layout, int chosen, int hovered);

/// A logit as a waterfall of its parts. A click on a bar, or Left, Right and Enter, takes it in hand.
class WaterfallView : public QWidget {
    Q_OBJECT

public:
    explicit WaterfallView(QWidget* parent = nullptr);

    void setScene(const WaterfallScene& scene);
    const WaterfallScene& scene() const { return m_scene; }
    /// The bar with the frame; -1: none. Without a signal.
    void setChosen(int bar);
    int chosen() const { return m_chosen; }
    QRectF barRect(int bar) const;
    QString reading(int bar) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void barPressed(int bar);
    void barReached(int bar);  ///< by the keyboard

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    WaterfallLayout layoutNow() const;
    int barAt(const QPointF& position) const;
    void setHovered(int bar);
    void describe();

    WaterfallScene m_scene;
    int m_chosen = -1, m_hovered = -1;
};

/// The same for paper.
class WaterfallFigure : public Figure {
public:
    WaterfallScene scene;
    QString check;

    FigureTable table() const override { return scene.table(); }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;
};

}  // namespace lab
