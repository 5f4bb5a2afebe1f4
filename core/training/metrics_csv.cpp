#include "core/training/metrics_csv.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

constexpr std::array<std::string_view, 8> columns = {
    "step",          "train_loss",    "train_accuracy",   "validation_loss", "validation_accuracy",
    "learning_rate", "gradient_norm", "tokens_per_second"};
constexpr std::size_t firstOptional = 3, lastOptional = 4;  // the validation columns may be empty

std::string text(const std::optional<double>& value) {
    return value ? numberText(*value) : std::string();
}

std::vector<std::string_view> cellsOf(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::vector<std::string_view> cells;
    for (std::size_t begin = 0;;) {
        const std::size_t comma = line.find(',', begin);
        cells.push_back(line.substr(begin, comma - begin));
        if (comma == std::string_view::npos) return cells;
        begin = comma + 1;
    }
}

/// Where each known column stands in the file.
std::array<std::size_t, columns.size()> columnPlaces(const std::filesystem::path& path, std::string_view header) {
    const std::vector<std::string_view> names = cellsOf(header);
    std::array<std::size_t, columns.size()> places{};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto found = std::find(names.begin(), names.end(), columns[i]);
        if (found == names.end())
            throw InputError(utf8Text(path), Message(LAB_TEXT("training", "not a metrics file: line 1 has no column %1")).arg(columns[i]));
        places[i] = static_cast<std::size_t>(found - names.begin());
    }
    return places;
}

MetricsRow rowOf(const std::array<std::optional<double>, columns.size()>& values) {
    return {static_cast<std::int64_t>(*values[0]), *values[1], *values[2], values[3], values[4], *values[5], *values[6], *values[7]};
}

}  // namespace

MetricsRow metricsRow(const StepRecord& record) {
    MetricsRow row;
    row.step = record.step;
    row.trainLoss = record.train.loss;
    row.trainAccuracy = record.train.accuracy;
    if (record.validation) {
        row.validationLoss = record.validation->loss;
        row.validationAccuracy = record.validation->accuracy;
    }
    row.learningRate = record.learningRate;
    row.gradientNorm = record.gradientNorm;
    row.tokensPerSecond = record.seconds > 0 ? record.tokens / record.seconds : 0;
    return row;
}

std::string metricsHeader() {
    std::string header;
    for (std::string_view column : columns) {
        if (!header.empty()) header += ',';
        header += column;
    }
    return header;
}

std::string metricsLine(const MetricsRow& row) {
    return std::to_string(row.step) + ',' + numberText(row.trainLoss) + ',' + numberText(row.trainAccuracy) + ',' +
           text(row.validationLoss) + ',' + text(row.validationAccuracy) + ',' + numberText(row.learningRate) + ',' +
           numberText(row.gradientNorm) + ',' + numberText(row.tokensPerSecond);
}

namespace {

Message notANumber(int line, std::string_view column, std::string_view cell) {
    return Message(LAB_TEXT("training", "line %1, column %2: '%3' is not a number")).arg(line).arg(column).arg(cell);
}

}  // namespace

std::vector<MetricsRow> readMetrics(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    if (!file || !std::getline(file, line)) throw InputError(utf8Text(path), LAB_TEXT("training", "cannot be read, or is empty"));
    const auto places = columnPlaces(path, line);
    std::vector<MetricsRow> rows;
    for (int lineNumber = 2; std::getline(file, line); ++lineNumber) {
        if (line.empty()) continue;
        const std::vector<std::string_view> cells = cellsOf(line);
        std::array<std::optional<double>, columns.size()> values;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::string_view cell = places[i] < cells.size() ? cells[places[i]] : std::string_view();
            values[i] = parseReal(cell);
            const bool mayBeEmpty = i >= firstOptional && i <= lastOptional && cell.empty();
            if (!values[i] && !mayBeEmpty) throw InputError(utf8Text(path), notANumber(lineNumber, columns[i], cell));
        }
        rows.push_back(rowOf(values));
    }
    return rows;
}

MetricsWriter::MetricsWriter(std::filesystem::path path, std::int64_t resumedStep) : m_path(std::move(path)) {
    std::vector<MetricsRow> kept;
    if (resumedStep > 0 && std::filesystem::exists(m_path) && std::filesystem::file_size(m_path) > 0) {
        kept = readMetrics(m_path);
        std::erase_if(kept, [&](const MetricsRow& row) { return row.step > resumedStep; });
    }
    m_file.open(m_path, std::ios::binary | std::ios::trunc);
    if (!m_file) throw InputError(utf8Text(m_path), LAB_TEXT("files", "cannot be written"));
    m_file << metricsHeader() << '\n';
    for (const MetricsRow& row : kept) m_file << metricsLine(row) << '\n';
    flush();
}

void MetricsWriter::write(const StepRecord& record) {
    m_file << metricsLine(metricsRow(record)) << '\n';
    // Whoever follows the file sees each validation at once.
    if (record.validation) flush();
}

void MetricsWriter::flush() {
    m_file.flush();
    if (!m_file) throw InputError(utf8Text(m_path), LAB_TEXT("files", "could not be written to the end"));
}

}  // namespace lab
