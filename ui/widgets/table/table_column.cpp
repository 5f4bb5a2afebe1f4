#include "ui/widgets/table/table_column.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int tableColumnBarHeight = 10, barGap = 6;
constexpr int lineLength = 22, tableColumnLineGap = 6;
constexpr int besideGap = 5;

bool hasLetters(const QString& text) {
    return std::ranges::any_of(text, [](QChar c) { return c.isLetter(); });
}

/// Words are cut short; a number cut short would be another number.
void paintText(QPainter& painter, const QRectF& room, const CellLook& look, const QString& text) {
    if (look.formulas && (look.side == Qt::AlignLeft || hasLetters(text)))
        drawElidedFormula(painter, room, look.side, text);
    else if (look.formulas)
        drawFormula(painter, room, look.side, text);
    else if (look.side == Qt::AlignLeft)
        drawElided(painter, room, look.side, text);
    else
        painter.drawText(room, look.side | Qt::AlignVCenter, text);
}

std::string written(const TableColumn& column, std::size_t row) {
    if (column.written) return column.written(row);
    if (column.side != Qt::AlignRight || !column.number) return column.cell(row).text.toStdString();
    const double number = column.number(row);
    return std::isnan(number) ? std::string() : numberText(number);
}

}  // namespace

int barRoom(int bar) {
    return bar + Theme::instance().px(barGap);
}

void paintTableBar(QPainter& painter, const QRectF& track, double share) {
    const Theme& theme = Theme::instance();
    painter.fillRect(track, theme.color(Role::track));
    if (share > 0.0)
        painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * std::min(share, 1.0), track.height())), theme.color(Role::series1));
}

void paintTableCell(QPainter& painter, QRectF room, const TableCell& cell, const CellLook& look) {
    const Theme& theme = Theme::instance();
    if (cell.bar) {
        const double height = theme.px(tableColumnBarHeight);
        paintTableBar(painter, QRectF(room.right() - look.bar, room.center().y() - height / 2, look.bar, height), *cell.bar);
        room.setRight(room.right() - barRoom(look.bar));
    }
    if (cell.line) {
        painter.setPen(seriesPen(*cell.line, 2.2));
        painter.drawLine(room.topLeft() + QPointF(0, room.height() / 2), room.topLeft() + QPointF(theme.px(lineLength), room.height() / 2));
        room.setLeft(room.left() + theme.px(lineLength + tableColumnLineGap));
    }
    if (!cell.behind.isEmpty()) {
        painter.setFont(theme.font(look.size));
        painter.setPen(theme.color(Role::muted));
        paintText(painter, room, look, cell.behind);
        room.setRight(room.right() - textWidth(painter.font(), cell.behind) - theme.px(besideGap));
    }
    painter.setFont(theme.font(look.size, cell.bold));
    painter.setPen(theme.color(cell.ink));
    paintText(painter, room, look, cell.text);
    if (cell.before.isEmpty()) return;
    room.setRight(room.right() - textWidth(painter.font(), cell.text + QLatin1Char(' ')));
    painter.setPen(theme.color(Role::muted));
    paintText(painter, room, look, cell.before);
}

void paintTableTitle(QPainter& painter, const QRectF& room, const QString& title, const CellLook& look, bool strong) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption, strong));
    painter.setPen(theme.color(strong ? Role::text : Role::muted));
    if (look.formulas)
        drawElidedFormula(painter, room, look.side, title);
    else
        drawElided(painter, room, look.side, title);
}

FigureTable tableNumbers(const std::vector<TableColumn>& columns, const std::vector<std::size_t>& rows) {
    FigureTable result;
    for (const TableColumn& column : columns)
        if (!column.id.empty()) result.header.push_back(column.id);
    for (const std::size_t row : rows) {
        result.rows.emplace_back();
        for (const TableColumn& column : columns)
            if (!column.id.empty()) result.rows.back().push_back(written(column, row));
    }
    return result;
}

TableCell noNumber() {
    return {QStringLiteral("\u2013"), Role::muted};
}

}  // namespace lab
