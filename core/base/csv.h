#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// Tables as comma-separated values (RFC 4180): a cell with a comma, a quote or a line end stands in quotes.

namespace lab {

struct CsvRecord {
    int line = 1;  ///< where it begins, from 1
    std::vector<std::string> cells;
};

struct CsvFormat {
    char separator = ',';  ///< 0: none, a line is one cell
    bool quotes = true;    ///< a cell may stand in them; otherwise they are characters like others

    bool operator==(const CsvFormat&) const = default;
};

/// Cells joined to a line, without its end.
std::string csvLine(const std::vector<std::string>& cells);

/// All records of a file's text; empty lines are skipped. Throws InputError naming `file` and the line for quotes that do not match and
/// text that is not UTF-8.
std::vector<CsvRecord> parseCsv(std::string_view text, const std::string& file);

/// The same one after the other, without a look at UTF-8, until `take` answers with false; what was read before an error was taken.
void readCsv(std::string_view text, const std::string& file, const CsvFormat& format, const std::function<bool(CsvRecord)>& take);

}  // namespace lab
