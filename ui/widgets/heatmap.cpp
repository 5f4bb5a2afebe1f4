#include "ui/widgets/heatmap.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QtMath>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/map_painter.h"
#include "ui/widgets/paint.h"

namespace lab {

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
        arrange();
    }
    if (m_hover.valid()) setHover(m_hover);  // the card shows the new value
    announce();
    update();
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

void Heatmap::setSymbol(const QString& symbol) {
    m_symbol = symbol;
}

void Heatmap::setSelection(MapCell cell) {
    if (!data().contains(cell.row, cell.column)) cell = {};
    if (cell == m_selection) return;
    m_selection = cell;
    announce();
    update();
}

QRectF Heatmap::cellRect(MapCell cell) const {
    return {m_layout.map.left() + cell.column * m_layout.cell, m_layout.map.top() + cell.row * m_layout.cell, m_layout.cell, m_layout.cell};
}

MapCell Heatmap::cellAt(const QPointF& position) const {
    if (!m_layout.map.contains(position) || m_layout.cell <= 0.0) return {};
    const auto along = [&](double offset, int count) { return std::clamp(static_cast<int>(offset / m_layout.cell), 0, count - 1); };
    return {along(position.y() - m_layout.map.top(), data().rows), along(position.x() - m_layout.map.left(), data().columns)};
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
                (data().masked(cell.row, cell.column) ? tr("masked") : fixed(data().value(cell.row, cell.column), 4));
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
    m_layout = layoutMap(data(), {m_rowTokens, m_columnTokens, m_rowCaption, m_columnCaption}, size(), devicePixelRatioF());
    emit layoutChanged();
    update();
}

void Heatmap::resizeEvent(QResizeEvent*) {
    arrange();
}

void Heatmap::paintEvent(QPaintEvent*) {
    if (data().empty() || m_layout.cell <= 0.0) return;
    QPainter painter(this);
    const MapCell shown = shownCell();
    paintMapLabels(painter, m_layout, data(), {m_rowTokens, m_columnTokens, m_rowCaption, m_columnCaption}, shown);
    m_picture.paint(painter, m_layout.map);
    paintMapGaps(painter, m_layout, data());
    paintMapNumbers(painter, m_layout, data(), m_picture.scaling());
    if (shown.valid()) paintMapFrames(painter, m_layout, shown);
    if (m_selection.valid()) paintMapSelection(painter, cellRect(m_selection), hasFocus() && FocusRing::byKeyboard());
}

void Heatmap::setHover(MapCell cell) {
    const bool moved = cell != m_hover;
    m_hover = cell;
    if (cell.valid()) {
        const QString value = data().masked(cell.row, cell.column)
                                  ? tr("masked")
                                  : m_symbol + QStringLiteral(" = ") + fixed(data().value(cell.row, cell.column), 4);
        const QString where = QStringLiteral("q %1%2 \u2192 k %3%4")
                                  .arg(QString::number(cell.row), token(m_rowTokens, cell.row), QString::number(cell.column),
                                       token(m_columnTokens, cell.column));
        m_card->showBeside(cellRect(cell), value, where);
    } else {
        m_card->hide();
    }
    if (!moved) return;
    announce();
    update();
    emit hovered(cell.row, cell.column);
}

void Heatmap::choose(MapCell cell) {
    if (cell == m_selection) return;
    setSelection(cell);
    emit selected(cell.row, cell.column);
}

void Heatmap::mouseMoveEvent(QMouseEvent* event) {
    const MapCell cell = cellAt(event->position());
    if (cell != m_hover) setHover(cell);
}

void Heatmap::mousePressEvent(QMouseEvent* event) {
    const MapCell cell = cellAt(event->position());
    if (event->button() == Qt::LeftButton && cell.valid()) choose(cell);
}

void Heatmap::mouseDoubleClickEvent(QMouseEvent* event) {
    const MapCell cell = cellAt(event->position());
    if (event->button() == Qt::LeftButton && cell.valid()) emit activated(cell.row, cell.column);
}

void Heatmap::leaveEvent(QEvent*) {
    if (m_hover.valid()) setHover({});
}

void Heatmap::keyPressEvent(QKeyEvent* event) {
    if (data().empty()) return QWidget::keyPressEvent(event);
    MapCell cell = m_selection.valid() ? m_selection : MapCell{0, 0};
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
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_selection.valid()) emit activated(m_selection.row, m_selection.column);
            return;
        default:
            return QWidget::keyPressEvent(event);
    }
    if (!m_selection.valid()) cell = {0, 0};
    setHover({});
    choose({std::clamp(cell.row, 0, data().rows - 1), std::clamp(cell.column, 0, data().columns - 1)});
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
