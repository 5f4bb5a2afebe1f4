#include "ui/widgets/value_map.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map_figure.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int leftRoom = 34;
constexpr int topRoom = 34;  // axis name and indices
constexpr int rightRoom = 10;
constexpr int scaleRoom = 46;  // bar, ticks and read-out
constexpr int barHeight = 8;
constexpr int labelRoom = 22;

int labelStep(double cell, double room) {
    int step = 1;
    for (const int next : {2, 4, 8, 16, 32, 64, 128, 256, 512})
        if (cell * step < room) step = next;
    return step;
}

}  // namespace

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

ValueMap::ValueMap(const QString& name, QWidget* parent)
    : QWidget(parent), m_name(name), m_format([](double value) { return fixed(value, 3); }) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    FocusRing::exempt(this);
    describe();
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

void ValueMap::setData(const MapData& data, const ColorScaling& scaling) {
    m_picture.set(data, scaling);
    if (!data.contains(m_hover.row, m_hover.column)) m_hover = {};
    if (m_selection.row >= data.rows || m_selection.column >= data.columns) m_selection = {};
    setFocusPolicy(data.empty() ? Qt::NoFocus : Qt::StrongFocus);
    describe();
}

void ValueMap::setEmptyText(const QString& text) {
    m_emptyText = text;
    describe();
}

void ValueMap::setAxes(const QString& rows, const QString& columns) {
    m_rows = rows;
    m_columns = columns;
    describe();
}

void ValueMap::setQuantity(const QString& quantity, std::function<QString(double)> format) {
    m_quantity = quantity;
    m_format = std::move(format);
    describe();
}

void ValueMap::setSquare(bool square) {
    m_square = square;
    update();
}

void ValueMap::setSelection(MapCell cell) {
    if (cell == m_selection) return;
    m_selection = cell;
    describe();
}

void ValueMap::copy(const ValueMap& other) {
    m_rows = other.m_rows;
    m_columns = other.m_columns;
    m_rowNames = other.m_rowNames;
    m_columnNames = other.m_columnNames;
    m_quantity = other.m_quantity;
    m_format = other.m_format;
    m_square = other.m_square;
    m_picture.set(other.m_picture.data(), other.m_picture.scaling());
    m_forPaper = true;
}

void ValueMap::setNames(std::vector<QString> rows, std::vector<QString> columns) {
    m_rowNames = std::move(rows);
    m_columnNames = std::move(columns);
    describe();
}

/// "5 “9”", or the index alone.
QString ValueMap::indexText(const std::vector<QString>& names, int index) const {
    const QString number = QString::number(index);
    const auto i = static_cast<std::size_t>(index);
    return i < names.size() ? tr("%1 \u201C%2\u201D").arg(number, names[i]) : number;
}

QString ValueMap::reading(MapCell cell) const {
    if (!data().contains(cell.row, cell.column)) return {};
    const QString value =
        data().masked(cell.row, cell.column) ? tr("masked") : m_format(static_cast<double>(data().value(cell.row, cell.column)));
    return tr("%1 %2, %3 %4: %5").arg(m_rows, indexText(m_rowNames, cell.row), m_columns, indexText(m_columnNames, cell.column), value);
}

void ValueMap::describe() {
    describePicture(this, m_name, data().empty() ? m_emptyText : reading(m_selection));
    update();
}

QSize ValueMap::sizeHint() const {
    return {Theme::instance().px(320), Theme::instance().px(260)};
}
QSize ValueMap::minimumSizeHint() const {
    return {Theme::instance().px(170), Theme::instance().px(140)};
}

QRectF ValueMap::mapRect() const {
    const Theme& theme = Theme::instance();
    QRectF room(theme.px(leftRoom), theme.px(topRoom), width() - theme.px(leftRoom + rightRoom), height() - theme.px(topRoom + scaleRoom));
    if (data().empty() || room.width() < 4 || room.height() < 4) return QRectF(room.topLeft(), QSizeF(4, 4));
    double w = room.width() / data().columns, h = room.height() / data().rows;
    if (m_square) w = h = std::min(w, h);
    // Whole pixels while they give away little.
    if (w >= 4) w = std::floor(w);
    if (h >= 4) h = std::floor(h);
    const double spare = m_square ? std::floor(std::max(0.0, room.width() - w * data().columns) / 2) : 0;
    return QRectF(room.left() + spare, room.top(), w * data().columns, h * data().rows);
}

QRectF ValueMap::cellRect(MapCell cell) const {
    const QRectF map = mapRect();
    const double w = map.width() / std::max(data().columns, 1), h = map.height() / std::max(data().rows, 1);
    if (cell.column < 0) return QRectF(map.left(), map.top() + cell.row * h, map.width(), h);
    return QRectF(map.left() + cell.column * w, map.top() + cell.row * h, w, h);
}

MapCell ValueMap::cellAt(const QPointF& at) const {
    const QRectF map = mapRect();
    if (data().empty() || !map.contains(at)) return {};
    return {std::min(static_cast<int>((at.y() - map.top()) / map.height() * data().rows), data().rows - 1),
            std::min(static_cast<int>((at.x() - map.left()) / map.width() * data().columns), data().columns - 1)};
}

void ValueMap::mouseMoveEvent(QMouseEvent* event) {
    const MapCell cell = cellAt(event->position());
    if (event->buttons().testFlag(Qt::LeftButton) && cell.valid()) choose(cell);
    if (cell == m_hover) return;
    m_hover = cell;
    update();
}

void ValueMap::mousePressEvent(QMouseEvent* event) {
    if (const MapCell cell = cellAt(event->position()); cell.valid() && event->button() == Qt::LeftButton) choose(cell);
}

void ValueMap::leaveEvent(QEvent*) {
    m_hover = {};
    update();
}

/// Whoever comes by the keyboard has a cell in hand.
void ValueMap::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (FocusRing::byKeyboard() && !m_selection.valid() && data().contains(0, 0)) choose({0, 0});
}

void ValueMap::choose(MapCell cell) {
    if (cell == m_selection) return;
    m_selection = cell;
    describe();
    emit selected(cell.row, cell.column);
}

void ValueMap::keyPressEvent(QKeyEvent* event) {
    MapCell cell{std::max(m_selection.row, 0), std::max(m_selection.column, 0)};
    switch (event->key()) {
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
        case Qt::Key_Home:
            cell.column = 0;
            break;
        case Qt::Key_End:
            cell.column = data().columns - 1;
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    if (data().contains(cell.row, cell.column)) choose(cell);
}

void ValueMap::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    if (data().empty()) {
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(rect().adjusted(theme.px(24), 0, -theme.px(24), 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const QRectF map = mapRect();
    if (m_forPaper)
        paintCells(painter, map, data(), m_picture.scaling());
    else
        m_picture.paint(painter, map);
    drawFrame(painter, map.adjusted(-1, -1, 1, 1), 0, theme.color(Role::hairline));
    paintIndices(painter);
    const auto outline = [&](MapCell cell) {
        const QRectF box = cellRect(cell).adjusted(-1, -1, 1, 1);
        const double s = theme.scale();
        drawFrame(painter, box.adjusted(-3 * s, -3 * s, 3 * s, 3 * s), 0, theme.color(Role::screen), Qt::transparent, 1.5 * s);
        drawFrame(painter, box.adjusted(-2 * s, -2 * s, 2 * s, 2 * s), 0, theme.color(Role::fill), Qt::transparent, 2.5 * s);
        drawFrame(painter, box, 0, Qt::black, Qt::transparent, s);
    };
    if (m_selection.row >= 0 && m_selection.row < data().rows) outline(m_selection);
    if (m_hover.valid() && m_hover != m_selection) {
        QPen pen(theme.color(Role::text), std::max(1.0, theme.scale()));
        pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.drawRect(cellRect(m_hover).adjusted(-0.5, -0.5, 0.5, 0.5));
    }
    paintScale(painter);
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, map.adjusted(-1, -1, 1, 1), 0);
}

/// "5 9" where it fits, the index alone where not.
QString ValueMap::shortName(const std::vector<QString>& names, int index, double room) const {
    const QString number = QString::number(index);
    const auto i = static_cast<std::size_t>(index);
    const QString both = i < names.size() ? number + QStringLiteral("\u2002") + names[i] : number;
    return textWidth(Theme::instance().font(TextSize::caption), both) <= room ? both : number;
}

void ValueMap::paintIndices(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF map = mapRect();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double w = map.width() / data().columns, h = map.height() / data().rows;
    const int across = labelStep(w, theme.px(labelRoom)), down = labelStep(h, theme.px(14));
    for (int c = 0; c < data().columns; c += across)
        painter.drawText(QRectF(map.left() + (c + 0.5) * w - theme.px(20), map.top() - theme.px(16), theme.px(40), theme.px(14)),
                         Qt::AlignCenter, shortName(m_columnNames, c, across * w - theme.px(4)));
    for (int r = 0; r < data().rows; r += down)
        painter.drawText(QRectF(0, map.top() + (r + 0.5) * h - theme.px(8), map.left() - theme.px(5), theme.px(16)),
                         Qt::AlignRight | Qt::AlignVCenter, shortName(m_rowNames, r, map.left() - theme.px(6)));
    painter.drawText(QRectF(theme.px(4), 0, width() - theme.px(8), theme.px(16)), Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("\u2193 ") + m_rows + QStringLiteral("   \u2192 ") + m_columns);
}

void ValueMap::paintScale(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const ColorScaling& scaling = m_picture.scaling();
    const QRectF map = mapRect();
    const double size = std::clamp<double>(map.width(), theme.px(120), theme.px(260));
    const QRectF bar(map.left(), map.bottom() + theme.px(6), std::min(size, width() - map.left() - theme.px(8)), theme.px(barHeight));
    const int steps = static_cast<int>(bar.width());
    for (int i = 0; i < steps; ++i)
        painter.fillRect(QRectF(bar.left() + i, bar.top(), 1.0, bar.height()),
                         QColor(scaling.color(scaling.low + (scaling.high - scaling.low) * (i + 0.5) / steps)));
    drawFrame(painter, bar, 0, theme.color(Role::hairline));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double row = bar.bottom() + theme.px(1);
    const QRectF ticks(bar.left(), row, bar.width(), theme.px(13));
    painter.drawText(ticks, Qt::AlignLeft | Qt::AlignVCenter, m_format(scaling.low));
    painter.drawText(ticks, Qt::AlignRight | Qt::AlignVCenter, m_format(scaling.high));
    const int ends = 2 * std::max(textWidth(painter.font(), m_format(scaling.low)), textWidth(painter.font(), m_format(scaling.high)));
    if (textWidth(painter.font(), m_quantity) + ends + theme.px(12) <= bar.width()) painter.drawText(ticks, Qt::AlignCenter, m_quantity);
    const MapCell cell = shownCell();
    if (!data().contains(cell.row, cell.column)) return;
    if (!data().masked(cell.row, cell.column)) {
        const double x =
            bar.left() + bar.width() * std::clamp(scaling.position(static_cast<double>(data().value(cell.row, cell.column))), 0.0, 1.0);
        painter.fillRect(QRectF(x - theme.px(1.5), bar.top() - theme.px(2), theme.px(3), bar.height() + theme.px(4)),
                         theme.color(Role::fill));
    }
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(bar.left(), row + theme.px(13), width() - bar.left(), theme.px(14)), Qt::AlignLeft | Qt::AlignVCenter,
                     reading(cell));
}

}  // namespace lab
