#include "ui/pages/stream/cell_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

void setScroll(QScrollBar* bar, double whole, double room, double step) {
    bar->setRange(0, static_cast<int>(std::ceil(std::max(whole - room, 0.0))));
    bar->setPageStep(std::max(static_cast<int>(room), 1));
    bar->setSingleStep(std::max(static_cast<int>(step), 1));
}

void moveInto(QScrollBar* bar, double from, double to, double least, double most) {
    if (to > most) bar->setValue(bar->value() + static_cast<int>(std::ceil(to - most)));
    if (from < least) bar->setValue(bar->value() - static_cast<int>(std::ceil(least - from)));
}

}  // namespace

/// Where the last column and the last row stand while they are pinned; where they would be anyway once all is scrolled by.
QPointF CellLayout::pins() const {
    return {left + room.width() - cell.width(), top + room.height() - cell.height()};
}

QRectF CellLayout::cellRect(MapCell at) const {
    const bool lastRow = at.row + 1 == rows, lastColumn = at.column + 1 == columns;
    const double x = left + at.column * cell.width() - offset.x(), y = top + at.row * cell.height() + (lastRow ? lastGap : 0) - offset.y();
    return {lastColumn && pinsColumn ? std::min(x, pins().x()) : x, lastRow && pinsRow ? std::min(y, pins().y()) : y, cell.width(),
            cell.height()};
}

QRectF CellLayout::seen(MapCell at) const {
    QRectF all = field();
    const QRectF last = cellRect({rows - 1, columns - 1});
    if (pinsColumn && at.column + 1 < columns) all.setRight(last.left());
    if (pinsRow && at.row + 1 < rows) all.setBottom(last.top() - lastGap);
    return all;
}

MapCell CellLayout::cellAt(const QPointF& position) const {
    if (cell.isEmpty() || rows < 1 || columns < 1 || !field().contains(position)) return {};
    const QPointF inside = position - QPointF(left, top) + offset;
    const QRectF last = cellRect({rows - 1, columns - 1});
    const MapCell found{position.y() >= last.top() ? rows - 1 : static_cast<int>(inside.y() / cell.height()),
                        position.x() >= last.left() ? columns - 1 : static_cast<int>(inside.x() / cell.width())};
    return contains(found) && cellRect(found).contains(position) && seen(found).contains(position) ? found : MapCell();
}

void CellLayout::eachCell(QPainter& painter, const std::function<void(const QRectF& cell, MapCell at)>& paint) const {
    painter.save();
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const QRectF box = cellRect({row, column}), part = seen({row, column});
            if (!box.intersects(part)) continue;
            painter.setClipRect(part);
            paint(box, {row, column});
        }
    painter.restore();
}

void CellLayout::eachColumn(QPainter& painter, double height, const std::function<void(const QRectF& cell, int column)>& paint) const {
    painter.save();
    for (int column = 0; column < columns; ++column) {
        const QRectF box = cellRect({0, column}), part = seen({0, column});
        if (box.right() <= part.left() || box.left() >= part.right()) continue;
        painter.setClipRect(QRectF(part.left(), 0, part.width(), height));
        paint(box, column);
    }
    painter.restore();
}

void CellLayout::eachRow(QPainter& painter, const std::function<void(const QRectF& cell, int row)>& paint) const {
    painter.save();
    for (int row = 0; row < rows; ++row) {
        const QRectF box = cellRect({row, 0}), part = seen({row, 0});
        if (box.bottom() <= part.top() || box.top() >= part.bottom()) continue;
        painter.setClipRect(QRectF(0, part.top(), left, part.height()));
        paint(box, row);
    }
    painter.restore();
}

void CellLayout::paintPins(QPainter& painter) const {
    const QColor ink = Theme::instance().color(Role::text);
    const QRectF last = cellRect({rows - 1, columns - 1}), all = field();
    const bool covers = pinsColumn && columns > 1 && last.left() < cellRect({0, columns - 2}).right() - 1;
    if (covers) drawHairline(painter, {last.left() - 1, 0}, {last.left() - 1, all.bottom()}, ink);
    if (rows < 2 || lastGap <= 0) return;
    const double y = last.top() - lastGap / 2 - 0.5;
    if (y < all.bottom()) drawHairline(painter, {left, y}, {all.right(), y}, ink);
}

void CellLayout::paintHand(QPainter& painter, MapCell chosen, MapCell hovered) const {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setBrush(Qt::NoBrush);
    if (contains(chosen)) {
        const QRectF box = cellRect(chosen).adjusted(0, 0, -1, -1), part = seen(chosen);
        const QSizeF all = whole();
        painter.setPen(QPen(theme.color(Role::text), 1, Qt::DashLine));
        painter.setClipRect(QRectF(part.left(), top, part.width(), room.height()).adjusted(-1, -1, 1, 1));
        painter.drawRect(QRectF(box.left() - 0.5, top - offset.y() - 0.5, box.width() + 0.5, all.height()));
        painter.setClipRect(QRectF(left, part.top(), room.width(), part.height()).adjusted(-1, -1, 1, 1));
        painter.drawRect(QRectF(left - offset.x() - 0.5, box.top() - 0.5, all.width(), box.height() + 0.5));
        painter.setClipRect(part.adjusted(-1, -1, 1, 1));
        drawFrame(painter, box.adjusted(-1, -1, 1, 1), 0, theme.color(Role::fill), Qt::transparent, theme.px(3));
        drawFrame(painter, box.adjusted(2, 2, -2, -2), 0, theme.color(Role::onFill));
    }
    if (contains(hovered) && hovered != chosen) {
        painter.setClipRect(seen(hovered));
        painter.setPen(QPen(theme.color(Role::text), theme.px(2)));
        painter.drawRect(cellRect(hovered).adjusted(1, 1, -2, -2));
    }
    painter.restore();
}

CellMap::CellMap(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAutoFillBackground(false);
    viewport()->setMouseTracking(true);
    whenThemed(this, &CellMap::arrange);
}

void CellMap::setChosen(MapCell cell) {
    if (cell == m_chosen) return;
    m_chosen = cell;
    reveal();
    describe();
    viewport()->update();
}

void CellMap::arrange() {
    const QSizeF room(viewport()->size());
    CellLayout& layout = layOut(room);
    const QSizeF whole = layout.whole();
    setScroll(horizontalScrollBar(), whole.width(), layout.room.width(), layout.cell.width());
    setScroll(verticalScrollBar(), whole.height(), layout.room.height(), layout.cell.height());
    m_laid = &layout;
    scrollContentsBy(0, 0);
}

void CellMap::reveal() {
    const CellLayout& layout = layoutNow();
    if (!layout.contains(m_chosen)) return;
    const QRectF cell = layout.cellRect(m_chosen), room = layout.seen(m_chosen);
    moveInto(horizontalScrollBar(), cell.left(), cell.right(), room.left(), room.right());
    moveInto(verticalScrollBar(), cell.top(), cell.bottom(), room.top(), room.bottom());
}

void CellMap::choose(MapCell cell) {
    if (!canTake(cell)) return;
    setChosen(cell);
    emit chosenByHand(cell.row, cell.column);
}

void CellMap::setHovered(MapCell cell) {
    if (cell == m_hovered) return;
    m_hovered = cell;
    viewport()->update();
    emit hoverChanged();
}

bool CellMap::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) setHovered({});
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const QString said = tipAt(help->pos());
    if (said.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), said, this);
    return true;
}

void CellMap::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    paintAll(painter);
}

void CellMap::resizeEvent(QResizeEvent*) {
    arrange();
    reveal();
}

void CellMap::scrollContentsBy(int, int) {
    if (!m_laid) return;
    m_laid->offset = QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
    scrolled();
    viewport()->update();
}

void CellMap::mouseMoveEvent(QMouseEvent* event) {
    setHovered(layoutNow().cellAt(event->position()));
}

void CellMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const MapCell cell = layoutNow().cellAt(event->position());
    if (cell.valid())
        choose(cell);
    else
        pressBeside(event->position());
}

void CellMap::mouseDoubleClickEvent(QMouseEvent* event) {
    const MapCell cell = layoutNow().cellAt(event->position());
    if (canTake(cell)) emit activated(cell.row, cell.column);
}

void CellMap::keyPressEvent(QKeyEvent* event) {
    if (layoutNow().rows < 1 && layoutNow().columns < 1) return QAbstractScrollArea::keyPressEvent(event);
    MapCell to = m_chosen.valid() ? m_chosen : MapCell{0, 0};
    switch (event->key()) {
        case Qt::Key_Left:
            --to.column;
            break;
        case Qt::Key_Right:
            ++to.column;
            break;
        case Qt::Key_Up:
            --to.row;
            break;
        case Qt::Key_Down:
            ++to.row;
            break;
        case Qt::Key_Home:
            to.column = 0;
            break;
        case Qt::Key_End:
            to.column = layoutNow().columns - 1;
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (canTake(m_chosen)) emit activated(m_chosen.row, m_chosen.column);
            return;
        default:
            if (!takeKey(event->key())) QAbstractScrollArea::keyPressEvent(event);
            return;
    }
    choose(to);
}

}  // namespace lab
