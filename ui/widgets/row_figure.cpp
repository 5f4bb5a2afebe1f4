#include "ui/widgets/row_figure.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double left = 52, rowFigureTop = 34, rowFigureBarRoom = 180, rowFigureBelow = 42;
constexpr double rowFigureWidest = 34, roomForBars = 640, rowFigureLeastBody = 360, numberWidth = 30;

}  // namespace

double RowFigure::barWidth(double width) const {
    const double room = width > 0 ? width - left : roomForBars;
    return std::clamp(room / std::max(1, panel.data.columns), std::min(1.0, room), rowFigureWidest);
}

QString RowFigure::sumText() const {
    return QObject::tr("sum %1").arg(fixed(sum, 3));
}

QSizeF RowFigure::bodySize(double width) const {
    const double name = textWidth(Theme::instance().font(TextSize::axis, true), panel.title + QStringLiteral("    ") + sumText());
    return {std::max({width > 0 ? width : rowFigureLeastBody, left + barWidth(width) * panel.data.columns, left + name}),
            rowFigureTop + rowFigureBarRoom + rowFigureBelow};
}

void RowFigure::paintBody(QPainter& painter, double width) const {
    const Theme& theme = Theme::instance();
    const QRectF room(left, rowFigureTop, barWidth(width) * panel.data.columns, rowFigureBarRoom);
    const double right = bodySize(width).width();
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    const QRectF head(room.left(), 0, right - room.left(), 18);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, panel.title);
    painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, sumText());
    paintAxis(painter, room);
    paintBars(painter, room);
}

void RowFigure::paintAxis(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const double y = room.bottom() - room.height() * quarter / 4;
        painter.setPen(QPen(theme.color(quarter == 0 ? Role::controlBorder : Role::grid), 1));
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y));
        painter.setPen(theme.color(Role::muted));
        const QString text = quarter == 0 ? QStringLiteral("0") : quarter == 4 ? QStringLiteral("1") : cellNumber(quarter / 4.0);
        painter.drawText(QRectF(room.left() - 40, y - 8, 34, 16), Qt::AlignRight | Qt::AlignVCenter, text);
    }
    painter.drawText(QRectF(room.left(), room.bottom() + 22, room.width(), 16), Qt::AlignCenter, QObject::tr("key"));
    painter.save();
    painter.translate(room.left() - left, room.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-rowFigureBarRoom / 2, 0, rowFigureBarRoom, 16), Qt::AlignCenter, QObject::tr("weight"));
    painter.restore();
    painter.setPen(theme.color(Role::text));
    paintColumnLabels(painter, QRectF(room.left(), room.bottom() + 5, room.width(), 16), panel.columnLabels, panel.data.columns);
}

void RowFigure::paintBars(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const double width = room.width() / panel.data.columns, gap = width >= 12 ? std::round(width * 0.14) : width >= 4 ? 1 : 0;
    painter.save();
    for (int key = 0; key < panel.data.columns; ++key) {
        if (panel.data.masked(query, key)) continue;
        const double weight = panel.data.value(query, key), height = std::clamp(weight, 0.0, 1.0) * room.height();
        const QRectF bar(room.left() + key * width + gap, room.bottom() - height, width - 2 * gap, height);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Role::series1));
        painter.drawRect(bar);
        if (width < numberWidth) continue;
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(bar.center().x() - 30, bar.top() - 16, 60, 15), Qt::AlignCenter, cellNumber(weight));
    }
    painter.restore();
}

FigureTable RowFigure::table() const {
    MapFigure figure;
    figure.quantity = QStringLiteral("weight");
    figure.panels.push_back(panel);
    FigureTable all = figure.table(), row;
    row.header = all.header;
    const auto from = static_cast<std::size_t>(query) * static_cast<std::size_t>(panel.data.columns);
    for (std::size_t i = 0; i < static_cast<std::size_t>(panel.data.columns); ++i) row.rows.push_back(std::move(all.rows[from + i]));
    return row;
}

}  // namespace lab
