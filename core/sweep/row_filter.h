#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sweep/results_table.h"

// Which rows of a sweep's results are looked at.

namespace lab {

/// How the keys are called where room is scarce: "form" for model.attention.form, "task" for task.kind; the whole path where two would
/// have one name.
std::vector<std::string> shortNames(const std::vector<std::string>& keys);

/// What makes a run this one among the grid's, where room is scarce: "sort kv num_heads 2 seed 1".
std::string shortDescription(const std::vector<std::string>& keys, const std::vector<std::string>& cells);

/// A column of a results table by its place: first the keys, then resultColumns().
struct ResultColumn {
    std::size_t index = 0;

    bool operator==(const ResultColumn&) const = default;
};

/// The column's name as the file has it.
std::string columnName(const ResultsTable& table, ResultColumn column);
std::size_t columnCount(const ResultsTable& table);
/// What a row has in a column: the key's value, or the number's text; empty where there is none.
std::string cellText(const ResultsTable& table, const ResultsRow& row, ResultColumn column);
/// The same as a number; nothing where it is none.
std::optional<double> cellNumber(const ResultsTable& table, const ResultsRow& row, ResultColumn column);

/// One condition on a row.
struct RowCondition {
    enum class Test { oneOf, noneOf, below, atMost, above, atLeast, contains, diverged };
    Test test = Test::contains;
    ResultColumn column;              ///< not of `contains` and `diverged`
    std::vector<std::string> values;  ///< of oneOf and noneOf; the word of `contains`
    double bound = 0;                 ///< of the others
};

/// Rows that fulfil all conditions pass.
struct RowFilter {
    std::vector<RowCondition> conditions;

    bool passes(const ResultsTable& table, const ResultsRow& row) const;
};

/// Reads what a person typed: "form=kv,qkv seed!=3 test_accuracy<50% diverged swap". A word alone must be part of one of the key's values;
/// a key may be given by its whole path or by any end of it that is no other's. Throws InputError in a sentence.
RowFilter parseRowFilter(std::string_view text, const ResultsTable& table);

/// Accuracies that are in the table, losses, times: the best first suggestion of a number to look at.
std::string tellingColumn(const ResultsTable& table);

}  // namespace lab
