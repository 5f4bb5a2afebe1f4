#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/loss_kind.h"

// The results of a sweep as a table (FORMATS.md 7): a column for each key of the grid, then what came of the run.

namespace lab {

/// What came of one run.
struct RunResult {
    std::optional<double> trainLoss;           ///< of the last step's batch; absent when the training diverged
    std::optional<double> validationLoss;      ///< after the last step; absent without validation data
    std::optional<double> validationAccuracy;  ///< fraction of 1; of numbers the explained share, which may lie below 0
    std::optional<double> testLoss;            ///< absent without test data
    std::optional<double> testAccuracy;
    std::int64_t steps = 0;  ///< done; fewer than the experiment's when the training diverged
    double seconds = 0;      ///< computing time of the steps, without validation and test
    std::int64_t parameters = 0;

    bool diverged() const { return !trainLoss; }
    bool operator==(const RunResult&) const = default;
};

/// Whether two runs came to the same, however long they took.
bool sameButForTime(RunResult a, const RunResult& b);

struct ResultsRow {
    std::vector<std::string> cells;  ///< the keys' values
    RunResult result;
};

struct ResultsTable {
    std::vector<std::string> keys;  ///< "task.kind", ...
    std::vector<ResultsRow> rows;
    /// Whose measure its accuracies are; nothing: of some rows this one's, of others that one's. Not in the file.
    std::optional<LossKind> loss = LossKind::cross_entropy;
};

/// The numbers' columns in their order: "train_loss", ..., "parameters".
const std::vector<std::string>& resultColumns();
/// The number of a column; nothing where the table is empty.
std::optional<double> resultValue(const RunResult& result, std::string_view column);

/// Throws InputError naming file, line and column.
ResultsTable readResults(const std::filesystem::path& csv);
/// The same of a text, which messages call `file`.
ResultsTable parseResults(std::string_view text, const std::string& file);
/// The whole file's text.
std::string writeResults(const ResultsTable& table);

}  // namespace lab
