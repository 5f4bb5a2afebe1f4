#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/sweep/results_table.h"

// What the rows of a sweep say together: means over runs and configurations, beside the published ones, and sentences.

namespace lab {

/// How a grid's keys are read: one gives the rows of the summary, one its columns, seeds are runs of the same configuration, and all others
/// tell configurations apart.
struct SummaryKeys {
    std::string row;     ///< "task.kind", else the first key that is no seed; may be empty
    std::string column;  ///< "model.attention.form", else the next one; may be empty
};

/// The values of the keys that tell configurations of a cell apart: all but the row's, the column's and the seeds.
using Configuration = std::vector<std::string>;

/// One row's value and one column's value of the grid.
struct SummaryCell {
    std::string row, column;
    int configurations = 0;
    int runs = 0;
    std::map<Configuration, int> runsOf;
    std::vector<Configuration> rated;  ///< those with an accuracy
    int diverged = 0;
    int failed = 0;                   ///< runs that end at less than half
    std::optional<double> mean;       ///< accuracy: mean over the configurations of the mean of their runs
    double spread = 0;                ///< standard deviation over configurations (N, as the published ones)
    std::optional<double> runSpread;  ///< standard deviation over the runs of a configuration (N - 1), pooled; none with one run of each
    double parameters = 0;            ///< mean
    double secondsPerStep = 0;        ///< median over the runs
    std::optional<double> secondsScatter;  ///< of a step: the slowest run of a configuration over its fastest; none with one run of each
};

/// Test accuracy as printed with the paper (arXiv:2305.19129, the author's plot.ipynb).
struct Published {
    std::string task, form;
    double mean = 0, spread = 0;
    int configurations = 0;
};

struct Summary {
    SummaryKeys keys;
    std::vector<std::string> rows, columns;  ///< their values, in the order of the table
    std::vector<SummaryCell> cells;          ///< those that have runs
    bool ofTest = true;                      ///< accuracy on the test set; else on the validation set
    std::optional<LossKind> loss;            ///< whose measure the accuracies are; nothing: of some rows this one's, of others that one's

    const SummaryCell* cell(const std::string& row, const std::string& column) const;
    /// The slowest step over the fastest among runs of one configuration, at its worst; none where no configuration has two.
    std::optional<double> timeScatter() const;
    /// Whether no like runs took unlike time, which would leave nothing to compare.
    bool timesAreSteady() const;
};

Summary summaryOf(const ResultsTable& table);

/// Null when nothing was published about it.
const Published* published(const std::string& task, const std::string& form);

/// One sentence for each thing that the numbers carry, no more.
std::vector<Message> findings(const Summary& summary);

/// "Reverse", "QKV": how tables call a value of task.kind or model.attention.form; others as they are.
std::string displayName(const std::string& value);
/// The same of a value of this key: other keys are named with it, "d_model 16".
std::string displayName(const std::string& value, const std::string& key);

/// Runs that differ in nothing but such keys are of one configuration.
bool isSeedKey(const std::string& key);

/// "71.80 %".
std::string percentText(double fraction, int decimals = 2);

}  // namespace lab
