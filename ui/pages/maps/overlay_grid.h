#pragma once

#include <QWidget>

#include "ui/scenes/attention_overlay.h"

namespace lab {

/// All heads of one query as small pictures: a row a layer, a column a head, and the rollout to that layer as the last. A click, or arrows
/// and Enter, take one into hand.
class OverlayGrid : public QWidget {
    Q_OBJECT

public:
    explicit OverlayGrid(QWidget* parent = nullptr);

    void set(const OverlayScene& scene);
    void setStrength(OverlayStrength strength);
    /// A head of -1: the rollout of the layer.
    void setChosen(int block, int head);
    /// Of the one at this place in the scene's list.
    QRectF pictureRect(std::size_t index) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void chosen(int block, int head);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int columns() const;
    int rows() const;
    double side() const;
    QRectF room(int block, int column) const;
    void paintNames(QPainter& painter) const;
    void describe();

    OverlayScene m_scene;
    OverlayStrength m_strength = OverlayStrength::both;
    int m_block = 0, m_head = 0;
};

}  // namespace lab
