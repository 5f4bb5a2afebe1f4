#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/training/trainer.h"

namespace lab {

/// One row of the metrics file (FORMATS.md 5); accuracies are fractions of 1.
struct MetricsRow {
    std::int64_t step = 0;
    double trainLoss = 0;
    double trainAccuracy = 0;
    std::optional<double> validationLoss;
    std::optional<double> validationAccuracy;
    double learningRate = 0;
    double gradientNorm = 0;
    double tokensPerSecond = 0;

    bool operator==(const MetricsRow&) const = default;
};

MetricsRow metricsRow(const StepRecord& record);
bool isMetricsColumn(std::string_view name);
/// By its column's name, "train_loss"; nothing where there is no such column, or the row has no value there.
std::optional<double> metricNamed(const MetricsRow& row, std::string_view column);

/// The header's line and a row's line, without line ends. Numbers are the shortest that read back as the same value, whatever the locale.
std::string metricsHeader();
std::string metricsLine(const MetricsRow& row);

/// Reads a metrics file; columns may stand in any order. Throws InputError naming file, line and column.
std::vector<MetricsRow> readMetrics(const std::filesystem::path& path);
/// The same of a text, which messages call `file`.
std::vector<MetricsRow> parseMetrics(std::string_view text, const std::string& file);

/// Writes a metrics file row by row, as the training goes.
class MetricsWriter {
public:
    /// Begins a new file. After a resumed step > 0 the rows of an existing file up to that step stay, so that the file reads as if the
    /// run had never stopped. Throws InputError when the file cannot be written, or is to be continued and is no metrics file.
    explicit MetricsWriter(std::filesystem::path path, std::int64_t resumedStep = 0);

    void write(const StepRecord& record);
    /// Hands everything to the system; throws InputError when a row could not be written (a full disk).
    void flush();

private:
    std::filesystem::path m_path;
    std::ofstream m_file;
};

}  // namespace lab
