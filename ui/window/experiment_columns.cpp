#include "ui/window/experiment_columns.h"

#include <cmath>

#include "ui/widgets/format.h"

namespace lab {
namespace {

QString numberShown(double value, ExperimentTable::Column::Is is) {
    using Is = ExperimentTable::Column::Is;
    switch (is) {
        case Is::share:
            return percent(value);
        case Is::loss:
            return fixed(value, 4);
        case Is::change:
            return signedFixed(value, 4);
        case Is::count:
            break;
    }
    return grouped(std::llround(value));
}

}  // namespace

std::vector<TableColumn> columnsOf(const ExperimentTable& table) {
    std::vector<TableColumn> columns;
    TableColumn name{"name", table.rowsAre, {}, Qt::AlignLeft, true};
    name.cell = [&table](std::size_t row) { return TableCell{table.rows[row].name}; };
    name.number = [](std::size_t row) { return static_cast<double>(row); };
    for (const ExperimentTable::Row& row : table.rows)
        if (row.name.size() > name.widest.size()) name.widest = row.name;
    columns.push_back(std::move(name));
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const ExperimentTable::Column& from = table.columns[c];
        TableColumn column{from.id, from.title, from.help};
        column.number = [&table, c](std::size_t row) { return table.rows[row].numbers[c]; };
        column.cell = [&table, c, is = from.is](std::size_t row) {
            const double value = table.rows[row].numbers[c];
            return std::isnan(value) ? noNumber() : TableCell{numberShown(value, is)};
        };
        columns.push_back(std::move(column));
    }
    return columns;
}

}  // namespace lab
