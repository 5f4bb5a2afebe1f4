#include "ui/pages/train/live_map.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr double mapSide = 96, leastMapSide = 48, mapGap = 8, scaleHeight = 8;  // logical px at 100 %

}  // namespace

LiveMap::LiveMap(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Attention map"));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    hide();
}

void LiveMap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint())) emit activated();
}

void LiveMap::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        emit activated();
    else
        QWidget::keyPressEvent(event);
}

void LiveMap::setMap(const MapData& data, const QString& head, const QString& moment, const ColorScaling& scaling) {
    m_picture.set(data, scaling);
    m_head = head;
    m_moment = moment;
    if (data.empty()) {
        setToolTip({});
        describePicture(this, tr("Attention map"));
        return update();
    }
    setToolTip(tr("Attention weights of %1: a row for each query from above, a column for each key; the more weight, the farther from the "
                  "background. A click opens "
                  "the Maps page: all heads, large, and when they formed.")
                   .arg(head));
    describePicture(this, tr("Attention map of %1").arg(head), moment);
    update();
}

QSize LiveMap::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(mapSide + mapGap + 40), theme.px(mapSide)};
}

QSize LiveMap::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(leastMapSide + mapGap + 40), theme.px(leastMapSide)};
}

void LiveMap::paintEvent(QPaintEvent*) {
    if (m_picture.data().empty()) return;
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const MapData& map = m_picture.data();
    // The words have what they need, the map what is left.
    int words = theme.px(40);
    for (const QString& part : m_head.split(QStringLiteral(", ")))
        words = std::max(words, textWidth(theme.font(TextSize::caption, true), part));
    const double room = std::min<double>({double(theme.px(mapSide)), double(height()), double(width() - theme.px(mapGap) - words)});
    const double cell = room / std::max(map.rows, map.columns);
    const QRectF rect(0, 0, cell * map.columns, cell * map.rows);
    m_picture.paint(painter, rect);
    drawFrame(painter, rect, 0, theme.color(Role::controlBorder));
    paintWords(painter, QRectF(room + theme.px(mapGap), 0, width() - room - theme.px(mapGap), room));
}

void LiveMap::paintWords(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const double line = theme.px(14);
    QRectF at(room.left(), room.top(), room.width(), line);
    const auto put = [&](const QString& text, bool bold, Role role) {
        const QFont font = theme.font(TextSize::caption, bold);
        painter.setFont(font);
        painter.setPen(theme.color(role));
        drawElided(painter, at, Qt::AlignLeft, text);
        at.translate(0, line);
    };
    for (const QString& part : m_head.split(QStringLiteral(", "))) put(part, true, Role::text);
    put(m_moment, false, Role::muted);
    // The scale: no map without one.
    const QRectF bar(room.left(), room.bottom() - line - theme.px(scaleHeight) - 1, room.width(), theme.px(scaleHeight));
    if (bar.top() < at.top()) return;
    const ColorScaling& scaling = m_picture.scaling();
    const int steps = std::max(1, int(bar.width()));
    for (int i = 0; i < steps; ++i)
        painter.fillRect(QRectF(bar.left() + i, bar.top(), 1, bar.height()),
                         QColor::fromRgb(scaling.color(scaling.low + (scaling.high - scaling.low) * i / steps)));
    drawFrame(painter, bar, 0, theme.color(Role::controlBorder));
    at.moveTop(bar.bottom() + 1);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter, significant(scaling.low, 1));
    painter.drawText(at, Qt::AlignRight | Qt::AlignVCenter, significant(scaling.high, 1));
}

}  // namespace lab
