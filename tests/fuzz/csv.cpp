#include "core/base/csv.h"

#include <algorithm>

#include "core/sweep/results_table.h"
#include "core/training/metrics_csv.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

bool sameCells(const std::vector<CsvRecord>& a, const std::vector<CsvRecord>& b) {
    return std::ranges::equal(a, b, {}, &CsvRecord::cells, &CsvRecord::cells);
}

void readTable(std::string_view bytes) {
    std::vector<CsvRecord> records;
    if (!accepted([&] { records = parseCsv(bytes, "input"); })) return;
    std::string text;
    for (const CsvRecord& record : records) text += csvLine(record.cells) + "\n";
    require(sameCells(parseCsv(text, "again"), records), "a table is written as it is read");
}

void readMetricsOf(std::string_view bytes) {
    std::vector<MetricsRow> rows;
    if (!accepted([&] { rows = parseMetrics(bytes, "input"); })) return;
    std::string text = metricsHeader() + "\n";
    for (const MetricsRow& row : rows) text += metricsLine(row) + "\n";
    require(parseMetrics(text, "again") == rows, "metrics are written as they are read");
}

void readResultsOf(std::string_view bytes) {
    ResultsTable table;
    if (!accepted([&] { table = parseResults(bytes, "input"); })) return;
    const ResultsTable again = parseResults(writeResults(table), "again");
    require(again.keys == table.keys && again.rows.size() == table.rows.size(), "results are written with their keys and rows");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        require(again.rows[i].cells == table.rows[i].cells, "a row's cells are written as they are read");
        require(again.rows[i].result == table.rows[i].result, "a row's numbers are written as they are read");
    }
}

}  // namespace

void csv(std::string_view bytes) {
    readTable(bytes);
    readMetricsOf(bytes);
    readResultsOf(bytes);
}

}  // namespace lab::fuzz
