#include "ui/widgets/heatmap.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QtMath>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/map_painter.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr double zoomStep = 1.25;
constexpr int longBelow = 8;       // px of a cell, at 100 %
constexpr double panShare = 0.25;  ///< of what is seen, for one press of a key

}  // namespace

Heatmap::Heatmap(QWidget* parent) : QWidget(parent), m_symbol(QStringLiteral("a")), m_card(new HoverCard(this)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    describePicture(this, tr("Map"));
    connect(&Theme::instance(), &Theme::changed, this, &Heatmap::arrange);
}

Heatmap::~Heatmap() = default;

void Heatmap::setData(const MapData& data, const ColorScaling& scaling) {
    const bool sameShape = data.rows == m_picture.data().rows && data.columns == m_picture.data().columns;
    m_picture.set(data, scaling);
    if (!sameShape) {
        if (!data.contains(m_selection.row, m_selection.column)) m_selection = {};
        setHover({});
        setHoverLight({});
        m_view = {};
        m_pressed = m_dragging = false;
        arrange();
    }
    if (m_hover.valid()) setHover(m_hover);  // the card shows the new value
    announce();
    update(m_layout.map.toAlignedRect());  // the labels around it stay: their texts take longer than the cells
}

void Heatmap::setTokens(const std::vector<QString>& rows, const std::vector<QString>& columns) {
    if (rows == m_rowTokens && columns == m_columnTokens) return;
    m_rowTokens = rows;
    m_columnTokens = columns;
    arrange();
}

void Heatmap::setCaptions(const QString& rows, const QString& columns) {
    m_rowCaption = rows;
    m_columnCaption = columns;
    arrange();
}

void Heatmap::setSubject(const QString& subject) {
    m_subject = subject;
    announce();
}

void Heatmap::setSymbol(const QString& symbol, std::function<QString(double)> format) {
    m_symbol = symbol;
    m_format = std::move(format);
    announce();
}

QString Heatmap::written(double value) const {
    return m_format ? m_format(value) : fixed(value, 4);
}

void Heatmap::setSelection(MapCell cell) {
    if (!data().contains(cell.row, cell.column)) cell = {};
    if (cell == m_selection) return;
    m_selection = cell;
    announce();
    update();
    if (m_lit != MapLight::Axis::none) emit lightChanged();
}

QRectF Heatmap::cellRect(MapCell cell) const {
    return {m_layout.x(cell.column), m_layout.y(cell.row), m_layout.cell, m_layout.cell};
}

MapCell Heatmap::cellAt(const QPointF& position) const {
    if (!m_layout.map.contains(position) || m_layout.cell <= 0.0) return {};
    const auto along = [&](double offset, int count) { return std::clamp(static_cast<int>(offset / m_layout.cell), 0, count - 1); };
    return {along(position.y() - m_layout.y(0), data().rows), along(position.x() - m_layout.x(0), data().columns)};
}

/// The row or column whose index or token lies there.
MapLight Heatmap::labelAt(const QPointF& position) const {
    const QRectF& map = m_layout.map;
    if (data().empty() || m_layout.cell <= 0.0) return {};
    if (position.x() < map.left() && position.x() >= m_layout.left && position.y() >= map.top() && position.y() < map.bottom())
        return {MapLight::Axis::row, cellAt(QPointF(map.left(), position.y())).row};
    if (position.y() < map.top() && position.x() >= map.left() && position.x() < map.right())
        return {MapLight::Axis::column, cellAt(QPointF(position.x(), map.top())).column};
    return {};
}

QString Heatmap::token(const std::vector<QString>& tokens, int index) const {
    return index < static_cast<int>(tokens.size()) ? QStringLiteral(" \u201C%1\u201D").arg(tokens[static_cast<std::size_t>(index)])
                                                   : QString();
}

QString Heatmap::describe(MapCell cell) const {
    return tr("query %1%2 \u2192 key %3%4")
        .arg(QString::number(cell.row), token(m_rowTokens, cell.row), QString::number(cell.column), token(m_columnTokens, cell.column));
}

void Heatmap::announce() {
    const MapCell cell = shownCell();
    QString value;
    if (data().contains(cell.row, cell.column))
        value = describe(cell) + QStringLiteral(": ") +
                (data().masked(cell.row, cell.column) ? tr("masked") : written(data().value(cell.row, cell.column)));
    if (m_locked) value = tr("%1, locked").arg(value);
    describePicture(this, m_subject.isEmpty() ? tr("Map") : m_subject, value);
}

QSize Heatmap::sizeHint() const {
    const int side = Theme::instance().px(420);
    return {side, side};
}

QSize Heatmap::minimumSizeHint() const {
    const int side = Theme::instance().px(200);
    return {side, side};
}

int Heatmap::heightForWidth(int width) const {
    constexpr int unlimited = 100000;
    const MapLayout wide =
        layoutMap(data(), {m_rowTokens, m_columnTokens, m_rowCaption, m_columnCaption}, QSize(width, unlimited), devicePixelRatioF());
    return qCeil(wide.map.bottom()) + Theme::instance().px(8);
}

void Heatmap::arrange() {
    m_layout = layoutMap(data(), {m_rowTokens, m_columnTokens, m_rowCaption, m_columnCaption}, size(), devicePixelRatioF(), m_view);
    m_view = m_layout.cell > m_layout.wholeCell ? MapView{m_layout.cell, m_layout.origin} : MapView{};
    emit layoutChanged();
    update();
}

void Heatmap::resizeEvent(QResizeEvent*) {
    arrange();
}

void Heatmap::paintEvent(QPaintEvent* event) {
    if (data().empty() || m_layout.cell <= 0.0) return;
    QPainter painter(this);
    const MapCell shown = shownCell();
    if (!m_layout.map.toAlignedRect().contains(event->rect()))
        paintMapLabels(painter, m_layout, data(), {m_rowTokens, m_columnTokens, m_rowCaption, m_columnCaption}, shown);
    m_picture.paintPart(painter, m_layout.map, m_layout.cells());
    paintMapGaps(painter, m_layout, data());
    paintMapNumbers(painter, m_layout, data(), m_picture.scaling());
    paintMapLight(painter, m_layout, light());
    if (shown.valid()) paintMapFrames(painter, m_layout, shown);
    if (!m_selection.valid()) return;
    const double around = Theme::instance().px(8);
    painter.setClipRect(m_layout.map.adjusted(-around, -around, around, around));
    paintMapSelection(painter, cellRect(m_selection), hasFocus() && FocusRing::byKeyboard());
}

void Heatmap::setPooling(Pooling pooling) {
    m_picture.setPooling(pooling);
    update();
}

int Heatmap::cellsPerDot() const {
    return poolingFactor(m_layout.cell * devicePixelRatioF());
}

bool Heatmap::isLong() const {
    return m_layout.wholeCell < Theme::instance().px(longBelow);
}

void Heatmap::zoom(double factor, const QPointF& anchor) {
    if (data().empty() || m_layout.cell <= 0.0) return;
    const QPointF at((anchor.x() - m_layout.x(0)) / m_layout.cell, (anchor.y() - m_layout.y(0)) / m_layout.cell);
    const double dots = devicePixelRatioF();
    double cell = m_layout.cell * factor;
    // Cells of whole dots once they have some, and at least one dot more or less than before.
    if (cell * dots >= 2.0)
        cell = (factor > 1.0 ? std::max(std::round(cell * dots), std::floor(m_layout.cell * dots) + 1.0)
                             : std::min(std::round(cell * dots), std::ceil(m_layout.cell * dots) - 1.0)) /
               dots;
    m_view.cell = std::min(cell, largestCell());
    m_view.origin = at - (anchor - m_layout.map.topLeft()) / m_view.cell;
    arrange();
}

void Heatmap::zoom(double factor) {
    const MapCell cell = shownCell();
    zoom(factor, cell.valid() && m_layout.map.contains(cellRect(cell).center()) ? cellRect(cell).center() : m_layout.map.center());
}

void Heatmap::showAll() {
    m_view = {};
    arrange();
}

void Heatmap::pan(const QPointF& cells) {
    if (m_view.whole()) return;
    m_view.origin += cells;
    arrange();
}

/// Brings a cell into what is looked at.
void Heatmap::reveal(MapCell cell) {
    if (m_view.whole() || !cell.valid()) return;
    const QRectF seen = m_layout.cells();
    const auto outside = [](double from, double to, int at) { return at < from ? at - from : at + 1 > to ? at + 1 - to : 0.0; };
    pan({outside(seen.left(), seen.right(), cell.column), outside(seen.top(), seen.bottom(), cell.row)});
}

void Heatmap::setLocked(bool locked) {
    if (locked == m_locked) return;
    m_locked = locked;
    announce();
    update();
}

MapLight Heatmap::light() const {
    if (m_hoverLight.axis != MapLight::Axis::none) return m_hoverLight;
    if (!m_selection.valid()) return {};
    return {m_lit, m_lit == MapLight::Axis::row ? m_selection.row : m_lit == MapLight::Axis::column ? m_selection.column : 0};
}

void Heatmap::setLit(MapLight::Axis axis) {
    if (axis == m_lit) return;
    m_lit = axis;
    update();
    emit lightChanged();
}

void Heatmap::setHoverLight(const MapLight& light) {
    if (light == m_hoverLight) return;
    m_hoverLight = light;
    update();
    emit lightChanged();
}

void Heatmap::setHover(MapCell cell) {
    const bool moved = cell != m_hover;
    m_hover = cell;
    if (cell.valid()) {
        const QString value = data().masked(cell.row, cell.column)
                                  ? tr("masked")
                                  : m_symbol + QStringLiteral(" = ") + written(data().value(cell.row, cell.column));
        const QString where = QStringLiteral("q %1%2 \u2192 k %3%4")
                                  .arg(QString::number(cell.row), token(m_rowTokens, cell.row), QString::number(cell.column),
                                       token(m_columnTokens, cell.column));
        m_card->showBeside(cellRect(cell), value, where);
    } else {
        m_card->hide();
    }
    if (!moved || m_locked) return;
    announce();
    update();
    emit hovered(cell.row, cell.column);
}

void Heatmap::choose(MapCell cell) {
    reveal(cell);
    if (cell == m_selection) return;
    setSelection(cell);
    emit selected(cell.row, cell.column);
}

void Heatmap::mouseMoveEvent(QMouseEvent* event) {
    if (m_pressed && !m_view.whole() &&
        (m_dragging || (event->position() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance())) {
        if (!m_dragging) setHover({});
        m_dragging = true;
        setCursor(Qt::ClosedHandCursor);
        m_view.origin = m_pressedView.origin - (event->position() - m_pressedAt) / m_layout.cell;
        return arrange();
    }
    setHoverLight(labelAt(event->position()));
    const MapCell cell = cellAt(event->position());
    if (cell != m_hover) setHover(cell);
}

void Heatmap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_pressed = true;
    m_pressedAt = event->position();
    m_pressedView = m_view;
    const MapCell cell = cellAt(event->position());
    const MapLight label = labelAt(event->position());
    if (cell.valid()) {
        if (m_view.whole()) choose(cell);  // else it may be the beginning of a drag
    } else if (label.axis == MapLight::Axis::none) {
        setLit(MapLight::Axis::none);
    } else {
        lightUp(label);
    }
}

void Heatmap::lightUp(const MapLight& label) {
    const MapCell from = m_selection.valid() ? m_selection : MapCell{0, 0};
    const bool row = label.axis == MapLight::Axis::row;
    const MapCell to = row ? MapCell{label.index, from.column} : MapCell{from.row, label.index};
    const bool again = to == m_selection && m_lit == label.axis;
    choose(to);
    setLit(again ? MapLight::Axis::none : label.axis);
}

void Heatmap::pointAt(MapCell cell) {
    setHover(cell);
    m_card->hide();
}

void Heatmap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const MapCell cell = cellAt(event->position());
    if (m_pressed && !m_dragging && !m_view.whole() && cell.valid()) choose(cell);
    if (m_dragging) unsetCursor();
    m_pressed = m_dragging = false;
}

void Heatmap::mouseDoubleClickEvent(QMouseEvent* event) {
    const MapCell cell = cellAt(event->position());
    if (event->button() == Qt::LeftButton && cell.valid()) emit activated(cell.row, cell.column);
}

/// Where every cell is easily seen, the wheel alone belongs to the page.
void Heatmap::wheelEvent(QWheelEvent* event) {
    const int turn = event->angleDelta().y();
    if (turn == 0 || !(isLong() || !m_view.whole() || event->modifiers().testFlag(Qt::ControlModifier))) return event->ignore();
    setHover({});
    zoom(std::pow(zoomStep, turn / 120.0), event->position());
    event->accept();
}

void Heatmap::leaveEvent(QEvent*) {
    setHoverLight({});
    if (m_hover.valid()) setHover({});
}

/// Zooming and looking around.
bool Heatmap::viewKey(QKeyEvent* event) {
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
bool Heatmap::lightKey(QKeyEvent* event) {
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
bool Heatmap::moveKey(int key) {
    MapCell cell = m_selection.valid() ? m_selection : MapCell{0, 0};
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
    if (!m_selection.valid()) cell = {0, 0};
    setHover({});
    choose({std::clamp(cell.row, 0, data().rows - 1), std::clamp(cell.column, 0, data().columns - 1)});
    return true;
}

bool Heatmap::takeKey(QKeyEvent* event) {
    if (data().empty()) return false;
    if (viewKey(event) || lightKey(event) || moveKey(event->key())) return true;
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) return false;
    const MapCell cell = shownCell();
    if (cell.valid()) emit activated(cell.row, cell.column);
    return true;
}

void Heatmap::keyPressEvent(QKeyEvent* event) {
    if (!takeKey(event)) QWidget::keyPressEvent(event);
}

void Heatmap::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void Heatmap::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace lab
