#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <utility>

#include "ui/widgets/focus_ring.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/map/map.h"

// What the hand does with a map.

namespace lab {
namespace {

constexpr double zoomStep = 1.25;
constexpr double panShare = 0.25;  ///< of what is seen, for one press of a key

}  // namespace

/// The row or column whose index or token lies there.
MapLight Map::labelAt(const QPointF& position) const {
    const QRectF& map = m_layout.map;
    if (m_layout.empty()) return {};
    if (position.x() < map.left() && position.x() >= m_layout.left && position.y() >= map.top() && position.y() < map.bottom())
        return {MapLight::Axis::row, cellAt(QPointF(map.left(), position.y())).row};
    if (position.y() < map.top() && position.x() >= map.left() && position.x() < map.right())
        return {MapLight::Axis::column, cellAt(QPointF(position.x(), map.top())).column};
    return {};
}

void Map::zoom(double factor, const QPointF& anchor) {
    if (m_layout.empty()) return;
    const double side = m_layout.cell.width();
    const QPointF at((anchor.x() - m_layout.x(0)) / side, (anchor.y() - m_layout.y(0)) / side);
    const double dots = devicePixelRatioF();
    double cell = side * factor;
    // Cells of whole dots once they have some, and at least one dot more or less than before.
    if (cell * dots >= 2.0)
        cell = (factor > 1.0 ? std::max(std::round(cell * dots), std::floor(side * dots) + 1.0)
                             : std::min(std::round(cell * dots), std::ceil(side * dots) - 1.0)) /
               dots;
    m_view.cell = std::min(cell, largestCell());
    m_view.origin = at - (anchor - m_layout.map.topLeft()) / m_view.cell;
    arrange();
}

void Map::zoom(double factor) {
    const MapCell cell = shownCell();
    zoom(factor, cell.valid() && m_layout.map.contains(cellRect(cell).center()) ? cellRect(cell).center() : m_layout.map.center());
}

void Map::showAll() {
    m_view = {};
    arrange();
}

void Map::pan(const QPointF& cells) {
    if (m_view.whole()) return;
    m_view.origin += cells;
    arrange();
}

/// Brings a cell into what is looked at.
void Map::reveal(MapCell cell) {
    if (m_view.whole() || !cell.valid()) return;
    const QRectF seen = m_layout.cells();
    const auto outside = [](double from, double to, int at) { return at < from ? at - from : at + 1 > to ? at + 1 - to : 0.0; };
    pan({outside(seen.left(), seen.right(), cell.column), outside(seen.top(), seen.bottom(), cell.row)});
}

void Map::setLocked(bool locked) {
    if (locked == m_locked) return;
    m_locked = locked;
    announce();
    update();
}

MapLight Map::light() const {
    if (m_hoverLight.axis != MapLight::Axis::none) return m_hoverLight;
    if (!m_selection.valid()) return {};
    return {m_lit, m_lit == MapLight::Axis::row ? m_selection.row : m_lit == MapLight::Axis::column ? m_selection.column : 0};
}

void Map::setLit(MapLight::Axis axis) {
    if (axis == m_lit) return;
    m_lit = axis;
    update();
    emit lightChanged();
}

void Map::setHoverLight(const MapLight& light) {
    if (light == m_hoverLight) return;
    m_hoverLight = light;
    update();
    emit lightChanged();
}

void Map::setHover(MapCell cell) {
    const bool moved = cell != m_hover;
    m_hover = cell;
    showCard();
    if (!moved || m_locked) return;
    announce();
    update();
    emit hovered(cell.row, cell.column);
}

void Map::showCard() {
    if (!m_card) return;
    if (!m_hover.valid()) return m_card->hide();
    const QString written = m_content.written(m_hover);
    const bool masked = data().masked(m_hover.row, m_hover.column);
    m_card->showBeside(cellRect(m_hover), masked ? written : m_content.quantity + QStringLiteral(" = ") + written,
                       QStringLiteral("q %1%2 \u2192 k %3%4")
                           .arg(QString::number(m_hover.row), quotedName(m_content.rowNames, m_hover.row), QString::number(m_hover.column),
                                quotedName(m_content.columnNames, m_hover.column)));
}

void Map::choose(MapCell cell) {
    reveal(cell);
    if (cell == m_selection) return;
    setSelection(cell);
    emit selected(cell.row, cell.column);
}

void Map::mouseMoveEvent(QMouseEvent* event) {
    if (m_pressed && !m_view.whole() &&
        (m_dragging || (event->position() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance())) {
        if (!m_dragging) setHover({});
        m_dragging = true;
        setCursor(Qt::ClosedHandCursor);
        m_view.origin = m_pressedView.origin - (event->position() - m_pressedAt) / m_layout.cell.width();
        return arrange();
    }
    const MapCell cell = cellAt(event->position());
    if (m_form.isTokens()) setHoverLight(labelAt(event->position()));
    if (&m_form == &MapForm::values() && event->buttons().testFlag(Qt::LeftButton) && cell.valid()) choose(cell);
    if (cell != m_hover) setHover(cell);
}

void Map::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const MapCell cell = cellAt(event->position());
    m_clicked = cell;
    if (!m_form.isTokens()) {
        if (cell.valid()) choose(cell);
        if (cell.valid() && m_form.isTable()) emit activated(cell.row, cell.column);
        return;
    }
    m_pressed = true;
    m_pressedAt = event->position();
    m_pressedView = m_view;
    const MapLight label = labelAt(event->position());
    if (cell.valid()) {
        if (m_view.whole()) choose(cell);  // else it may be the beginning of a drag
    } else if (label.axis == MapLight::Axis::none) {
        setLit(MapLight::Axis::none);
    } else {
        lightUp(label);
    }
}

void Map::lightUp(const MapLight& label) {
    const MapCell from = m_selection.valid() ? m_selection : MapCell{0, 0};
    const bool row = label.axis == MapLight::Axis::row;
    const MapCell to = row ? MapCell{label.index, from.column} : MapCell{from.row, label.index};
    const bool again = to == m_selection && m_lit == label.axis;
    choose(to);
    setLit(again ? MapLight::Axis::none : label.axis);
}

void Map::pointAt(MapCell cell) {
    setHover(cell);
    if (m_card) m_card->hide();
}

void Map::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const MapCell cell = cellAt(event->position());
    if (m_pressed && !m_dragging && !m_view.whole() && cell.valid()) choose(cell);
    if (m_dragging) unsetCursor();
    m_pressed = m_dragging = false;
}

void Map::mouseDoubleClickEvent(QMouseEvent* event) {
    const MapCell cell = cellAt(event->position());
    const bool twiceHere = std::exchange(m_clicked, {}) == cell;  // the first click may have brought the map here
    if (event->button() == Qt::LeftButton && cell.valid() && twiceHere && !m_form.isTable()) emit activated(cell.row, cell.column);
}

/// Where every cell is easily seen, the wheel alone belongs to the page.
void Map::wheelEvent(QWheelEvent* event) {
    const int turn = event->angleDelta().y();
    if (turn == 0 || !m_form.isTokens() || !(isLong() || !m_view.whole() || event->modifiers().testFlag(Qt::ControlModifier)))
        return event->ignore();
    setHover({});
    zoom(std::pow(zoomStep, turn / 120.0), event->position());
    event->accept();
}

void Map::leaveEvent(QEvent*) {
    setHoverLight({});
    if (m_hover.valid()) setHover({});
}

/// Zooming and looking around.
bool Map::viewKey(QKeyEvent* event) {
    const QRectF seen = m_layout.cells();
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    const QPointF across(std::max(1.0, panShare * seen.width()), 0), down(0, std::max(1.0, panShare * seen.height()));
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoom(zoomStep);
            return true;
        case Qt::Key_Minus:
            zoom(1.0 / zoomStep);
            return true;
        case Qt::Key_0:
            showAll();
            return true;
        case Qt::Key_Left:
            if (shift) pan(-across);
            return shift;
        case Qt::Key_Right:
            if (shift) pan(across);
            return shift;
        case Qt::Key_Up:
            if (shift) pan(-down);
            return shift;
        case Qt::Key_Down:
            if (shift) pan(down);
            return shift;
        default:
            return false;
    }
}

/// Lighting up and locking.
bool Map::lightKey(QKeyEvent* event) {
    if (event->modifiers() & ~Qt::KeypadModifier) return false;
    const auto toggle = [this](MapLight::Axis axis) {
        if (!m_selection.valid()) choose({0, 0});
        setLit(m_lit == axis ? MapLight::Axis::none : axis);
    };
    switch (event->key()) {
        case Qt::Key_R:
            toggle(MapLight::Axis::row);
            return true;
        case Qt::Key_C:
            toggle(MapLight::Axis::column);
            return true;
        case Qt::Key_L: {
            const MapCell cell = shownCell();
            if (!m_locked && cell.valid()) choose(cell);
            setLocked(!m_locked && m_selection.valid());
            emit lockChanged(m_locked);
            return true;
        }
        case Qt::Key_Escape:
            if (m_lit == MapLight::Axis::none && !m_locked) return false;
            setLit(MapLight::Axis::none);
            if (m_locked) {
                setLocked(false);
                emit lockChanged(false);
            }
            return true;
        default:
            return false;
    }
}

/// Moves the selected cell.
bool Map::moveKey(int key) {
    MapCell cell{std::max(m_selection.row, 0), std::max(m_selection.column, 0)};
    const int page = std::max(1, static_cast<int>(m_layout.cells().height()) - 1);
    switch (key) {
        case Qt::Key_Left:
            --cell.column;
            break;
        case Qt::Key_Right:
            ++cell.column;
            break;
        case Qt::Key_Up:
            --cell.row;
            break;
        case Qt::Key_Down:
            ++cell.row;
            break;
        case Qt::Key_PageUp:
            cell.row -= page;
            break;
        case Qt::Key_PageDown:
            cell.row += page;
            break;
        case Qt::Key_Home:
            cell.column = 0;
            break;
        case Qt::Key_End:
            cell.column = data().columns - 1;
            break;
        default:
            return false;
    }
    if (m_form.isTokens()) {
        if (!m_selection.valid()) cell = {0, 0};
        setHover({});
    }
    choose({std::clamp(cell.row, 0, data().rows - 1), std::clamp(cell.column, 0, data().columns - 1)});
    return true;
}

bool Map::takeKey(QKeyEvent* event) {
    if (data().empty()) return false;
    const int key = event->key();
    if (m_form.isTokens() && (viewKey(event) || lightKey(event))) return true;
    if ((m_form.isTokens() || (key != Qt::Key_PageUp && key != Qt::Key_PageDown)) && moveKey(key)) return true;
    if ((key != Qt::Key_Return && key != Qt::Key_Enter) || &m_form == &MapForm::values()) return false;
    const MapCell cell = shownCell();
    if (cell.valid()) emit activated(cell.row, cell.column);
    return true;
}

void Map::keyPressEvent(QKeyEvent* event) {
    if (!takeKey(event)) QWidget::keyPressEvent(event);
}

void Map::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    // Whoever comes by the keyboard has a cell in hand.
    if (!m_form.isTokens() && FocusRing::byKeyboard() && !m_selection.valid() && data().contains(0, 0)) choose({0, 0});
    update();
}

void Map::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace lab
