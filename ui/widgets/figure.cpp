#include "ui/widgets/figure.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/theme.h"

namespace lab {
namespace {

std::string csvCell(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

/// Tabs and line ends would break the table apart.
std::string tabCell(std::string cell) {
    std::replace_if(
        cell.begin(), cell.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return cell;
}

template <class Cell>
std::string tableText(const FigureTable& table, char separator, Cell cellText) {
    std::string text;
    const auto addLine = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) text += separator;
            text += cellText(cells[i]);
        }
        text += '\n';
    };
    addLine(table.header);
    for (const auto& row : table.rows) addLine(row);
    return text;
}

double captionHeight(const Figure& figure, double width) {
    if (figure.caption.isEmpty()) return 0;
    const QFontMetricsF metrics(Theme::instance().font(TextSize::caption));
    return metrics.boundingRect(QRectF(0, 0, width, 10000), Qt::TextWordWrap, figure.caption).height() + 2;
}

}  // namespace

std::string csvText(const FigureTable& table) {
    return tableText(table, ',', csvCell);
}

std::string tabText(const FigureTable& table) {
    return tableText(table, '\t', tabCell);
}

QSizeF figureSize(const Figure& figure, const QSizeF& body) {
    const double height = figureTitleHeight + body.height() + figureCaptionGap + captionHeight(figure, body.width());
    return QSizeF(std::ceil(body.width()), std::ceil(height)) + QSizeF(2 * figureMargin, 2 * figureMargin);
}

void paintFigureFrame(QPainter& painter, const Figure& figure, const QSizeF& whole) {
    const Theme& theme = Theme::instance();
    painter.fillRect(QRectF(QPointF(), whole), theme.color(Role::screen));
    const double width = whole.width() - 2 * figureMargin;
    painter.setFont(theme.font(TextSize::token, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(figureMargin, figureMargin - 2, width, figureTitleHeight), Qt::AlignLeft | Qt::AlignTop, figure.title);
    const double height = captionHeight(figure, width);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(figureMargin, whole.height() - figureMargin - height, width, height), Qt::TextWordWrap, figure.caption);
}

void drawOutline(QPainter& painter, const QRectF& rect, const QColor& color) {
    painter.save();
    QPen pen(color, 1);
    pen.setJoinStyle(Qt::MiterJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
}

}  // namespace lab
