#include "core/sweep/row_statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/base/number_text.h"
#include "core/sweep/summary.h"
#include "core/sweep/sweep_results.h"

namespace lab {
namespace {

std::vector<std::string> valuesAsTheyCome(const ResultsTable& table, std::size_t key) {
    std::vector<std::string> values;
    for (const ResultsRow& row : table.rows)
        if (std::ranges::find(values, row.cells[key]) == values.end()) values.push_back(row.cells[key]);
    const bool numbers = std::ranges::all_of(values, [](const std::string& value) { return parseReal(value).has_value(); });
    if (numbers) std::ranges::stable_sort(values, {}, [](const std::string& value) { return *parseReal(value); });
    return values;
}

/// What a row is sorted by in a column; nothing stands at the end.
std::optional<double> orderOf(const SweepRows& rows, const ResultsRow& row, ResultColumn column) {
    if (column.index >= rows.table.keys.size()) return cellNumber(rows.table, row, column);
    const std::vector<std::string>& values = rows.values[column.index];
    const bool numbers = std::ranges::all_of(values, [](const std::string& value) { return parseReal(value).has_value(); });
    if (numbers) return parseReal(row.cells[column.index]);
    return static_cast<double>(std::ranges::find(values, row.cells[column.index]) - values.begin());
}

/// The values of a key that these rows have, in the grid's order.
std::vector<std::string> presentValues(const SweepRows& rows, const RowPlaces& places, std::optional<std::size_t> key) {
    if (!key) return {std::string()};
    std::vector<std::string> present;
    for (const std::string& value : rows.values[*key])
        if (std::ranges::any_of(places, [&](std::size_t place) { return rows.table.rows[place].cells[*key] == value; }))
            present.push_back(value);
    return present;
}

std::size_t placeOfValue(const SweepRows& rows, const std::vector<std::string>& values, std::size_t place, std::optional<std::size_t> key) {
    if (!key) return 0;
    return static_cast<std::size_t>(std::ranges::find(values, rows.table.rows[place].cells[*key]) - values.begin());
}

void add(RowGroup& group, const SweepRows& rows, std::size_t place, ResultColumn column) {
    const ResultsRow& row = rows.table.rows[place];
    ++group.rows;
    if (row.result.diverged()) ++group.diverged;
    const std::optional<double> number = cellNumber(rows.table, row, column);
    if (number && std::isfinite(*number)) group.places.push_back(place);
}

void finish(RowGroup& group, const SweepRows& rows, ResultColumn column) {
    const auto numberAt = [&](std::size_t place) { return *cellNumber(rows.table, rows.table.rows[place], column); };
    std::ranges::stable_sort(group.places, {}, numberAt);
    for (const std::size_t place : group.places) group.numbers.push_back(numberAt(place));
    if (group.numbers.empty()) return;
    const auto count = static_cast<double>(group.numbers.size());
    const double mean = std::accumulate(group.numbers.begin(), group.numbers.end(), 0.0) / count;
    double squares = 0;
    for (const double number : group.numbers) squares += (number - mean) * (number - mean);
    group.mean = mean;
    group.deviation = count > 1 ? std::sqrt(squares / (count - 1)) : 0;
    group.low = group.numbers.front();
    group.high = group.numbers.back();
    group.lowerQuartile = quantile(group.numbers, 0.25);
    group.median = quantile(group.numbers, 0.5);
    group.upperQuartile = quantile(group.numbers, 0.75);
}

}  // namespace

SweepRows sweepRows(ResultsTable table, const Sweep* sweep, const std::string& file) {
    SweepRows rows;
    if (sweep) {
        std::map<std::vector<std::string>, int> runs;
        resultsByRun(*sweep, table, file);  // refuses what is none of the grid's
        for (int run = 0; run < sweep->runCount(); ++run) runs[cellsOf(*sweep, run)] = run;
        for (const ResultsRow& row : table.rows) rows.runs.push_back(runs.at(row.cells));
    }
    for (std::size_t k = 0; k < table.keys.size(); ++k) rows.values.push_back(sweep ? sweep->grid[k].cells : valuesAsTheyCome(table, k));
    rows.table = std::move(table);
    if (sweep) rows.table.loss = lossOf(*sweep);
    return rows;
}

RowPlaces rowsThatPass(const SweepRows& rows, const RowFilter& filter) {
    RowPlaces places;
    for (std::size_t i = 0; i < rows.table.rows.size(); ++i)
        if (filter.passes(rows.table, rows.table.rows[i])) places.push_back(i);
    return places;
}

RowPlaces sortedBy(const SweepRows& rows, RowPlaces places, ResultColumn column, bool ascending) {
    std::map<std::size_t, std::optional<double>> order;
    for (const std::size_t place : places) order[place] = orderOf(rows, rows.table.rows[place], column);
    std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
        const std::optional<double>&x = order[a], &y = order[b];
        if (!x || !y) return x.has_value() && !y.has_value();
        return ascending ? *x < *y : *y < *x;
    });
    return places;
}

HeatTable heatTable(const SweepRows& rows, const RowPlaces& places, std::size_t rowKey, std::optional<std::size_t> columnKey,
                    ResultColumn number) {
    HeatTable table;
    table.rows = presentValues(rows, places, rowKey);
    table.columns = presentValues(rows, places, columnKey);
    table.cells.resize(table.rows.size() * table.columns.size());
    for (const std::size_t place : places) {
        const std::size_t row = placeOfValue(rows, table.rows, place, rowKey), column = placeOfValue(rows, table.columns, place, columnKey);
        add(table.cells[row * table.columns.size() + column], rows, place, number);
    }
    bool any = false;
    for (RowGroup& cell : table.cells) {
        finish(cell, rows, number);
        if (!cell.mean) continue;
        table.low = any ? std::min(table.low, *cell.mean) : *cell.mean;
        table.high = any ? std::max(table.high, *cell.mean) : *cell.mean;
        any = true;
    }
    return table;
}

std::vector<RowGroup> distribution(const SweepRows& rows, const RowPlaces& places, std::optional<std::size_t> key, ResultColumn number) {
    const std::vector<std::string> values = presentValues(rows, places, key);
    std::vector<RowGroup> groups(places.empty() ? 0 : values.size());
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].value = values[i];
    for (const std::size_t place : places) add(groups[placeOfValue(rows, values, place, key)], rows, place, number);
    for (RowGroup& group : groups) finish(group, rows, number);
    return groups;
}

double quantile(const std::vector<double>& ascending, double share) {
    if (ascending.empty()) return 0;
    const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(ascending.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, ascending.size() - 1);
    return ascending[below] + (at - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

std::pair<std::size_t, std::optional<std::size_t>> tellingKeys(const ResultsTable& table) {
    const SummaryKeys keys = summaryOf(table).keys;
    const auto placeOf = [&](const std::string& key) -> std::optional<std::size_t> {
        const auto found = std::ranges::find(table.keys, key);
        return found == table.keys.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - table.keys.begin()));
    };
    std::optional<std::size_t> row = placeOf(keys.row), column = placeOf(keys.column);
    if (!row) std::swap(row, column);
    if (!row) row = 0;
    for (std::size_t k = 0; !column && k < table.keys.size(); ++k)
        if (k != *row) column = k;
    return {*row, column};
}

}  // namespace lab
