#include "ui/widgets/paint.h"

#include <QCache>
#include <QFontMetricsF>
#include <QPaintDevice>
#include <cmath>
#include <utility>

#include "ui/widgets/elided_texts.h"
#include "ui/widgets/piece_text.h"

namespace lab {

QColor faded(const QColor& color) {
    QColor result = color;
    result.setAlphaF(0.45F * color.alphaF());
    return result;
}

double devicePixel(const QPainter& painter) {
    return 1.0 / painter.device()->devicePixelRatioF();
}

void drawFrame(QPainter& painter, const QRectF& rect, double radius, const QColor& border, const QColor& fill, double width) {
    const double line = width > 0.0 ? width : devicePixel(painter);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, radius > 0.0);
    painter.setPen(QPen(border, line));
    painter.setBrush(fill);
    const QRectF inner = rect.adjusted(line / 2, line / 2, -line / 2, -line / 2);
    if (radius > 0.0)
        painter.drawRoundedRect(inner, radius - line / 2, radius - line / 2);
    else {
        // Without anti-aliasing: four filled bars are exact at every device pixel ratio.
        painter.fillRect(rect, fill);
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), line), border);
        painter.fillRect(QRectF(rect.left(), rect.bottom() - line, rect.width(), line), border);
        painter.fillRect(QRectF(rect.left(), rect.top(), line, rect.height()), border);
        painter.fillRect(QRectF(rect.right() - line, rect.top(), line, rect.height()), border);
    }
    painter.restore();
}

void drawHairline(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& color) {
    const double line = devicePixel(painter);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (from.y() == to.y())
        painter.fillRect(QRectF(std::min(from.x(), to.x()), from.y(), std::abs(to.x() - from.x()), line), color);
    else if (from.x() == to.x())
        painter.fillRect(QRectF(from.x(), std::min(from.y(), to.y()), line, std::abs(to.y() - from.y())), color);
    else {
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(QPen(color, line));
        painter.drawLine(from, to);
    }
    painter.restore();
}

void drawFocusRing(QPainter& painter, const QRectF& rect, double radius) {
    const Theme& theme = Theme::instance();
    const double out = theme.px(3);
    drawFrame(painter, rect.adjusted(-out, -out, out, out), radius + out, theme.color(Role::accent), Qt::transparent, theme.px(2));
}

void drawHatch(QPainter& painter, const QRectF& rect) {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.fillRect(rect, theme.color(Role::screen));
    painter.setRenderHint(QPainter::Antialiasing, true);
    const double period = theme.px(6) * std::sqrt(2.0);
    painter.setPen(QPen(theme.color(Role::hairline), theme.px(3)));
    for (double x = rect.left() - rect.height(); x < rect.right() + period; x += period)
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
    painter.restore();
}

double textAdvance(const QFont& font, const QString& text) {
    using Key = std::pair<QFont, QString>;
    constexpr int mostKept = 4096;
    static QCache<Key, double> known(mostKept);
    const Key key(font, text);
    if (const double* width = known.object(key)) return *width;
    const double width = QFontMetricsF(font).horizontalAdvance(text);
    known.insert(key, new double(width));
    return width;
}

int textWidth(const QFont& font, const QString& text) {
    return static_cast<int>(std::ceil(textAdvance(font, text)));
}

void drawElided(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& text) {
    if (hasPieceMarks(text)) return drawPiece(painter, rect, horizontal, text);
    const bool fits = textAdvance(painter.font(), text) <= rect.width();
    const QString shown = fits ? text : painter.fontMetrics().elidedText(text, Qt::ElideRight, std::max(static_cast<int>(rect.width()), 0));
    painter.drawText(rect, horizontal | Qt::AlignVCenter, shown);
    if (!fits) noteElided(painter, rect, text);
}

}  // namespace lab
