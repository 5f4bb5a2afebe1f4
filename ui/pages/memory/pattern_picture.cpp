#include "ui/pages/memory/pattern_picture.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr double leastCross = 2.9;  // px: smaller pixels have no room for a cross

struct PatternPictureText {
    Q_DECLARE_TR_FUNCTIONS(PatternPicture)
};

void paintCross(QPainter& painter, const QRectF& pixel) {
    const double inset = pixel.width() * 0.2;
    const QRectF box = pixel.adjusted(inset, inset, -inset, -inset);
    painter.drawLine(box.topLeft(), box.bottomRight());
    painter.drawLine(box.topRight(), box.bottomLeft());
}

/// A cross is seen on both grounds: its own ground lies behind it.
void paintWrong(QPainter& painter, const QRectF& picture, const Pattern& pattern, const Pattern& right) {
    const Theme& theme = Theme::instance();
    if (right.states.size() != pattern.states.size() || picture.width() / pattern.columns < leastCross) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < static_cast<int>(pattern.states.size()); ++i) {
        if (pattern.states[static_cast<std::size_t>(i)] == right.states[static_cast<std::size_t>(i)]) continue;
        const QRectF pixel = pixelRect(picture, pattern.rows, pattern.columns, i);
        painter.fillRect(pixel, theme.color(Role::wrongBackground));
        if (pattern.states[static_cast<std::size_t>(i)] > 0) {
            QColor on = theme.color(Role::series1);
            on.setAlphaF(0.45F);
            painter.fillRect(pixel, on);
        }
        painter.setPen(QPen(theme.color(Role::wrong), std::max(1.0, pixel.width() / 7)));
        paintCross(painter, pixel);
    }
    painter.restore();
}

}  // namespace

QRectF patternRect(const QPainter& painter, const QRectF& room, int rows, int columns) {
    const double dot = devicePixel(painter);
    const double wished = std::min(room.width() / std::max(1, columns), room.height() / std::max(1, rows));
    const double cell = wished >= dot ? std::floor(wished / dot + 1e-6) * dot : wished;
    const QSizeF size(cell * columns, cell * rows);
    const auto snapped = [dot](double at) { return std::floor(at / dot + 1e-6) * dot; };
    return {QPointF(snapped(room.center().x() - size.width() / 2), snapped(room.center().y() - size.height() / 2)), size};
}

QRectF pixelRect(const QRectF& picture, int rows, int columns, int pixel) {
    const QSizeF cell(picture.width() / columns, picture.height() / rows);
    return {picture.left() + (pixel % columns) * cell.width(), picture.top() + (pixel / columns) * cell.height(), cell.width(),
            cell.height()};
}

std::optional<int> pixelAt(const QRectF& picture, int rows, int columns, const QPointF& place) {
    if (picture.isEmpty()) return std::nullopt;
    const int column = static_cast<int>(std::floor((place.x() - picture.left()) / picture.width() * columns));
    const int row = static_cast<int>(std::floor((place.y() - picture.top()) / picture.height() * rows));
    if (row < 0 || row >= rows || column < 0 || column >= columns) return std::nullopt;
    return row * columns + column;
}

QString nameOf(const Pattern& pattern) {
    return QString::fromStdString(pattern.name);
}

QString pixelName(int pixel, int columns) {
    return PatternPictureText::tr("row %1, column %2").arg(pixel / columns).arg(pixel % columns);
}

void paintPattern(QPainter& painter, const QRectF& room, const Pattern& pattern, const PatternMarks& marks) {
    const Theme& theme = Theme::instance();
    const QRectF picture = patternRect(painter, room, pattern.rows, pattern.columns);
    const double dot = devicePixel(painter);
    painter.fillRect(picture, theme.color(Role::screen));
    // Neighbours of a row in one rectangle: no seams between them, and small files.
    for (int row = 0; row < pattern.rows; ++row)
        for (int from = 0; from < pattern.columns;) {
            const auto on = [&](int column) { return pattern.states[static_cast<std::size_t>(row * pattern.columns + column)] > 0; };
            int to = from;
            while (to < pattern.columns && on(to) == on(from)) ++to;
            const QRectF first = pixelRect(picture, pattern.rows, pattern.columns, row * pattern.columns + from);
            if (on(from))
                painter.fillRect(QRectF(first.left(), first.top(), first.width() * (to - from), first.height()),
                                 theme.color(Role::series1));
            from = to;
        }
    if (marks.right) paintWrong(painter, picture, pattern, *marks.right);
    drawFrame(painter, picture.adjusted(-dot, -dot, dot, dot), 0, theme.color(Role::controlBorder));
    if (!marks.pixel || *marks.pixel < 0 || *marks.pixel >= pattern.rows * pattern.columns) return;
    const QRectF pixel = pixelRect(picture, pattern.rows, pattern.columns, *marks.pixel);
    drawFrame(painter, pixel.adjusted(-2, -2, 2, 2), 0, theme.color(Role::screen), Qt::transparent, 1.5);
    drawFrame(painter, pixel.adjusted(-1, -1, 1, 1), 0, theme.color(Role::fill), Qt::transparent, 2.5);
    drawFrame(painter, pixel, 0, theme.color(Role::onFill), Qt::transparent, 1);
}

}  // namespace lab
