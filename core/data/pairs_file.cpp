#include "core/data/pairs_file.h"

#include <algorithm>
#include <optional>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/utf8.h"
#include "core/data/tokenizers/integer_tokenizer.h"

namespace lab {
namespace {

std::string columnNames(int columns) {
    return columns == 3 ? "input TAB target-input TAB target" : "input TAB target";
}

/// Cuts one line; the column counts characters, from 1.
class LineReader {
public:
    LineReader(std::string place, std::string_view text, int columns) : m_place(std::move(place)), m_text(text), m_columns(columns) {}

    std::vector<std::vector<PairsToken>> read() {
        std::vector<std::vector<PairsToken>> columns(1);
        std::size_t start = 0;  // of the present token
        int startColumn = 1;
        for (std::size_t at = 0; at <= m_text.size();) {
            const bool atEnd = at == m_text.size();
            const std::size_t length = atEnd ? 1 : utf8CharacterLength(m_text.substr(at));
            if (length == 0) refuse("this is not UTF-8");
            if (atEnd || m_text[at] == ' ' || m_text[at] == '\t') {
                if (at == start) refuse(emptyTokenText(atEnd));
                columns.back().push_back({m_text.substr(start, at - start), startColumn});
                start = at + 1;
                startColumn = m_column + 1;
            }
            if (!atEnd && m_text[at] == '\t') {
                if (static_cast<int>(columns.size()) == m_columns) refuse("one TAB too many; expected " + columnNames(m_columns));
                columns.emplace_back();
            }
            at += length;
            ++m_column;
        }
        if (static_cast<int>(columns.size()) < m_columns) {
            m_column = std::max(1, m_column - 1);
            refuse("the line ends after " + std::to_string(columns.size()) + (columns.size() == 1 ? " column" : " columns") +
                   "; expected " + columnNames(m_columns));
        }
        return columns;
    }

private:
    [[noreturn]] void refuse(const std::string& sentence) const { throw InputError(m_place + std::to_string(m_column) + ": " + sentence); }

    std::string emptyTokenText(bool atEnd) const {
        if (m_text.empty()) return "the line is empty; expected " + columnNames(m_columns);
        return std::string("expected a token, got ") +
               (atEnd                          ? "the end of the line"
                : m_text[tokenStart()] == '\t' ? "a TAB"
                                               : "a space") +
               "; tokens are separated by single spaces";
    }

    std::size_t tokenStart() const {
        std::size_t at = 0;
        for (int column = 1; column < m_column; ++column) at += utf8CharacterLength(m_text.substr(at));
        return at;
    }

    std::string m_place;  ///< "FILE:LINE:"
    std::string_view m_text;
    int m_columns;
    int m_column = 1;
};

}  // namespace

PairsFile::PairsFile(const std::filesystem::path& path, int columns) : PairsFile(utf8Text(path), readFile(path), columns) {}

PairsFile::PairsFile(std::string name, std::string text, int columns)
    : m_name(std::move(name)), m_text(std::move(text)), m_columns(columns) {
    read();
}

void PairsFile::read() {
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    std::string_view rest = m_text;
    if (rest.starts_with(byteOrderMark)) rest.remove_prefix(byteOrderMark.size());
    const std::size_t last = rest.find_last_not_of("\r\n");  // blank lines at the end say nothing
    rest = rest.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (rest.empty()) throw InputError(m_name + ": has no lines; expected " + columnNames(m_columns));
    for (int number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view text = rest.substr(0, end);
        if (text.ends_with('\r')) text.remove_suffix(1);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        PairsLine line{number, LineReader(m_name + ":" + std::to_string(number) + ":", text, m_columns).read()};
        const auto& answered = line.columns[line.columns.size() - 2];
        const auto& targets = line.columns.back();
        if (answered.size() != targets.size()) {
            throw InputError(place(line, targets.front().column) + "the target has " + std::to_string(targets.size()) +
                             (targets.size() == 1 ? " token" : " tokens") + ", but the " + (m_columns == 3 ? "target input " : "input ") +
                             std::to_string(answered.size()));
        }
        m_lines.push_back(std::move(line));
    }
}

bool PairsFile::hasIntegersOnly() const {
    for (const PairsLine& line : m_lines) {
        for (const auto& column : line.columns) {
            if (!std::ranges::all_of(column, [](const PairsToken& token) { return IntegerTokenizer::isInteger(token.text); })) return false;
        }
    }
    return true;
}

std::string PairsFile::place(const PairsLine& line, int column) const {
    return m_name + ":" + std::to_string(line.number) + ":" + std::to_string(column) + ": ";
}

}  // namespace lab
