#pragma once

#include <QAbstractScrollArea>

#include "ui/pages/stream/lens_picture.h"

namespace lab {

/// A lens as cells: the mouse reads them, a click takes one in hand; arrows, Home and End move it, Enter activates. More than there is room
/// for is scrolled under the names of rows and columns.
class LensMap : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit LensMap(QWidget* parent = nullptr);

    void setScene(const LensScene& scene);
    const LensScene& scene() const { return m_scene; }
    /// Without a signal.
    void setChosen(MapCell cell);
    MapCell chosen() const { return m_chosen; }
    MapCell hovered() const { return m_hovered; }
    QRectF cellRect(MapCell cell) const { return m_layout.cellRect(m_scene, cell); }  ///< in the viewport
    /// The ten likeliest of the cell, and what is read there.
    QString tip(MapCell cell) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void chosenByHand(int row, int column);
    void hoverChanged(int row, int column);  ///< -1, -1: the mouse has left
    void activated(int row, int column);

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void arrange();
    void choose(MapCell cell);
    void reveal();
    void setHovered(MapCell cell);
    void describe();

    LensScene m_scene;
    LensLayout m_layout;
    MapCell m_chosen, m_hovered;
};

}  // namespace lab
