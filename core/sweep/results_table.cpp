#include "core/sweep/results_table.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

std::string text(const std::optional<double>& value) {
    return value ? numberText(*value) : std::string();
}

std::vector<std::string> textsOf(const RunResult& r) {
    return {text(r.trainLoss),    text(r.validationLoss),  text(r.validationAccuracy), text(r.testLoss),
            text(r.testAccuracy), std::to_string(r.steps), numberText(r.seconds),      std::to_string(r.parameters)};
}

/// Reads the records below the header one by one, with the place in messages.
class RowReader {
public:
    RowReader(std::string file, const std::vector<std::string>& header) : m_file(std::move(file)), m_header(header) {}

    ResultsRow read(const CsvRecord& record) const {
        if (record.cells.size() != m_header.size())
            throw InputError(
                place(record),
                Message(LAB_PLURAL("sweep", "%n cell(s), but the header has %1")).count(std::ssize(record.cells)).arg(m_header.size()));
        const std::size_t keys = m_header.size() - resultColumns().size();
        ResultsRow row;
        row.cells.assign(record.cells.begin(), record.cells.begin() + static_cast<std::ptrdiff_t>(keys));
        RunResult& r = row.result;
        if (!saysNotFinite(record, keys))
            r = {real(record, keys), real(record, keys + 1), share(record, keys + 2), real(record, keys + 3), share(record, keys + 4)};
        r.steps = count(record, keys + 5);
        const std::optional<double> seconds = real(record, keys + 6);
        if (!seconds || *seconds < 0) refuse(record, keys + 6, LAB_TEXT("sweep", "line %1, column %2: '%3' is not a number of seconds"));
        r.seconds = *seconds;
        r.parameters = count(record, keys + 7);
        return row;
    }

    Message place(const CsvRecord& record) const { return located(m_file, Message(LAB_TEXT("sweep", "line %1")).arg(record.line)); }

private:
    [[noreturn]] void refuse(const CsvRecord& record, std::size_t column, const SourceText& problem) const {
        throw InputError(m_file, Message(problem).arg(record.line).arg(m_header[column]).arg(record.cells[column]));
    }
    /// A run that diverged, as an earlier version wrote it: with a loss of "-nan".
    static bool saysNotFinite(const CsvRecord& record, std::size_t keys) {
        constexpr std::array<std::string_view, 4> words = {"nan", "-nan", "inf", "-inf"};
        return std::any_of(record.cells.begin() + static_cast<std::ptrdiff_t>(keys),
                           record.cells.begin() + static_cast<std::ptrdiff_t>(keys + 5),
                           [&](const std::string& cell) { return std::ranges::find(words, cell) != words.end(); });
    }
    std::optional<double> real(const CsvRecord& record, std::size_t column) const {
        if (record.cells[column].empty()) return std::nullopt;
        const std::optional<double> value = parseReal(record.cells[column]);
        if (!value) refuse(record, column, LAB_TEXT("sweep", "line %1, column %2: '%3' is not a number"));
        return value;
    }
    /// Answers that are worse than always 0 explain less than nothing.
    std::optional<double> share(const CsvRecord& record, std::size_t column) const {
        const std::optional<double> value = real(record, column);
        if (value && *value > 1) refuse(record, column, LAB_TEXT("sweep", "line %1, column %2: '%3' is not a share of at most 1"));
        return value;
    }
    std::int64_t count(const CsvRecord& record, std::size_t column) const {
        const std::optional<std::int64_t> value = parseInteger(record.cells[column]);
        if (!value || *value < 0) refuse(record, column, LAB_TEXT("sweep", "line %1, column %2: '%3' is not an integer of at least 0"));
        return *value;
    }

    std::string m_file;
    const std::vector<std::string>& m_header;
};

/// The keys before the numbers' columns.
std::vector<std::string> keysOf(const std::string& file, const std::vector<std::string>& header) {
    const std::vector<std::string>& numbers = resultColumns();
    const bool fits = header.size() > numbers.size() && std::equal(numbers.rbegin(), numbers.rend(), header.rbegin());
    if (!fits)
        throw InputError(file, Message(LAB_TEXT("sweep", "not a sweep's results: line 1 must name keys, then %1")).arg(csvLine(numbers)));
    std::vector<std::string> keys(header.begin(), header.end() - static_cast<std::ptrdiff_t>(numbers.size()));
    std::set<std::string> seen;
    for (const std::string& key : keys)
        if (key.empty() || !seen.insert(key).second)
            throw InputError(file, Message(LAB_TEXT("sweep", "line 1: the column '%1' is given twice or has no name")).arg(key));
    return keys;
}

}  // namespace

bool sameButForTime(RunResult a, const RunResult& b) {
    a.seconds = b.seconds;
    return a == b;
}

const std::vector<std::string>& resultColumns() {
    static const std::vector<std::string> columns = {"train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
                                                     "steps",      "seconds",         "parameters"};
    return columns;
}

std::optional<double> resultValue(const RunResult& result, std::string_view column) {
    const std::vector<std::string>& columns = resultColumns();
    const auto i = static_cast<std::size_t>(std::ranges::find(columns, column) - columns.begin());
    const std::optional<double> values[] = {result.trainLoss,
                                            result.validationLoss,
                                            result.validationAccuracy,
                                            result.testLoss,
                                            result.testAccuracy,
                                            static_cast<double>(result.steps),
                                            result.seconds,
                                            static_cast<double>(result.parameters)};
    return i < columns.size() ? values[i] : std::nullopt;
}

ResultsTable readResults(const std::filesystem::path& csv) {
    return parseResults(readFile(csv), utf8Text(csv));
}

ResultsTable parseResults(std::string_view text, const std::string& file) {
    const std::vector<CsvRecord> records = parseCsv(text, file);
    if (records.empty()) throw InputError(file, LAB_TEXT("sweep", "is empty"));
    ResultsTable table;
    table.keys = keysOf(file, records.front().cells);
    const RowReader reader(file, records.front().cells);
    std::set<std::vector<std::string>> seen;
    for (std::size_t i = 1; i < records.size(); ++i) {
        table.rows.push_back(reader.read(records[i]));
        if (!seen.insert(table.rows.back().cells).second)
            throw InputError(reader.place(records[i]), LAB_TEXT("sweep", "this run is there already"));
    }
    return table;
}

std::string writeResults(const ResultsTable& table) {
    std::vector<std::string> header = table.keys;
    header.insert(header.end(), resultColumns().begin(), resultColumns().end());
    std::string text = csvLine(header) + "\n";
    for (const ResultsRow& row : table.rows) {
        std::vector<std::string> cells = row.cells;
        for (std::string& number : textsOf(row.result)) cells.push_back(std::move(number));
        text += csvLine(cells) + "\n";
    }
    return text;
}

}  // namespace lab
