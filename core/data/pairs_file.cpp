#include "core/data/pairs_file.h"

#include <algorithm>
#include <optional>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/utf8.h"
#include "core/data/composed_text.h"
#include "core/data/tokenizers/integer_tokenizer.h"

namespace lab {
namespace {

SourceText columnNames(int columns) {
    return columns == 3 ? LAB_TEXT("data", "input TAB target-input TAB target") : LAB_TEXT("data", "input TAB target");
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
            if (length == 0) refuse(LAB_TEXT("data", "this is not UTF-8"));
            if (!atEnd && m_text[at] == '\r')
                refuse(LAB_TEXT("data", "there is a carriage return inside the line; lines end with LF or CR LF"));
            if (atEnd || m_text[at] == ' ' || m_text[at] == '\t') {
                if (at == start) refuse(emptyTokenText(atEnd));
                columns.back().push_back({m_text.substr(start, at - start), startColumn});
                start = at + 1;
                startColumn = m_column + 1;
            }
            if (!atEnd && m_text[at] == '\t') {
                if (static_cast<int>(columns.size()) == m_columns)
                    refuse(Message(LAB_TEXT("data", "one TAB too many; expected %1")).arg(columnNames(m_columns)));
                columns.emplace_back();
            }
            at += length;
            ++m_column;
        }
        if (static_cast<int>(columns.size()) < m_columns) {
            m_column = std::max(1, m_column - 1);
            refuse(Message(LAB_PLURAL("data", "the line ends after %n column(s); expected %1"))
                       .count(std::ssize(columns))
                       .arg(columnNames(m_columns)));
        }
        return columns;
    }

private:
    [[noreturn]] void refuse(Message sentence) const { throw InputError(m_place + std::to_string(m_column), std::move(sentence)); }

    Message emptyTokenText(bool atEnd) const {
        if (m_text.empty()) return Message(LAB_TEXT("data", "the line is empty; expected %1")).arg(columnNames(m_columns));
        if (atEnd) return LAB_TEXT("data", "expected a token, got the end of the line; tokens are separated by single spaces");
        return m_text[tokenStart()] == '\t' ? LAB_TEXT("data", "expected a token, got a TAB; tokens are separated by single spaces")
                                            : LAB_TEXT("data", "expected a token, got a space; tokens are separated by single spaces");
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
    : m_name(std::move(name)), m_text(composedText(std::move(text))), m_columns(columns) {
    read();
}

std::vector<PairsRow> pairsRows(const std::string& name, std::string_view rest, int columns) {
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    if (rest.starts_with(byteOrderMark)) rest.remove_prefix(byteOrderMark.size());
    const std::size_t last = rest.find_last_not_of("\r\n");  // blank lines at the end say nothing
    rest = rest.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (rest.empty()) throw InputError(name, Message(LAB_TEXT("data", "has no lines; expected %1")).arg(columnNames(columns)));
    std::vector<PairsRow> rows;
    for (int number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view text = rest.substr(0, end);
        while (text.ends_with('\r')) text.remove_suffix(1);  // "\r\r\n" comes of a file that was converted twice
        rest.remove_prefix(std::min(end + 1, rest.size()));
        rows.push_back({number, text});
    }
    return rows;
}

void PairsFile::read() {
    for (const PairsRow& row : pairsRows(m_name, m_text, m_columns)) {
        PairsLine line{row.number, LineReader(m_name + ":" + std::to_string(row.number) + ":", row.text, m_columns).read()};
        const auto& answered = line.columns[line.columns.size() - 2];
        const auto& targets = line.columns.back();
        if (answered.size() != targets.size()) {
            const SourceText problem = m_columns == 3 ? LAB_PLURAL("data", "the target has %n token(s), but the target input %1")
                                                      : LAB_PLURAL("data", "the target has %n token(s), but the input %1");
            throw InputError(place(line, targets.front().column), Message(problem).count(std::ssize(targets)).arg(answered.size()));
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
    return m_name + ":" + std::to_string(line.number) + ":" + std::to_string(column);
}

}  // namespace lab
