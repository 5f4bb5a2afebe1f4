#include "ui/widgets/table/table_figure.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/sort_header.h"

namespace lab {
namespace {

// Logical px.
constexpr double tableFigureRowHeight = 20, columnGap = 16, tableFigureLeastWidth = 240;
constexpr int barWidth = 34;

}  // namespace

TableFigure::TableFigure(const DataTable& table, std::size_t atMost) : m_numbers(table.table()) {
    const auto rows = static_cast<std::ptrdiff_t>(std::min(atMost, table.places().size()));
    for (int place = 0; place < static_cast<int>(table.columns().size()); ++place) {
        const int shown = table.horizontalHeader()->logicalIndex(place);
        const TableColumn& of = table.columns()[static_cast<std::size_t>(shown)];
        Column column{of.title, of.side, {}};
        std::transform(table.places().begin(), table.places().begin() + rows, std::back_inserter(column.cells), of.cell);
        const bool any = std::ranges::any_of(column.cells, [](const TableCell& cell) { return !cell.text.isEmpty(); });
        if (any && !table.isColumnHidden(shown)) m_columns.push_back(std::move(column));
    }
}

CellLook TableFigure::lookOf(const Column& column) {
    return {column.side, TextSize::axis, barWidth};
}

double TableFigure::widthOf(const Column& column) {
    const Theme& theme = Theme::instance();
    int width = textWidth(theme.font(TextSize::caption), column.title);
    for (const TableCell& cell : column.cells)
        width = std::max(width, textWidth(theme.font(TextSize::axis, cell.bold), cell.text) + (cell.bar ? barRoom(barWidth) : 0));
    return width + 2.0;
}

QSizeF TableFigure::bodySize(double) const {
    double width = 0;
    for (const Column& column : m_columns) width += widthOf(column) + columnGap;
    const double rows = m_columns.empty() ? 0 : static_cast<double>(m_columns.front().cells.size()) + 1;
    return {std::max(width, tableFigureLeastWidth), rows * tableFigureRowHeight + 4};
}

void TableFigure::paintBody(QPainter& painter, double width) const {
    double x = 0;
    for (const Column& column : m_columns) {
        QRectF room(x, 0, widthOf(column), tableFigureRowHeight);
        paintTableTitle(painter, room, column.title, lookOf(column), false);
        room.translate(0, 2);
        for (const TableCell& cell : column.cells) {
            room.translate(0, tableFigureRowHeight);
            paintTableCell(painter, room, cell, lookOf(column));
        }
        x += room.width() + columnGap;
    }
    drawHairline(painter, {0, tableFigureRowHeight}, {bodySize(width).width(), tableFigureRowHeight},
                 Theme::instance().color(Role::hairline));
}

}  // namespace lab
