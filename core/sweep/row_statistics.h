#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/sweep/row_filter.h"
#include "core/sweep/sweep.h"

// What chosen rows of a sweep's results say: order, means over two keys, distributions by one.

namespace lab {

/// Results with the order that the grid gives the values of its keys.
struct SweepRows {
    ResultsTable table;
    std::vector<std::vector<std::string>> values;  ///< of each key: all of the grid's, or as they come first in the file
    std::vector<int> runs;                         ///< the number of each row's run; empty when the grid is not known
};

/// Without the grid (null) values stand as they come. Throws InputError naming `file` for rows that are none of the grid's.
SweepRows sweepRows(ResultsTable table, const Sweep* sweep, const std::string& file);

/// Places in table.rows.
using RowPlaces = std::vector<std::size_t>;

RowPlaces rowsThatPass(const SweepRows& rows, const RowFilter& filter);
/// Keys by number, or in the grid's order where they are none; rows without a number stand at the end either way.
RowPlaces sortedBy(const SweepRows& rows, RowPlaces places, ResultColumn column, bool ascending);

/// Means of a number over the rows that share a value; only finite ones count, diverged rows are counted apart.
struct RowGroup {
    std::string value;
    int rows = 0;
    int diverged = 0;
    RowPlaces places;  ///< of the rows that have the number, ascending by it
    std::vector<double> numbers;
    std::optional<double> mean;
    double deviation = 0;  ///< standard deviation (N - 1); 0 of a single number
    double low = 0, lowerQuartile = 0, median = 0, upperQuartile = 0, high = 0;
};

/// Two keys against each other.
struct HeatTable {
    std::vector<std::string> rows, columns;  ///< values that have rows, in the grid's order
    std::vector<RowGroup> cells;             ///< row by row
    double low = 0, high = 0;                ///< of the means

    const RowGroup& cell(std::size_t row, std::size_t column) const { return cells[row * columns.size() + column]; }
};

/// `rowKey` and `columnKey` are places in table.keys; without a column key there is one column, called "".
HeatTable heatTable(const SweepRows& rows, const RowPlaces& places, std::size_t rowKey, std::optional<std::size_t> columnKey,
                    ResultColumn number);

/// One group for each value of a key that has rows; without a key one group of all, called "".
std::vector<RowGroup> distribution(const SweepRows& rows, const RowPlaces& places, std::optional<std::size_t> key, ResultColumn number);

/// Of ascending numbers, between neighbours in proportion (type 7 of Hyndman and Fan): quantile(0.5) is the median.
double quantile(const std::vector<double>& ascending, double share);

/// The two keys to begin with: as the report has them (core/sweep/summary.h), else the first two.
std::pair<std::size_t, std::optional<std::size_t>> tellingKeys(const ResultsTable& table);

}  // namespace lab
