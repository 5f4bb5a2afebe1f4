#pragma once

#include <limits>

#include "ui/widgets/table/table_column.h"

namespace lab {

class DataTable;

/// A table for paper as it stands now: its titles, words, numbers and bars by the code that paints the window, without the cursor. What is
/// only drawn (sparklines) is left out. Its numbers are all rows, whatever of them the picture shows.
class TableFigure : public Figure {
public:
    explicit TableFigure(const DataTable& table, std::size_t atMost = std::numeric_limits<std::size_t>::max());

    FigureTable table() const override { return m_numbers; }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    struct Column {
        QString title;
        Qt::Alignment side;
        std::vector<TableCell> cells;
    };
    static CellLook lookOf(const Column& column);
    static double widthOf(const Column& column);

    std::vector<Column> m_columns;
    FigureTable m_numbers;
};

}  // namespace lab
