#pragma once

#include <QString>
#include <limits>

#include "core/sweep/row_statistics.h"
#include "ui/widgets/color_map.h"

namespace lab {

/// What a number of a sweep's results is called and how it is written.
struct ResultNumber {
    ResultColumn column;
    std::string name;                                       ///< as the file has it: "test_accuracy"
    QString title;                                          ///< "test accuracy %"
    QString shortTitle;                                     ///< "test acc. %"
    double most = std::numeric_limits<double>::infinity();  ///< no shown value can be larger
    double factor = 1;                                      ///< what is shown of what is in the file: 100 for percent
    int decimals = 0;
    bool isLoss = false;

    /// "94.27", "1 234"; "–" for nothing. Already multiplied values go through written().
    QString text(std::optional<double> value) const;
    QString written(double shown) const;
};

/// Of a column of numbers.
ResultNumber resultNumber(const ResultsTable& table, ResultColumn column);

/// A scale with round ends around low..high, whose quarters are round too; it ends at `most` at the latest.
ColorScaling roundScaling(double low, double high, double most);

/// "sort kv num_heads 2 seed 1"
QString rowTitle(const SweepRows& rows, std::size_t place);

}  // namespace lab
