#include "app/commands/result_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands/status_line.h"
#include "core/base/csv.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"

namespace lab {
namespace {

/// Characters, not bytes: columns of words in any script.
std::size_t widthOf(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Of a file: the shortest text that reads back as the same value.
std::string exactText(const ResultTable::Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
    const double number = std::get<double>(cell);
    return std::isfinite(number) ? numberText(number) : std::string();
}

/// Six digits are enough for the eye.
std::string shortText(const ResultTable::Cell& cell) {
    if (const auto* number = std::get_if<double>(&cell)) return std::isfinite(*number) ? formatted("%.6g", *number) : "-";
    return exactText(cell);
}

void print(const ResultTable& table) {
    std::vector<std::vector<std::string>> lines{table.header};
    for (const auto& row : table.rows) {
        lines.emplace_back();
        for (const ResultTable::Cell& cell : row) lines.back().push_back(shortText(cell));
    }
    std::vector<std::size_t> widths(table.header.size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], widthOf(line[i]));
    for (const auto& line : lines) {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i) {
            text += line[i];
            if (i + 1 < line.size()) text += std::string(widths[i] - widthOf(line[i]) + 2, ' ');
        }
        std::printf("%s\n", text.c_str());
    }
}

void printJson(const ResultTable& table) {
    auto rows = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) {
        nlohmann::ordered_json object;
        for (std::size_t i = 0; i < row.size(); ++i) std::visit([&](const auto& value) { object[table.header[i]] = value; }, row[i]);
        rows.push_back(std::move(object));
    }
    std::printf("%s\n", rows.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

}  // namespace

std::vector<Option> tableOptions() {
    return {{"--csv", "FILE", "write the table as CSV in place of printing it", false, FileUse::written},
            {"--json", "", "print it as JSON, a list with an object for each line", false}};
}

void checkTableOptions(const Arguments& arguments) {
    if (arguments.has("--csv") && arguments.has("--json")) throw UsageError("--csv and --json are two forms of one table: give one");
    if (arguments.has("--csv")) checkFolderOf(*arguments.path("--csv"));
}

void writeTable(const Arguments& arguments, const ResultTable& table) {
    if (arguments.has("--json")) return printJson(table);
    if (!arguments.has("--csv")) return print(table);
    std::string text = csvLine(table.header) + "\n";
    for (const auto& row : table.rows) {
        std::vector<std::string> cells;
        for (const ResultTable::Cell& cell : row) cells.push_back(exactText(cell));
        text += csvLine(cells) + "\n";
    }
    replaceFile(*arguments.path("--csv"), {text});
}

}  // namespace lab
