#include "ui/widgets/map/map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <QtMath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/map/map_painter.h"

namespace lab {
namespace {

constexpr int longBelow = 8;  // px of a cell, at 100 %
constexpr int mapBelow = 8;   // the same
constexpr int tipOverlap = 12;

std::function<QString(double)> plainFormat(const MapForm& form) {
    const int decimals = form.isTokens() ? 4 : 3;
    return [decimals](double value) { return fixed(value, decimals); };
}

}  // namespace

Map::Map(const MapForm& form, const QString& subject, QWidget* parent)
    : QWidget(parent), m_form(form), m_subject(subject), m_card(form.isTokens() ? new HoverCard(this) : nullptr) {
    m_content.format = plainFormat(form);
    if (form.isTokens()) m_content.quantity = QStringLiteral("a");
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    announce();
    whenThemed(this, &Map::arrange);
}

Map::Map(QWidget* parent) : Map(MapForm::tokens(), QString(), parent) {}

Map::~Map() = default;

void Map::setData(const MapData& data, const ColorScaling& scaling) {
    const bool sameShape = data.rows == m_content.data().rows && data.columns == m_content.data().columns;
    m_content.picture.set(data, scaling);
    if (!sameShape) takeShape();
    if (!m_form.isTokens()) {
        if (&m_form == &MapForm::values()) setFocusPolicy(data.empty() ? Qt::NoFocus : Qt::StrongFocus);
        announce();
        return update();
    }
    if (m_hover.valid()) setHover(m_hover);  // the card shows the new value
    announce();
    update(m_layout.map.toAlignedRect());  // the labels around it stay: their texts take longer than the cells
}

/// Other rows or columns than before.
void Map::takeShape() {
    const MapData& cells = data();
    if (m_form.isTable())
        m_selection = {std::clamp(m_selection.row, 0, std::max(cells.rows - 1, 0)),
                       std::clamp(m_selection.column, 0, std::max(cells.columns - 1, 0))};
    else if (m_selection.row >= cells.rows || m_selection.column >= cells.columns)
        m_selection = {};
    setHover({});
    setHoverLight({});
    m_view = {};
    m_pressed = m_dragging = false;
    arrange();
}

void Map::setEmptyText(const QString& text) {
    m_emptyText = text;
    announce();
    update();
}

void Map::setPictures(const std::vector<QImage>& rows, const std::vector<QImage>& columns) {
    if (rows == m_content.rowPictures && columns == m_content.columnPictures) return;
    m_content.rowPictures = rows;
    m_content.columnPictures = columns;
    arrange();
    update();
}

void Map::setMuted(const std::vector<int>& rows, const std::vector<int>& columns) {
    if (rows == m_content.mutedRows && columns == m_content.mutedColumns) return;
    m_content.mutedRows = rows;
    m_content.mutedColumns = columns;
    arrange();
    update();
}

void Map::setNames(const std::vector<QString>& rows, const std::vector<QString>& columns) {
    if (rows == m_content.rowNames && columns == m_content.columnNames) return;
    m_content.rowNames = rows;
    m_content.columnNames = columns;
    announce();
    arrange();
}

void Map::setBorders(const std::vector<int>& borders, std::function<bool(MapCell)> marked) {
    const bool same = borders == m_content.borders && !marked == !m_content.marked;
    m_content.borders = borders;
    m_content.marked = std::move(marked);
    if (!same) update();
}

void Map::setAxes(const QString& rows, const QString& columns) {
    m_content.rows = rows;
    m_content.columns = columns;
    announce();
    arrange();
}

void Map::setSubject(const QString& subject) {
    m_subject = subject;
    announce();
}

void Map::setQuantity(const QString& quantity, std::function<QString(double)> format) {
    m_content.quantity = quantity;
    m_content.format = format ? std::move(format) : plainFormat(m_form);
    announce();
    if (!m_form.isTokens()) update();
}

void Map::setHiddenName(const QString& name) {
    m_content.hiddenName = name;
    m_content.picture.setHatched(name.isEmpty());
    update();
}

void Map::setSquare(bool square) {
    m_content.square = square;
    arrange();
}

void Map::setContent(const MapContent& content, std::function<QString(MapCell)> readings) {
    m_content = content;
    if (!m_content.format) m_content.format = plainFormat(m_form);
    m_readings = std::move(readings);
    takeShape();
    announce();
}

void Map::setSelection(MapCell cell) {
    if (m_form.isTokens() && !data().contains(cell.row, cell.column)) cell = {};
    if (cell == m_selection) return;
    m_selection = cell;
    announce();
    update();
    if (m_lit != MapLight::Axis::none) emit lightChanged();
}

QString Map::reading(MapCell cell) const {
    return m_readings ? m_readings(cell) : m_form.reading(m_content, cell);
}

void Map::announce() {
    const MapCell cell = m_form.isTokens() ? shownCell() : m_selection;
    QString value = data().contains(cell.row, cell.column) ? reading(cell) : data().empty() ? m_emptyText : QString();
    if (m_locked) value = tr("%1, locked").arg(value);
    describePicture(this, m_subject.isEmpty() ? tr("Map") : m_subject, value);
}

int Map::heightForWidth(int width) const {
    if (!m_form.isTokens()) return QWidget::heightForWidth(width);
    constexpr int unlimited = 100000;
    const MapLayout wide = m_form.layout(m_content, {QSizeF(width, unlimited), devicePixelRatioF()});
    return qCeil(wide.map.bottom()) + Theme::instance().px(mapBelow);
}

void Map::arrange() {
    m_layout = m_form.layout(m_content, {size(), devicePixelRatioF(), m_view});
    m_view = m_layout.cell.width() > m_layout.wholeCell && m_form.isTokens() ? MapView{m_layout.cell.width(), m_layout.origin} : MapView{};
    if (m_form.isTable()) updateGeometry();
    emit layoutChanged();
    update();
}

void Map::resizeEvent(QResizeEvent*) {
    arrange();
}

MapMarks Map::marks() const {
    return {shownCell(), m_hover, m_selection, light(), hasFocus() && FocusRing::byKeyboard()};
}

void Map::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    if (data().empty()) {
        if (&m_form == &MapForm::values()) painter.fillRect(rect(), Theme::instance().color(Role::screen));
        return paintEmpty(painter, rect(), m_emptyText);
    }
    if (m_form.isTokens() && m_layout.map.toAlignedRect().contains(event->rect()))
        paintMapInside(painter, m_form, m_content, m_layout, marks());
    else
        paintMap(painter, m_form, m_content, m_layout, marks());
}

void Map::setPooling(Pooling pooling) {
    m_content.picture.setPooling(pooling);
    update();
}

int Map::cellsPerDot() const {
    return poolingFactor(m_layout.cell.width() * devicePixelRatioF());
}

bool Map::isLong() const {
    return m_layout.wholeCell < Theme::instance().px(longBelow);
}

/// 0 shows all of the map that has the keyboard, and no page.
bool Map::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && m_form.isTokens() && !data().empty()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_0 && !(key->modifiers() & ~Qt::KeypadModifier)) {
            event->accept();
            return true;
        }
    }
    if (event->type() != QEvent::ToolTip || m_tip.isEmpty()) return QWidget::event(event);
    showTip(static_cast<QHelpEvent*>(event)->pos());
    return true;
}

/// Below and right of the cell: its row and its column stay in sight.
void Map::showTip(const QPoint& at) {
    const MapCell cell = cellAt(at);
    if (!cell.valid()) return QToolTip::hideText();
    QToolTip::showText(mapToGlobal(cellRect(cell).bottomRight().toPoint()) - QPoint(0, Theme::instance().px(tipOverlap)),
                       QStringLiteral("<p>%1</p><p>%2</p>").arg(reading(cell).toHtmlEscaped(), m_tip), this);
}

MapData mapOf(std::vector<float> values, int rows, int columns) {
    auto owner = std::make_shared<std::vector<float>>(std::move(values));
    MapData data;
    data.rows = rows;
    data.columns = columns;
    data.values = std::shared_ptr<const float>(owner, owner->data());
    return data;
}

ColorScaling balancedScaling(const MapData& data) {
    float largest = 0;
    for (int i = 0; i < data.rows; ++i)
        for (int j = 0; j < data.columns; ++j)
            if (std::isfinite(data.value(i, j))) largest = std::max(largest, std::abs(data.value(i, j)));
    const double bound = largest > 0 ? static_cast<double>(largest) : 1.0;
    return {ColorMap::Kind::balance, -bound, bound};
}

ColorScaling scalingFromZero(const MapData& data) {
    ColorScaling scaling = balancedScaling(data);
    for (int i = 0; i < data.rows; ++i)
        for (int j = 0; j < data.columns; ++j)
            if (data.value(i, j) < 0) return scaling;
    return {ColorMap::Kind::trace, 0, scaling.high};
}

}  // namespace lab
