#include "core/data/own_table.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/utf8.h"
#include "core/data/composed_text.h"

namespace lab {
namespace {

/// A guess looks at so many rows.
constexpr std::size_t guessedRows = 50;

/// First lines that are names although everything is text.
constexpr std::array columnWords{"text",     "texts", "sentence", "input",  "inputs",  "source", "src",      "target",
                                 "targets",  "tgt",   "output",   "answer", "label",   "labels", "class",    "tag",
                                 "tags",     "word",  "words",    "tokens", "review",  "title",  "category", "intent",
                                 "question", "line",  "id",       "topic",  "x",       "y",      "en",       "de",
                                 "fr",       "es",    "english",  "german", "deutsch", "french", "spanish",  "sentiment"};

std::size_t lineOf(std::string_view text, std::size_t at) {
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

[[noreturn]] void refuseLine(const std::string& file, std::size_t line, Message problem) {
    throw InputError(file, located(Message(LAB_TEXT("data", "line %1")).arg(line), std::move(problem)));
}

void requireSize(std::uintmax_t bytes, const std::string& file) {
    if (bytes <= mostOwnBytes) return;
    const SourceText problem = LAB_TEXT("data", "has %1 MB; files up to %2 MB can be read here");
    throw InputError(file, Message(problem).arg((bytes + (1U << 20U) - 1) >> 20U).arg(mostOwnBytes >> 20));
}

void requireUtf8(std::string_view text, const std::string& file) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw InputError(file, LAB_TEXT("data", "this is UTF-16; save it as UTF-8"));
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8CharacterLength(text.substr(at));
        if (length == 0) refuseLine(file, lineOf(text, at), LAB_TEXT("data", "this is not UTF-8; save the file as UTF-8"));
        if (text[at] == '\0') refuseLine(file, lineOf(text, at), LAB_TEXT("data", "there is a NUL byte, so this is not a text"));
        at += length;
    }
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

bool isNamed(const std::string& cell) {
    const std::string word = lower(std::string(trimmed(cell)));
    return std::ranges::any_of(columnWords, [&](const char* known) { return word == known; });
}

/// Names differ, and either some are usual or a column of numbers has a word at its head.
bool looksLikeHeader(const std::vector<CsvRecord>& rows) {
    if (rows.size() < 2) return false;
    const std::vector<std::string>& first = rows[0].cells;
    if (std::set(first.begin(), first.end()).size() < first.size()) return false;
    const auto isNumber = [](const std::string& cell) { return parseReal(cell).has_value(); };
    if (std::ranges::any_of(first, [&](const std::string& cell) { return trimmed(cell).empty() || isNumber(cell); })) return false;
    if (std::ranges::all_of(first, isNamed)) return true;
    for (std::size_t column = 0; column < first.size(); ++column) {
        const auto below = rows.begin() + 1;
        if (std::all_of(below, rows.end(), [&](const CsvRecord& row) { return column < row.cells.size() && isNumber(row.cells[column]); }))
            return true;
    }
    return first.size() > 1 && std::ranges::count_if(first, isNamed) * 2 >= std::ssize(first);
}

/// Whether this separator cuts every line looked at into as many cells, more than one.
bool cutsEvenly(std::string_view text, const CsvFormat& cells) {
    const OwnTable table = readOwnTable(text, {}, {cells, false}, guessedRows);
    return table.problem.empty() && table.columns > 1;
}

bool hasText(const CsvRecord& row) {
    return std::ranges::any_of(row.cells, [](const std::string& cell) { return !trimmed(cell).empty(); });
}

}  // namespace

Message OwnTable::nameOf(std::size_t column) const {
    if (column < names.size() && !trimmed(names[column]).empty())
        return Message(LAB_TEXT("data", "\u201C%1\u201D")).arg(std::string(trimmed(names[column])));
    return Message(LAB_TEXT("data", "column %1")).arg(column + 1);
}

std::string ownText(std::string bytes, const std::string& file) {
    requireSize(bytes.size(), file);
    requireUtf8(bytes, file);
    return composedText(std::move(bytes));
}

std::string readOwnText(const std::filesystem::path& path) {
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path, unknown);
    const std::string file = utf8Text(path.filename());
    if (!unknown) requireSize(size, file);
    return ownText(readFile(path), file);
}

OwnFormat guessedFormat(std::string_view text, std::string_view ending) {
    const bool commas = lower(std::string(ending)) == ".csv";
    OwnFormat format{{commas ? ',' : '\0', commas}, false};
    for (const char separator : ownSeparators) {
        const CsvFormat cells{separator, commas};
        const bool usual = commas || separator == '\t';  // in sentences commas are commas
        if (separator == 0 || !usual || !cutsEvenly(text, cells)) continue;
        format.cells = cells;
        break;
    }
    if (lower(std::string(ending)) == ".tsv") format.cells.separator = '\t';
    const std::vector<CsvRecord> rows = readOwnTable(text, {}, format, guessedRows).rows;
    format.header = format.cells.separator != 0 && looksLikeHeader(rows);
    return format;
}

OwnTable readOwnTable(std::string_view text, const std::string& file, const OwnFormat& format, std::size_t rowLimit) {
    OwnTable table{file, format, {}, {}, 0, {}};
    bool named = !format.header;
    const auto take = [&](CsvRecord row) {
        if (!hasText(row)) return true;
        if (table.columns == 0) table.columns = row.cells.size();
        if (row.cells.size() != table.columns)
            refuseLine(
                file, static_cast<std::size_t>(row.line),
                Message(LAB_PLURAL("data", "has %n cell(s), but the first line %1")).count(std::ssize(row.cells)).arg(table.columns));
        if (!named) {
            table.names = std::move(row.cells);
            named = true;
        } else {
            table.rows.push_back(std::move(row));
        }
        return table.rows.size() < rowLimit;
    };
    try {
        readCsv(text, file, format.cells, take);
        if (table.rows.empty())
            throw InputError(file, table.columns > 0 ? LAB_TEXT("data", "has names of columns, but no line below them")
                                                     : LAB_TEXT("data", "has no text"));
    } catch (const InputError& error) {
        table.problem = error.message();
    }
    return table;
}

}  // namespace lab
