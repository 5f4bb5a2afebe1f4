#include "core/base/csv.h"

#include "core/base/errors.h"
#include "core/base/utf8.h"

namespace lab {
namespace {

constexpr std::string_view orderMark = "\xEF\xBB\xBF";  // at the beginning of a file it is not read as a cell's

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos && !cell.starts_with(orderMark)) return cell;
    std::string text = "\"";
    for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
    return text + '"';
}

/// Walks the text once, character by character.
class Reader {
public:
    Reader(std::string_view text, const std::string& file, const CsvFormat& format)
        : m_text(text), m_file(file), m_format(format), m_cellEnds({format.separator, '\r', '\n'}) {}

    void read(const std::function<bool(CsvRecord)>& wanted) {
        while (m_at < m_text.size()) {
            CsvRecord record{m_line, {}};
            do record.cells.push_back(cell());
            while (m_format.separator != 0 && take(m_format.separator));
            endLine();
            const bool blank = record.cells.size() == 1 && record.cells[0].empty();
            if (!blank && !wanted(std::move(record))) return;
        }
    }

private:
    bool take(char c) {
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }

    std::string cell() {
        if (m_format.quotes && take('"')) return quotedCell();
        const std::size_t end = std::min(m_text.find_first_of(m_cellEnds, m_at), m_text.size());
        std::string text(m_text.substr(m_at, end - m_at));
        m_at = end;
        if (m_format.quotes && text.find('"') != std::string::npos)
            refuse(LAB_TEXT("io", "a quote within a cell that does not begin with one"));
        return text;
    }

    std::string quotedCell() {
        const int begin = m_line;
        std::string text;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == '\n') ++m_line;
            if (c == '"' && !take('"')) return text;
            text += c;
        }
        m_line = begin;
        refuse(LAB_TEXT("io", "a quote is not closed"));
    }

    void endLine() {
        bool carriage = false;
        while (take('\r')) carriage = true;  // "\r\r\n" comes of a file that was converted twice
        if (take('\n')) {
            ++m_line;
        } else if (m_at < m_text.size() || carriage) {
            refuse(carriage ? LAB_TEXT("io", "a carriage return without a line feed") : LAB_TEXT("io", "text behind a closing quote"));
        }
    }

    [[noreturn]] void refuse(Message problem) const {
        throw InputError(m_file, located(Message(LAB_TEXT("io", "line %1")).arg(m_line), std::move(problem)));
    }

    std::string_view m_text;
    const std::string& m_file;
    CsvFormat m_format;
    std::string m_cellEnds;
    std::size_t m_at = 0;
    int m_line = 1;
};

}  // namespace

std::string csvLine(const std::vector<std::string>& cells) {
    std::string line;
    for (const std::string& cell : cells) {
        if (&cell != &cells.front()) line += ',';
        line += quoted(cell);
    }
    return line;
}

void readCsv(std::string_view text, const std::string& file, const CsvFormat& format, const std::function<bool(CsvRecord)>& take) {
    if (text.starts_with(orderMark)) text.remove_prefix(orderMark.size());
    Reader(text, file, format).read(take);
}

std::vector<CsvRecord> parseCsv(std::string_view text, const std::string& file) {
    if (!isUtf8(text)) throw InputError(file, LAB_TEXT("io", "is not a text in UTF-8"));
    std::vector<CsvRecord> records;
    readCsv(text, file, {}, [&](CsvRecord record) {
        records.push_back(std::move(record));
        return true;
    });
    return records;
}

}  // namespace lab
