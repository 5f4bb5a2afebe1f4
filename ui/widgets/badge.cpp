#include "ui/widgets/badge.h"

#include <QPainter>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {

Badge::Badge(const QString& text, Kind kind, QWidget* parent) : QWidget(parent), m_kind(kind) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    set(text, kind);
}

void Badge::set(const QString& text, Kind kind) {
    m_text = text;
    m_kind = kind;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeOf(const QString& text) {
    const Theme& theme = Theme::instance();
    return {textWidth(theme.font(TextSize::caption), text) + 2 * theme.px(4) + 2, theme.px(16)};
}

void Badge::paint(QPainter& painter, const QRect& rect, const QString& text, Kind kind) {
    const Theme& theme = Theme::instance();
    const bool inverted = kind == Kind::needed;
    painter.save();
    if (kind == Kind::needed || kind == Kind::other)
        drawFrame(painter, rect, theme.px(2), theme.color(inverted ? Role::text : Role::controlBorder),
                  theme.color(inverted ? Role::text : Role::panel));
    if (kind == Kind::uniform) {
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(QPen(theme.color(Role::controlBorder), devicePixel(painter), Qt::DashLine));
        painter.setBrush(theme.color(Role::panel));
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(2), theme.px(2));
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(inverted ? Role::panel : kind == Kind::other ? Role::text : Role::muted));
    painter.drawText(rect, Qt::AlignCenter, text);
    painter.restore();
}

void Badge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(painter, rect(), m_text, m_kind);
}

}  // namespace lab
