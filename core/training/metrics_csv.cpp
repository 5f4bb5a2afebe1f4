#include "core/training/metrics_csv.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string_view>

#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"

namespace lab {
namespace {

constexpr std::array<std::string_view, 8> columns = {
    "step",          "train_loss",    "train_accuracy",   "validation_loss", "validation_accuracy",
    "learning_rate", "gradient_norm", "tokens_per_second"};
constexpr std::size_t firstOptional = 3, lastOptional = 4;  // the validation columns may be empty

std::string text(const std::optional<double>& value) {
    return value ? numberText(*value) : std::string();
}

/// In the order of the columns.
std::array<std::optional<double>, columns.size()> numbersOf(const MetricsRow& row) {
    return {static_cast<double>(row.step), row.trainLoss,    row.trainAccuracy, row.validationLoss,
            row.validationAccuracy,        row.learningRate, row.gradientNorm,  row.tokensPerSecond};
}

/// "metrics.csv: line 3, column step"
Message placeOf(const std::string& file, const CsvRecord& record, std::string_view column) {
    return located(file, Message(LAB_TEXT("training", "line %1, column %2")).arg(record.line).arg(column));
}

/// Where each known column stands in the file.
std::array<std::size_t, columns.size()> columnPlaces(const std::string& file, const CsvRecord& header) {
    std::array<std::size_t, columns.size()> places{};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto found = std::ranges::find(header.cells, columns[i]);
        if (found == header.cells.end())
            throw InputError(
                file, Message(LAB_TEXT("training", "not a metrics file: line %1 has no column %2")).arg(header.line).arg(columns[i]));
        places[i] = static_cast<std::size_t>(found - header.cells.begin());
    }
    return places;
}

std::array<std::optional<double>, columns.size()> valuesOf(const std::string& file, const CsvRecord& record,
                                                           const std::array<std::size_t, columns.size()>& places) {
    std::array<std::optional<double>, columns.size()> values;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string cell = places[i] < record.cells.size() ? record.cells[places[i]] : std::string();
        values[i] = parseReal(cell);
        const bool mayBeEmpty = i >= firstOptional && i <= lastOptional && cell.empty();
        if (!values[i] && !mayBeEmpty)
            throw InputError(placeOf(file, record, columns[i]), Message(LAB_TEXT("training", "'%1' is not a number")).arg(cell));
    }
    return values;
}

/// Steps are whole numbers that grow from row to row; some may be missing.
void checkStep(const std::string& file, const CsvRecord& record, double step, const std::vector<MetricsRow>& before) {
    const Message place = placeOf(file, record, columns[0]);
    if (step < 0 || step > largestWhole || step != std::floor(step))
        throw InputError(place, Message(LAB_TEXT("training", "%1 is no step: a whole number from 0 on")).arg(step));
    if (!before.empty() && step <= static_cast<double>(before.back().step))
        throw InputError(place, Message(LAB_TEXT("training", "step %1 comes after step %2")).arg(step).arg(before.back().step));
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

bool isMetricsColumn(std::string_view name) {
    return std::ranges::find(columns, name) != columns.end();
}

std::optional<double> metricNamed(const MetricsRow& row, std::string_view column) {
    const auto found = std::ranges::find(columns, column);
    return found == columns.end() ? std::nullopt : numbersOf(row)[static_cast<std::size_t>(found - columns.begin())];
}

std::string metricsLine(const MetricsRow& row) {
    std::string line = std::to_string(row.step);
    const auto numbers = numbersOf(row);
    for (std::size_t i = 1; i < numbers.size(); ++i) line += ',' + text(numbers[i]);
    return line;
}

std::vector<MetricsRow> readMetrics(const std::filesystem::path& path) {
    return parseMetrics(readFile(path), utf8Text(path));
}

std::vector<MetricsRow> parseMetrics(std::string_view csv, const std::string& file) {
    const std::vector<CsvRecord> records = parseCsv(csv, file);
    if (records.empty()) throw InputError(file, LAB_TEXT("training", "is empty"));
    const auto places = columnPlaces(file, records.front());
    std::vector<MetricsRow> rows;
    for (auto record = records.begin() + 1; record != records.end(); ++record) {
        const auto values = valuesOf(file, *record, places);
        checkStep(file, *record, *values[0], rows);
        rows.push_back(rowOf(values));
    }
    return rows;
}

namespace {

/// Up to the end of the last line that has one: a program that was killed may have left a part behind it.
std::string_view wholeLines(std::string_view text) {
    return text.substr(0, text.rfind('\n') + 1);
}

/// The rows of an existing file that a training resumed after `step` goes on from.
std::vector<MetricsRow> keptRows(const std::filesystem::path& path, std::int64_t step) {
    std::error_code error;
    if (step == 0 || !std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path) == 0) return {};
    const std::string text = readFile(path);
    std::vector<MetricsRow> rows = parseMetrics(wholeLines(text), utf8Text(path));
    std::erase_if(rows, [&](const MetricsRow& row) { return row.step > step; });
    if (!rows.empty() && rows.back().step < step)
        throw InputError(utf8Text(path),
                         Message(LAB_TEXT("training",
                                          "ends at step %1, but the state is of step %2: the rows between would be missing; "
                                          "name another file"))
                             .arg(rows.back().step)
                             .arg(step));
    return rows;
}

void requireWritten(const std::ofstream& file, const std::filesystem::path& path) {
    if (file) return;
    const Message what = LAB_TEXT("training", "could not be written to the end");
    throw InputError(utf8Text(path), errno == 0 ? what : located(what, Message::verbatim(std::strerror(errno))));
}

}  // namespace

MetricsWriter::MetricsWriter(std::filesystem::path path, std::int64_t resumedStep) : m_path(std::move(path)) {
    std::string begin = metricsHeader() + '\n';
    for (const MetricsRow& row : keptRows(m_path, resumedStep)) begin += metricsLine(row) + '\n';
    replaceFile(m_path, {begin});  // a program killed here leaves the rows that were there, or these
    m_file.rdbuf()->pubsetbuf(nullptr, 0);
    m_file.open(m_path, std::ios::binary | std::ios::app);
    if (!m_file) throw InputError(utf8Text(m_path), LAB_TEXT("training", "cannot be written"));
}

/// Each row goes to the system at once, whole: killed at any time, a program leaves all rows of the steps that it has kept.
void MetricsWriter::write(const StepRecord& record) {
    const std::string line = metricsLine(metricsRow(record)) + '\n';
    errno = 0;
    m_file.write(line.data(), static_cast<std::streamsize>(line.size()));
    requireWritten(m_file, m_path);
}

void MetricsWriter::flush() {
    errno = 0;
    m_file.flush();
    requireWritten(m_file, m_path);
}

}  // namespace lab
