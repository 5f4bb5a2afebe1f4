#pragma once

#include <optional>

#include "core/sweep/row_statistics.h"
#include "ui/pages/sweeps/result_text.h"
#include "ui/widgets/map/map.h"

namespace lab {

/// A number's means over the rest, by two keys, as coloured cells with the number in them.
struct HeatScene {
    HeatTable table;
    QString rowName, columnName;  ///< of the keys
    ResultNumber number;
    ColorScaling scaling;  ///< in shown units

    bool empty() const { return table.cells.empty(); }
    const RowGroup& group(MapCell cell) const;
    /// A cell's mean in shown units, where it has one.
    std::optional<double> meanShown(MapCell cell) const;
    /// As a map of the table's form.
    MapContent content() const;
    QString name() const;
    /// "sort, kv: 93.12 mean of 6 runs, ± 1.20, 91.00 to 94.80"
    QString describe(std::size_t row, std::size_t column) const;
    /// "means of 6 runs", "means of 2 to 6 runs"
    QString countSentence() const;
};

}  // namespace lab
