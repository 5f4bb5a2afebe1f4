#pragma once

#include <QAbstractScrollArea>
#include <functional>

#include "ui/widgets/map/map_layout.h"

class QPainter;

namespace lab {

/// Where the cells of a map lie under the names of its rows and columns, in device-independent px. Names keep their place while cells are
/// scrolled, and so do a last row and a last column that are pinned.
struct CellLayout {
    int rows = 0, columns = 0;
    double left = 0, top = 0;  ///< of the cells' room
    QSizeF cell, room;
    QPointF offset;      ///< of the first cell that is looked at
    double lastGap = 0;  ///< before the last row
    bool pinsRow = false, pinsColumn = false;

    QRectF field() const { return {QPointF(left, top), room}; }
    QSizeF whole() const { return {cell.width() * columns, cell.height() * rows + lastGap}; }
    bool contains(MapCell at) const { return at.row >= 0 && at.row < rows && at.column >= 0 && at.column < columns; }
    QRectF cellRect(MapCell at) const;
    /// The part of the field in which a cell is seen: pinned ones cover the others.
    QRectF seen(MapCell at) const;
    MapCell cellAt(const QPointF& position) const;

    /// Those that are seen at all, each clipped to where it is.
    void eachCell(QPainter& painter, const std::function<void(const QRectF& cell, MapCell at)>& paint) const;
    /// `cell`: of row 0, so far as its left and width go; clipped to between 0 and `height`.
    void eachColumn(QPainter& painter, double height, const std::function<void(const QRectF& cell, int column)>& paint) const;
    /// `cell`: of column 0, so far as its top and height go; clipped to left of the cells.
    void eachRow(QPainter& painter, const std::function<void(const QRectF& cell, int row)>& paint) const;
    /// Lines before a pinned row and column that cover others.
    void paintPins(QPainter& painter) const;
    /// Row, column and frame of the cell in hand; the frame of the one below the mouse, if it is another.
    void paintHand(QPainter& painter, MapCell chosen, MapCell hovered) const;

private:
    QPointF pins() const;
};

/// A map as cells: the mouse reads them, a click takes one in hand; arrows, Home and End move it, Enter or a double click activates. More
/// than there is room for is scrolled. What stands in the cells is said by those who derive.
class CellMap : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// Without a signal.
    void setChosen(MapCell cell);
    MapCell chosen() const { return m_chosen; }
    MapCell hovered() const { return m_hovered; }
    QRectF cellRect(MapCell cell) const { return layoutNow().cellRect(cell); }  ///< in the viewport

signals:
    void chosenByHand(int row, int column);
    void hoverChanged();
    void activated(int row, int column);

protected:
    explicit CellMap(QWidget* parent);

    virtual const CellLayout& layoutNow() const = 0;
    /// Lays the cells out anew; their offset is set afterwards.
    virtual CellLayout& layOut(const QSizeF& room) = 0;
    virtual void paintAll(QPainter& painter) = 0;
    virtual bool canTake(MapCell cell) const { return layoutNow().contains(cell); }
    /// Below the mouse; empty: nothing.
    virtual QString tipAt(const QPointF& at) const = 0;
    virtual void describe() = 0;
    /// A click beside the cells.
    virtual void pressBeside(const QPointF&) {}
    /// Another key; false: not mine.
    virtual bool takeKey(int /*key*/) { return false; }
    virtual void scrolled() {}

    void arrange();

    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void choose(MapCell cell);
    void reveal();
    void setHovered(MapCell cell);

    CellLayout* m_laid = nullptr;
    MapCell m_chosen, m_hovered;
};

}  // namespace lab
