#include "ui/widgets/figure.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <functional>

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

constexpr double inch = 25.4;
constexpr double screenMargin = 16, printMargin = 2, figureTitleHeight = 28, captionGap = 8;

double wrappedHeight(const QFont& font, const QString& text, double width) {
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 10000), Qt::TextWordWrap, text).height() + 2;
}

/// Where everything stands.
struct Frame {
    double margin = screenMargin;
    double width = 0;    ///< of what stands between the margins
    double room = 0;     ///< for the body, as it was asked for
    double factor = 1;   ///< the body is made that much smaller
    double top = 0;      ///< of the body
    double caption = 0;  ///< its height
    QSizeF whole;
};

Frame frameOf(const Figure& figure, const FigureSheet& sheet, const std::function<QSizeF(double)>& bodySize) {
    const Theme& theme = Theme::instance();
    Frame frame;
    if (sheet.printed()) {
        frame.margin = printMargin;
        frame.room = sheet.millimetres() / inch * pixelsAnInch / sheet.unit() - 2 * printMargin;
    }
    const QSizeF body = bodySize(frame.room);
    frame.width = sheet.printed() ? frame.room : std::ceil(body.width());
    frame.factor = sheet.printed() ? std::min(1.0, frame.room / body.width()) : 1.0;
    frame.top = frame.margin;
    const QFont bold = theme.font(TextSize::token, true);
    if (sheet.words && !figure.title.isEmpty())
        frame.top += figureTitleHeight + wrappedHeight(bold, figure.title, frame.width) - QFontMetricsF(bold).height() - 2;
    if (sheet.words && !figure.caption.isEmpty()) frame.caption = wrappedHeight(theme.font(TextSize::caption), figure.caption, frame.width);
    const double below = frame.caption > 0 ? captionGap + frame.caption : 0;
    frame.whole = {frame.width + 2 * frame.margin,
                   std::ceil(frame.top - frame.margin + body.height() * frame.factor + below) + 2 * frame.margin};
    return frame;
}

}  // namespace

std::string csvText(const FigureTable& table) {
    return tableText(table, ',', csvCell);
}

std::string tabText(const FigureTable& table) {
    return tableText(table, '\t', tabCell);
}

QSizeF Figure::size(const FigureSheet& sheet) const {
    return frameOf(*this, sheet, [this](double width) { return bodySize(width); }).whole;
}

void Figure::paint(QPainter& painter, const FigureSheet& sheet) const {
    const Theme& theme = Theme::instance();
    const Frame frame = frameOf(*this, sheet, [this](double width) { return bodySize(width); });
    painter.fillRect(QRectF(QPointF(), frame.whole), theme.color(Role::screen));
    painter.setFont(theme.font(TextSize::token, true));
    painter.setPen(theme.color(Role::text));
    if (sheet.words)
        painter.drawText(QRectF(frame.margin, frame.margin - 2, frame.width, frame.top - frame.margin),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, title);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    if (frame.caption > 0)
        painter.drawText(QRectF(frame.margin, frame.whole.height() - frame.margin - frame.caption, frame.width, frame.caption),
                         Qt::TextWordWrap, caption);
    painter.save();
    painter.translate(frame.margin, frame.top);
    painter.scale(frame.factor, frame.factor);
    paintBody(painter, frame.room);
    painter.restore();
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
