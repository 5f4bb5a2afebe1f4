#include "ui/pages/maps/line_view.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <utility>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int lineViewMargin = 10, bottomRoom = 22;  // logical px at 100 %

}  // namespace

LineView::LineView(Map& map, QWidget* parent) : QWidget(parent), m_map(map) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    const auto follow = [this] {
        describe();
        update();
    };
    for (const auto signal : {&Map::hovered, &Map::selected}) connect(&map, signal, this, follow);
    connect(&map, &Map::lightChanged, this, follow);
    connect(&map, &Map::lockChanged, this, follow);
    describe();
}

void LineView::setWeights(const MapData& weights, const std::vector<QString>& queries, const std::vector<QString>& keys) {
    m_picture.set(weights, queries, keys);
    describe();
    update();
}

void LineView::setSubject(const QString& subject) {
    m_subject = subject;
    describe();
}

void LineView::describe() {
    const MapCell cell = m_map.shownCell();
    QString value;
    const MapData& weights = m_picture.weights();
    if (!weights.empty() && weights.contains(cell.row, cell.column))
        value = m_map.describe(cell) + QStringLiteral(": ") +
                (weights.masked(cell.row, cell.column) ? tr("masked") : fixed(weights.value(cell.row, cell.column), 4));
    describePicture(this, m_subject.isEmpty() ? tr("Lines from queries to keys") : m_subject, value);
}

QRectF LineView::room() const {
    const Theme& theme = Theme::instance();
    return QRectF(rect()).adjusted(theme.px(lineViewMargin), 0, -theme.px(lineViewMargin), -theme.px(bottomRoom));
}

QSize LineView::minimumSizeHint() const {
    return {Theme::instance().px(200), Theme::instance().px(200)};
}

void LineView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    m_picture.paint(painter, room(), m_map.shownCell(), m_map.light());
    const QString omission = m_picture.omission();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QRectF line(0, room().bottom(), width(), theme.px(bottomRoom));
    const QString whole = tr("thicker and stronger in colour: more weight");
    const QString said = textWidth(painter.font(), whole) <= width() ? whole : tr("thicker: more weight");
    painter.drawText(line, Qt::AlignCenter, omission.isEmpty() ? said : omission);
    if (hasFocus() && FocusRing::byKeyboard())
        drawFrame(painter, QRectF(rect()).adjusted(2, 2, -2, -2), theme.px(4), theme.color(Role::accent), Qt::transparent, theme.px(2));
}

void LineView::mouseMoveEvent(QMouseEvent* event) {
    const MapLight token = m_picture.tokenAt(room(), event->position());
    m_map.pointAt(token);
    m_map.pointAt(token.axis == MapLight::Axis::none ? m_picture.cellAt(room(), event->position(), m_map.light()) : MapCell{});
}

void LineView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const MapLight token = m_picture.tokenAt(room(), event->position());
    const MapCell cell = m_clicked = m_picture.cellAt(room(), event->position(), m_map.light());
    if (token.axis != MapLight::Axis::none)
        m_map.lightUp(token);
    else if (cell.valid())
        m_map.choose(cell);
    else
        m_map.setLit(MapLight::Axis::none);
}

void LineView::mouseDoubleClickEvent(QMouseEvent* event) {
    const MapCell cell = m_picture.cellAt(room(), event->position(), m_map.light());
    const bool twiceHere = std::exchange(m_clicked, {}) == cell;
    if (event->button() == Qt::LeftButton && cell.valid() && twiceHere) emit m_map.activated(cell.row, cell.column);
}

void LineView::leaveEvent(QEvent*) {
    m_map.pointAt(MapLight{});
    m_map.pointAt(MapCell{});
}

void LineView::keyPressEvent(QKeyEvent* event) {
    if (!m_map.takeKey(event)) QWidget::keyPressEvent(event);
}

void LineView::focusInEvent(QFocusEvent*) {
    update();
}
void LineView::focusOutEvent(QFocusEvent*) {
    update();
}

}  // namespace lab
