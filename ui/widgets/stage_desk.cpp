#include "ui/widgets/stage_desk.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"

namespace lab {

using explain::CellRef;
using explain::Grid;
using explain::leadColumn;
using explain::masterColumn;

StageDesk::StageDesk(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    FocusRing::exempt(this);
    describePicture(this, tr("Desk"));
    connect(&Theme::instance(), &Theme::changed, this, &StageDesk::layOut);
}

void StageDesk::setStage(const explain::Stage& stage) {
    const bool other = stage.id != m_scene.stage().id;
    m_scene.setStage(stage, viewport()->width());
    if (other) {
        horizontalScrollBar()->setValue(0);
        verticalScrollBar()->setValue(0);
    }
    layOut();
    if (!other) return;
    for (const Grid& grid : m_scene.stage().grids)
        if (!grid.litColumns.empty()) {
            const double left = m_scene.columnWidth() * *std::min_element(grid.litColumns.begin(), grid.litColumns.end());
            const double room = viewport()->width() - m_scene.leftWidth() - m_scene.rightWidth();
            if (left > room - m_scene.columnWidth() * 3) horizontalScrollBar()->setValue(static_cast<int>(left - room / 2));
            break;
        }
}

void StageDesk::setSelected(const CellRef& cell) {
    if (cell == m_selected) return;
    m_selected = cell;
    reveal();
    describe();
    viewport()->update();
}

DeskScene::View StageDesk::view() const {
    DeskScene::View view;
    view.width = viewport()->width();
    view.visibleHeight = viewport()->height();
    view.scrollX = horizontalScrollBar()->value();
    view.scrollY = verticalScrollBar()->value();
    view.selected = m_selected;
    view.hovered = m_hovered;
    return view;
}

void StageDesk::layOut() {
    if (m_scene.stage().id.empty()) return;
    m_scene.setStage(explain::Stage(m_scene.stage()), viewport()->width());
    const double room = viewport()->width() - m_scene.leftWidth() - m_scene.rightWidth();
    horizontalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(m_scene.columnsWidth() - room))));
    horizontalScrollBar()->setPageStep(std::max(1, static_cast<int>(room)));
    horizontalScrollBar()->setSingleStep(static_cast<int>(m_scene.columnWidth()));
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(m_scene.height() - viewport()->height()))));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(Theme::instance().px(23));
    describe();
    viewport()->update();
}

void StageDesk::reveal() {
    const QRectF cell = m_scene.cellRect(m_selected, view());
    if (cell.isNull()) return;
    const double left = m_scene.leftWidth(), right = viewport()->width() - m_scene.rightWidth();
    if (m_selected.column >= 0) {
        if (cell.left() < left) horizontalScrollBar()->setValue(horizontalScrollBar()->value() - static_cast<int>(left - cell.left()));
        if (cell.right() > right)
            horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(std::ceil(cell.right() - right)));
    }
    const double margin = Theme::instance().px(40);
    if (cell.top() < margin) verticalScrollBar()->setValue(verticalScrollBar()->value() - static_cast<int>(margin - cell.top()));
    if (cell.bottom() > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                      static_cast<int>(std::ceil(cell.bottom() + margin / 2 - viewport()->height())));
}

void StageDesk::describe() {
    const explain::Stage& stage = m_scene.stage();
    QString value;
    const Grid* grid = stage.find(m_selected.grid);
    if (grid && m_selected.stage == stage.id && m_selected.row < grid->rows && m_selected.column < grid->columns) {
        const explain::ExpressionText text = explain::expressionText(grid->explain(m_selected.row, m_selected.column), 3);
        value = plainFormula(QString::fromStdString(text.left + " = " + text.result));
    }
    describePicture(this, QString::fromStdString(stage.heading), value);
}

void StageDesk::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::instance().color(Role::screen));
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene.paint(painter, view());
}

void StageDesk::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void StageDesk::scrollContentsBy(int, int) {
    viewport()->update();
}

void StageDesk::mouseMoveEvent(QMouseEvent* event) {
    const CellRef cell = m_scene.cellAt(event->position(), view()).value_or(CellRef{});
    viewport()->setCursor(cell.stage.empty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
    if (cell == m_hovered) return;
    m_hovered = cell;
    emit hovered(cell);
}

void StageDesk::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const auto cell = m_scene.cellAt(event->position(), view());
    if (!cell) return;
    const bool again = *cell == m_selected;
    setSelected(*cell);
    emit chosen(*cell);
    if (again) emit activated(*cell);
}

bool StageDesk::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave && !m_hovered.stage.empty()) {
        m_hovered = {};
        emit hovered({});
    }
    return QAbstractScrollArea::viewportEvent(event);
}

/// One cell on; leads and results are the first and the last column, grids follow one another.
void StageDesk::move(int rows, int columns) {
    const auto& grids = m_scene.stage().grids;
    const auto at = std::find_if(grids.begin(), grids.end(), [&](const Grid& grid) { return grid.id == m_selected.grid; });
    if (at == grids.end()) return;
    const auto position = [](const Grid& grid, int column) { return column == masterColumn ? grid.columns : column; };
    CellRef next = m_selected;
    if (columns != 0) {
        const int least = at->lead.empty() ? 0 : -1, most = at->master.empty() ? at->columns - 1 : at->columns;
        const int present = next.column == leadColumn ? -1 : position(*at, next.column);
        const int now = std::clamp(present + columns, least, most);
        next.column = now < 0 ? leadColumn : now == at->columns ? masterColumn : now;
    }
    next.row += rows;
    auto grid = at;
    if (next.row < 0 && grid != grids.begin()) next.row = (--grid)->rows - 1;
    if (next.row >= grid->rows && grid + 1 != grids.end()) ++grid, next.row = 0;
    next.grid = grid->id;
    next.row = std::clamp(next.row, 0, grid->rows - 1);
    if (next.column >= grid->columns) next.column = grid->columns - 1;
    if (std::isnan(grid->at(next.row, next.column))) {
        if (next.column >= 0 || grid->columns == 0) return;
        next.column = next.column == masterColumn ? grid->columns - 1 : 0;
        if (std::isnan(grid->at(next.row, next.column))) return;
    }
    setSelected(next);
    emit chosen(next);
}

void StageDesk::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return move(0, -1);
        case Qt::Key_Right:
            return move(0, 1);
        case Qt::Key_Up:
            return move(-1, 0);
        case Qt::Key_Down:
            return move(1, 0);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            emit activated(m_selected);
            return;
        default:
            event->ignore();
    }
}

}  // namespace lab
