#include "ui/widgets/stage_desk.h"
#include "ui/text/number_words.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {

using explain::CellRef;
using explain::Grid;
using explain::leadColumn;
using explain::masterColumn;

/// A part of the desk that does not scroll.
class StageDesk::Strip : public QWidget {
public:
    using Paint = std::function<void(QPainter&, const QRectF&)>;
    using Press = std::function<void(double)>;
    Strip(QWidget* parent, Paint paint, Press press) : QWidget(parent), m_paint(std::move(paint)), m_press(std::move(press)) {}

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.fillRect(rect(), Theme::instance().color(Role::screen));
        m_paint(painter, rect());
    }
    void mousePressEvent(QMouseEvent* event) override {
        if (m_press) m_press(event->position().x());
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        if (m_press && event->buttons() & Qt::LeftButton) m_press(event->position().x());
    }

private:
    Paint m_paint;
    Press m_press;
};

StageDesk::StageDesk(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    FocusRing::exempt(this);
    m_overview = new Strip(
        this, [this](QPainter& painter, const QRectF& place) { m_scene.paintOverview(painter, place, view()); },
        [this](double x) { horizontalScrollBar()->setValue(m_scene.overviewColumn(m_overview->rect(), x)); });
    m_overview->setToolTip(
        tr("All columns; the frame is what stands below. Weights are bars, the tallest the largest of them. Click or drag to go there."));
    m_legend = new Strip(this, [this](QPainter& painter, const QRectF& place) { m_scene.paintLegend(painter, place, view()); }, {});
    m_editor = named(".number", new QLineEdit(viewport()));
    m_editor->setAccessibleName(tr("Own number"));
    m_editor->setFrame(false);
    m_editor->setAlignment(Qt::AlignRight);
    m_editor->hide();
    m_editor->installEventFilter(this);
    describePicture(this, tr("Desk"));
    whenThemed(this, &StageDesk::layOut);
}

void StageDesk::setStage(const explain::Stage& stage) {
    const bool other = stage.id != m_scene.stage().id;
    if (other) endEditing();
    m_scene.setStage(stage, viewport()->width(), contentsRect().height());
    if (other) {
        horizontalScrollBar()->setValue(0);
        verticalScrollBar()->setValue(0);
    }
    layOut();
    if (!other) return;
    revealLit();
}

/// First and last of the columns that shall be in sight: all that are outlined, if they fit, else the one that weighs most.
std::optional<std::pair<int, int>> StageDesk::litSpan() const {
    for (const Grid& grid : m_scene.stage().grids) {
        if (grid.litColumns.empty()) continue;
        const auto [first, last] = std::minmax_element(grid.litColumns.begin(), grid.litColumns.end());
        if (*last - *first < m_scene.shownColumns()) return std::pair(*first, *last);
        return std::pair(grid.litColumns.front(), grid.litColumns.front());
    }
    return std::nullopt;
}

bool StageDesk::litInSight() const {
    const auto lit = litSpan();
    const int left = horizontalScrollBar()->value();
    return lit && lit->first >= left && lit->second < left + m_scene.shownColumns();
}

void StageDesk::revealLit() {
    const auto lit = litSpan();
    if (!lit || litInSight()) return;
    const int shown = m_scene.shownColumns();
    horizontalScrollBar()->setValue(lit->second < shown ? 0 : std::max(0, (lit->first + lit->second) / 2 - shown / 2));
}

void StageDesk::setOwnNumbers(bool own) {
    if (own == m_own) return;
    m_own = own;
    if (!own) endEditing();
    m_scene.setOwnNumbers(own);
    layOut();
}

void StageDesk::setSelected(const CellRef& cell) {
    if (cell == m_selected) return;
    if (cell != m_edited) endEditing();
    m_selected = cell;
    reveal();
    describe();
    viewport()->update();
    m_overview->update();
    m_legend->update();
}

DeskScene::View StageDesk::view() const {
    DeskScene::View view;
    view.width = viewport()->width();
    view.visibleHeight = viewport()->height();
    view.scrollX = horizontalScrollBar()->value() * m_scene.columnWidth();
    view.scrollY = verticalScrollBar()->value();
    view.selected = m_selected;
    view.hovered = m_hovered;
    view.own = m_own;
    return view;
}

void StageDesk::layOut() {
    if (m_scene.stage().id.empty()) return;
    m_scene.setStage(explain::Stage(m_scene.stage()), viewport()->width(), contentsRect().height());
    // The horizontal bar counts columns, so that none is ever cut.
    horizontalScrollBar()->setRange(0, std::max(0, m_scene.columns() - m_scene.shownColumns()));
    horizontalScrollBar()->setPageStep(m_scene.shownColumns());
    horizontalScrollBar()->setSingleStep(1);
    placeStrips();
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(m_scene.height() - viewport()->height()))));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(Theme::instance().px(23));
    describe();
    viewport()->update();
}

void StageDesk::placeStrips() {
    const int above = static_cast<int>(m_scene.overviewHeight()), below = static_cast<int>(m_scene.legendHeight());
    if (viewportMargins() != QMargins(0, above, 0, below)) setViewportMargins(0, above, 0, below);
    const QRect inside = viewport()->geometry();
    m_overview->setGeometry(inside.left(), inside.top() - above, inside.width(), above);
    m_legend->setGeometry(inside.left(), inside.bottom() + 1, inside.width(), below);
    m_overview->setVisible(above > 0);
    m_legend->setVisible(below > 0);
    m_overview->update();
    m_legend->update();
}

void StageDesk::reveal() {
    const QRectF cell = m_scene.cellRect(m_selected, view());
    if (cell.isNull()) return;
    if (m_selected.column >= 0) {
        const int first = horizontalScrollBar()->value(), shown = m_scene.shownColumns();
        if (m_selected.column < first) horizontalScrollBar()->setValue(m_selected.column);
        if (m_selected.column >= first + shown) horizontalScrollBar()->setValue(m_selected.column - shown + 1);
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
        value = plainFormula(shown(text.left) + QStringLiteral(" = ") + withShownPoint(QString::fromStdString(text.result)));
    }
    describePicture(this, plainFormula(shown(stage.heading)), value);
}

void StageDesk::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::instance().color(Role::screen));
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene.paint(painter, view());
}

void StageDesk::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    const bool inSight = litInSight();
    layOut();
    if (inSight) revealLit();
}

void StageDesk::scrollContentsBy(int, int) {
    commitEditing();
    viewport()->update();
    m_overview->update();
}

void StageDesk::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag && event->buttons() & Qt::LeftButton) return dragTo(event->position());
    const CellRef cell = m_scene.cellAt(event->position(), view()).value_or(CellRef{});
    viewport()->setCursor(cell.stage.empty() ? Qt::ArrowCursor : mayEdit(cell) ? Qt::SizeVerCursor : Qt::PointingHandCursor);
    if (cell == m_hovered) return;
    m_hovered = cell;
    m_legend->update();
    emit hovered(cell);
}

void StageDesk::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    commitEditing();
    const auto cell = m_scene.cellAt(event->position(), view());
    if (!cell) return;
    m_drag = Drag{*cell, event->position(), 0.0, *cell == m_selected};
    m_drag->fader = m_scene.inFader(*cell, event->position(), view());
    if (const Grid* grid = m_scene.stage().find(cell->grid)) m_drag->value = grid->at(cell->row, cell->column);
    setSelected(*cell);
    emit chosen(*cell);
}

void StageDesk::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_drag) return;
    const Drag drag = *std::exchange(m_drag, std::nullopt);
    if (drag.moved || !drag.again) return;
    if (mayEdit(drag.cell))
        startEditing();
    else
        emit activated(drag.cell);
}

/// A fader follows the mouse; any other number changes by a hundredth of its scale for each pixel.
void StageDesk::dragTo(const QPointF& point) {
    if (!mayEdit(m_drag->cell)) return;
    const double up = m_drag->from.y() - point.y();
    if (!m_drag->moved && std::abs(up) < 3.0) return;
    const double value = m_drag->fader ? m_scene.faderValue(m_drag->cell, point.y(), view())
                                       : m_drag->value + up / Theme::instance().px(100) * m_scene.scaleOf(m_drag->cell);
    const bool goesOn = std::exchange(m_drag->moved, true);
    emit edited(m_drag->cell, std::round(value * 1000.0) / 1000.0, goesOn);
}

/// A twentieth of the scale.
void StageDesk::nudge(int direction) {
    const Grid* grid = m_scene.stage().find(m_selected.grid);
    if (!grid || !mayEdit(m_selected)) return;
    double value = grid->at(m_selected.row, m_selected.column) + direction * 0.05 * m_scene.scaleOf(m_selected);
    if (grid->style == explain::GridStyle::faders) value = std::clamp(value, 0.0, 1.0);
    emit edited(m_selected, std::round(value * 1000.0) / 1000.0, false);
}

void StageDesk::startEditing(const QString& text) {
    const Grid* grid = m_scene.stage().find(m_selected.grid);
    if (!grid || !mayEdit(m_selected)) return;
    reveal();
    m_edited = m_selected;
    const QRect cell = m_scene.cellRect(m_selected, view()).toAlignedRect();
    const int wide = std::max(cell.width(), Theme::instance().px(72));
    m_editor->setFont(Theme::instance().font(TextSize::axis));
    m_editor->setGeometry(std::min(cell.right() - wide + 1, viewport()->width() - wide), cell.top(), wide, cell.height());
    m_editor->setStyleSheet(QStringLiteral("padding:0 2px; border:2px solid %1").arg(Theme::instance().color(Role::accent).name()));
    m_editor->setText(text.isEmpty() ? fixed(grid->at(m_selected.row, m_selected.column), 4) : text);
    if (text.isEmpty()) m_editor->selectAll();
    m_editor->show();
    m_editor->setFocus();
}

/// What is no number keeps the field open and says so.
void StageDesk::commitEditing() {
    if (!m_editor->isVisible()) return;
    const std::optional<double> value = typedNumber(m_editor->text());
    constexpr double most = 1e6;
    if (!value || std::abs(*value) > most) {
        m_editor->setStyleSheet(QStringLiteral("padding:0 2px; border:2px solid %1").arg(Theme::instance().color(Role::wrong).name()));
        m_editor->setToolTip(tr("Not a number between \u2212"
                                "1e6 and 1e6: %1")
                                 .arg(m_editor->text()));
        m_editor->setAccessibleDescription(m_editor->toolTip());
        QToolTip::showText(m_editor->mapToGlobal(QPoint(0, m_editor->height() - 8)), m_editor->toolTip(), m_editor);
        return;
    }
    const CellRef cell = m_edited;
    endEditing();
    emit edited(cell, *value, false);
}

void StageDesk::endEditing() {
    if (!m_editor->isVisible()) return;
    m_edited = {};
    const bool hadFocus = m_editor->hasFocus();
    m_editor->setToolTip({});
    QToolTip::hideText();
    m_editor->hide();
    if (hadFocus) setFocus();
}

bool StageDesk::eventFilter(QObject* object, QEvent* event) {
    if (object == m_editor && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) return endEditing(), true;
        if (key == Qt::Key_Return || key == Qt::Key_Enter) return commitEditing(), true;
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Tab) {
            commitEditing();
            if (!m_editor->isVisible()) move(key == Qt::Key_Up ? -1 : key == Qt::Key_Down, key == Qt::Key_Tab);
            return true;
        }
    }
    if (object == m_editor && event->type() == QEvent::FocusOut && m_editor->isVisible()) commitEditing();
    return QAbstractScrollArea::eventFilter(object, event);
}

/// A figure that begins a number goes to the cell, not to the window's shortcuts.
bool StageDesk::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && mayEdit(m_selected)) {
        const QString text = static_cast<QKeyEvent*>(event)->text();
        const auto modifiers = static_cast<QKeyEvent*>(event)->modifiers() & ~Qt::KeypadModifier;
        if (!modifiers && text.size() == 1 && QStringLiteral("0123456789.-").contains(text)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

bool StageDesk::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave && !m_hovered.stage.empty()) {
        m_hovered = {};
        m_legend->update();
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
    if (mayEdit(m_selected)) {
        const bool shift = event->modifiers() & Qt::ShiftModifier;
        if (shift && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) return nudge(event->key() == Qt::Key_Up ? 1 : -1);
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_F2) return startEditing();
        const QString text = event->text();
        if (text.size() == 1 && QStringLiteral("0123456789.-").contains(text)) return startEditing(text);
    }
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
