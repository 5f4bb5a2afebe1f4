#include "core/text/documents.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/text/cleaning_rules.h"
#include "core/text/code_points.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

/// Goes through the lines of a part of a text, whose ends are looked for once each.
class Lines {
public:
    Lines(std::string_view text, ByteRange part) : m_text(text.substr(0, part.end)), m_next(part.begin) {}

    bool more() const { return m_next < m_text.size(); }
    /// The next one, without its end.
    ByteRange take() {
        const std::size_t begin = m_next, feed = nextOf('\n', m_feed), carriage = nextOf('\r', m_carriage);
        const std::size_t end = std::min(feed, carriage);
        const bool two = carriage < feed && feed == carriage + 1;
        m_next = std::min(end + (two ? 2 : 1), m_text.size());
        return {begin, end};
    }
    std::size_t next() const { return m_next; }

private:
    std::size_t nextOf(char sign, std::size_t& found) const {
        if (found == unknown || found < m_next) found = std::min(m_text.find(sign, m_next), m_text.size());
        return found;
    }

    static constexpr std::size_t unknown = std::string_view::npos;
    std::string_view m_text;
    std::size_t m_next;
    std::size_t m_feed = unknown, m_carriage = unknown;
};

std::size_t lineBehind(std::string_view text, ByteRange part) {
    Lines lines(text, part);
    lines.take();
    return lines.next();
}

/// Where a line such as "*** START OF THE PROJECT GUTENBERG EBOOK" begins; its spelling differs over the years. npos: there is none.
std::size_t gutenbergLine(std::string_view text, std::string_view word, std::size_t from, std::size_t end) {
    constexpr std::string_view stars = "***";
    for (std::size_t at = text.find(stars, from); at < end; at = text.find(stars, at + stars.size())) {
        if (at != from && text[at - 1] != '\n' && text[at - 1] != '\r') continue;
        const std::string_view line = text.substr(at, std::min(text.find_first_of("\r\n", at), end) - at);
        const std::size_t first = line.find_first_not_of("* ");
        if (first == std::string_view::npos) continue;
        if (line.substr(first).starts_with(word) && line.find("GUTENBERG") != std::string_view::npos) return at;
    }
    return std::string_view::npos;
}

bool isUnseen(char32_t code) {
    return code == ' ' || code == '\t' || cleaning::isInvisible(code) || cleaning::isSpecialSpace(code);
}

}  // namespace

bool isBlankLine(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
        const auto byte = static_cast<unsigned char>(line[at]);
        if (byte > ' ' && byte < 0x7F) return false;
        const CodePoint each = codePointAt(line, at);
        if (!isUnseen(each.code)) return false;
        at += each.bytes;
    }
    return true;
}

std::vector<ByteRange> cutDocuments(std::string_view text, ByteRange part, bool atBlankLines) {
    std::vector<ByteRange> documents;
    bool inside = false;
    for (Lines lines(text, part); lines.more();) {
        const ByteRange line = lines.take();
        if (isBlankLine(text.substr(line.begin, line.size()))) {
            inside = inside && !atBlankLines;
        } else if (inside) {
            documents.back().end = line.end;
        } else {
            documents.push_back(line);
            inside = true;
        }
    }
    return documents;
}

ByteRange withoutGutenberg(std::string_view text, ByteRange part) {
    ByteRange rest = part;
    if (const std::size_t start = gutenbergLine(text, "START", part.begin, part.end); start != std::string_view::npos)
        rest.begin = lineBehind(text, {start, part.end});
    if (const std::size_t end = gutenbergLine(text, "END", rest.begin, part.end); end != std::string_view::npos) rest.end = end;
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
