#include "ui/pages/sweeps/sweep_table.h"

#include <algorithm>

#include "core/base/number_text.h"
#include "ui/pages/sweeps/result_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/table/sort_header.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int sweepTableBarWidth = 34;  // logical px at 100 %

}  // namespace

TableColumn SweepTable::keyColumn(std::size_t key, const std::string& title) const {
    const std::vector<std::string>& values = m_rows->values[key];
    const bool numbers = std::ranges::all_of(values, [](const std::string& value) { return parseReal(value).has_value(); });
    TableColumn column{columnName(m_rows->table, {key}), QString::fromStdString(title)};
    column.side = numbers ? Qt::AlignRight : Qt::AlignLeft;
    column.upwards = true;
    const QFont font = Theme::instance().font(TextSize::axis, true);
    for (const std::string& value : values)
        column.widest = std::max(column.widest, QString::fromStdString(value),
                                 [&](const QString& a, const QString& b) { return textWidth(font, a) < textWidth(font, b); });
    column.cell = [this, key](std::size_t row) { return TableCell{QString::fromStdString(m_rows->table.rows[row].cells[key])}; };
    return column;
}

TableColumn SweepTable::numberColumn(const ResultNumber& number) const {
    TableColumn column{number.name, number.shortTitle};
    const bool share = number.factor == 100;
    column.widest = share ? QStringLiteral("100.00") : QString();
    column.bar = share ? sweepTableBarWidth : 0;
    column.cell = [this, number, share](std::size_t row) {
        const RunResult& result = m_rows->table.rows[row].result;
        // A diverged run is marked by word and stroke, not by colour alone.
        if (result.diverged() && number.name == "test_accuracy") return TableCell{verdictText(false, tr("diverged")), Role::wrong};
        const std::optional<double> value = resultValue(result, number.name);
        TableCell cell = value ? TableCell{number.text(value)} : noNumber();
        if (share && !result.diverged()) cell.bar = value.value_or(0);
        return cell;
    };
    return column;
}

std::vector<TableColumn> SweepTable::columnsOf() const {
    std::vector<TableColumn> columns;
    const ResultsTable& table = m_rows->table;
    for (const std::string& title : shortNames(table.keys)) columns.push_back(keyColumn(columns.size(), title));
    for (std::size_t c = table.keys.size(); c < columnCount(table); ++c) columns.push_back(numberColumn(resultNumber(table, {c})));
    for (std::size_t c = 0; c < columns.size(); ++c) {
        TableColumn& column = columns[c];
        column.help = QString::fromStdString(columnName(table, {c}));
        column.written = [this, c](std::size_t row) { return cellText(m_rows->table, m_rows->table.rows[row], {c}); };
        column.toolTip = [this, title = column.title, cell = column.cell](std::size_t row) { return toolTip(row, title, cell(row).text); };
        column.spoken = [title = column.title, cell = column.cell](std::size_t row) {
            const TableCell said = cell(row);
            return said.ink == Role::wrong ? tr("diverged") : tr("%1 %2").arg(title, said.text);
        };
    }
    return columns;
}

QString SweepTable::toolTip(std::size_t row, const QString& title, const QString& text) const {
    const RunResult& result = m_rows->table.rows[row].result;
    QString said = tr("%1: %2 %3").arg(rowTitle(*m_rows, row), title, text);
    if (result.diverged()) said += QLatin1Char('\n') + tr("Its training diverged after step %1.").arg(result.steps);
    return said + QLatin1Char('\n') + tr("Enter opens it as a run on every page.");
}

/// What came of a run stands first; the file's order is losses first.
void SweepTable::orderColumns() {
    int at = static_cast<int>(m_rows->table.keys.size());
    for (const char* name : {"test_accuracy", "validation_accuracy", "test_loss", "validation_loss", "train_loss"})
        for (std::size_t column = m_rows->table.keys.size(); column < columns().size(); ++column)
            if (columns()[column].id == name) header().moveSection(header().visualIndex(static_cast<int>(column)), at++);
}

void SweepTable::setRows(std::shared_ptr<const SweepRows> rows, const RowPlaces& places) {
    const bool sameKeys = m_rows && rows && m_rows->table.keys == rows->table.keys;
    const auto kept = chosen();
    // A row keeps its cursor while others come in before it.
    const std::vector<std::string> cells = kept && sameKeys ? m_rows->table.rows[*kept].cells : std::vector<std::string>();
    if (!sameKeys) setColumns({});
    m_rows = std::move(rows);
    if (!m_rows) return;
    if (!sameKeys) header().setSorted(-1, true);
    setColumns(columnsOf());
    if (!sameKeys) orderColumns();
    const auto found = std::ranges::find_if(places, [&](std::size_t place) { return m_rows->table.rows[place].cells == cells; });
    showRows(places, found == places.end() ? std::nullopt : std::optional(*found));
    arrangeColumns();
}

std::vector<std::size_t> SweepTable::inOrder(std::vector<std::size_t> rows) const {
    return sortColumn() < 0 || !m_rows ? rows : sortedBy(*m_rows, std::move(rows), {static_cast<std::size_t>(sortColumn())}, ascending());
}

}  // namespace lab
