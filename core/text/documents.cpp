#include "core/text/documents.h"

#include <algorithm>
#include <array>

#include "core/base/utf8.h"
#include "core/text/cleaning_rules.h"
#include "core/text/code_points.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

/// The line that begins at `at`: its end without and with its sign.
struct LineEnd {
    std::size_t text = 0, next = 0;
};

LineEnd lineEndFrom(std::string_view text, std::size_t at, std::size_t end) {
    const std::size_t sign = std::min(text.find_first_of("\r\n", at), end);
    if (sign >= end) return {end, end};
    const bool two = text[sign] == '\r' && sign + 1 < end && text[sign + 1] == '\n';
    return {sign, sign + (two ? 2 : 1)};
}

/// `mark` at the start of a line of the part, from `from` on; npos: there is none.
std::size_t lineThatBegins(std::string_view text, std::string_view mark, std::size_t from, std::size_t end) {
    for (std::size_t at = text.find(mark, from); at != std::string_view::npos && at < end; at = text.find(mark, at + 1))
        if (at == from || text[at - 1] == '\n' || text[at - 1] == '\r') return at;
    return std::string_view::npos;
}

/// The first of two spellings, which differ over the years.
std::size_t firstLine(std::string_view text, std::array<std::string_view, 2> marks, std::size_t from, std::size_t end) {
    return std::min(lineThatBegins(text, marks[0], from, end), lineThatBegins(text, marks[1], from, end));
}

bool isUnseen(char32_t code) {
    return code == ' ' || code == '\t' || cleaning::isInvisible(code) || cleaning::isSpecialSpace(code);
}

}  // namespace

bool isBlankLine(std::string_view line, bool latin1) {
    for (std::size_t at = 0; at < line.size();) {
        const auto byte = static_cast<unsigned char>(line[at]);
        if (byte > ' ' && byte < 0x7F) return false;
        const CodePoint each = latin1 ? CodePoint{byte, 1} : codePointAt(line, at);
        if (!isUnseen(each.code)) return false;
        at += each.bytes;
    }
    return true;
}

std::vector<ByteRange> cutDocuments(std::string_view text, ByteRange part, bool atBlankLines) {
    std::vector<ByteRange> documents;
    bool inside = false;
    for (std::size_t at = part.begin; at < part.end;) {
        const LineEnd line = lineEndFrom(text, at, part.end);
        if (isBlankLine(text.substr(at, line.text - at))) {
            inside = inside && !atBlankLines;
        } else if (inside) {
            documents.back().end = line.text;
        } else {
            documents.push_back({at, line.text});
            inside = true;
        }
        at = line.next;
    }
    return documents;
}

ByteRange withoutGutenberg(std::string_view text, ByteRange part) {
    constexpr std::array<std::string_view, 2> starts{"*** START OF TH", "***START OF TH"}, ends{"*** END OF TH", "***END OF TH"};
    ByteRange rest = part;
    if (const std::size_t start = firstLine(text, starts, part.begin, part.end); start != std::string_view::npos)
        rest.begin = lineEndFrom(text, start, part.end).next;
    if (const std::size_t end = firstLine(text, ends, rest.begin, part.end); end != std::string_view::npos) rest.end = end;
    return rest;
}

std::string titleOf(std::string_view document) {
    constexpr std::size_t longest = 40;
    std::string title;
    std::size_t characters = 0, wordEnd = 0;
    bool gap = false;
    for (std::size_t at = std::min(document.find_first_not_of("# \t\r\n"), document.size()); at < document.size();) {
        const CodePoint each = codePointAt(document, at);
        at += each.bytes;
        if (each.code == '\r' || (each.code == '\n' && title.size() > 0 && characters * 2 > longest)) break;
        if (unicode::isSpace(each.code)) {
            gap = !title.empty();
            continue;
        }
        if (gap) {
            wordEnd = title.size();
            title += ' ';
            ++characters;
            gap = false;
        }
        appendUtf8(title, each.code);
        if (++characters < longest) continue;
        if (wordEnd > 0 && at < document.size() && !unicode::isSpace(codePointAt(document, at).code)) title.resize(wordEnd);
        return at < document.size() ? title + "…" : title;
    }
    return title;
}

}  // namespace lab
