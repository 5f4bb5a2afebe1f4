#include "core/text/cleaning_rules.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/base/number_text.h"
#include "core/text/code_points.h"
#include "core/text/unicode.h"

namespace lab::cleaning {
namespace {

/// The bytes that a rule's characters may begin with: between them nothing needs a look.
class FirstBytes {
public:
    constexpr FirstBytes(std::initializer_list<int> bytes) {
        for (const int byte : bytes) m_has[static_cast<std::size_t>(byte)] = true;
    }
    constexpr void addRange(int first, int last) {
        for (int byte = first; byte <= last; ++byte) m_has[static_cast<std::size_t>(byte)] = true;
    }
    std::size_t next(std::string_view text, std::size_t from) const {
        while (from < text.size() && !m_has[static_cast<unsigned char>(text[from])]) ++from;
        return from;
    }

private:
    std::array<bool, 256> m_has{};
};

/// Looks at each character that begins with one of these bytes: `take(begin, code, end)`.
template <class Take>
void forEachOf(const FirstBytes& first, std::string_view text, Take take) {
    for (std::size_t at = first.next(text, 0); at < text.size(); at = first.next(text, at)) {
        const CodePoint each = codePointAt(text, at);
        take(at, each.code, at + each.bytes);
        at += each.bytes;
    }
}

bool within(char32_t code, char32_t first, char32_t last) {
    return code >= first && code <= last;
}

constexpr char32_t nonJoiner = 0x200C, joiner = 0x200D;

/// Scripts whose letters join by rules that a joiner changes, and emoji, which joiners make into one picture.
bool usesJoiners(char32_t code) {
    constexpr std::array<std::pair<char32_t, char32_t>, 11> blocks{{{0x0600, 0x109F},
                                                                    {0x1780, 0x18AF},
                                                                    {0x1CD0, 0x1CFF},
                                                                    {0x2600, 0x27BF},
                                                                    {0x2B00, 0x2BFF},
                                                                    {0xA8E0, 0xA8FF},
                                                                    {0xFB50, 0xFDFF},
                                                                    {0xFE0F, 0xFE0F},
                                                                    {0xFE70, 0xFEFC},
                                                                    {0x11000, 0x11FFF},
                                                                    {0x1F000, 0x1FAFF}}};
    return std::ranges::any_of(blocks, [code](const auto& block) { return within(code, block.first, block.second); });
}

/// "&...;" at `at`: the character it stands for and its length; no length when it is none that is known.
CodePoint entityAt(std::string_view text, std::size_t at) {
    constexpr std::size_t longest = 10;
    const std::size_t end = text.substr(at, longest).find(';');
    if (end == std::string_view::npos) return {0, 0};
    const std::string_view name = text.substr(at + 1, end - 1);
    constexpr std::array<std::pair<std::string_view, char32_t>, 6> named{
        {{"amp", U'&'}, {"lt", U'<'}, {"gt", U'>'}, {"quot", U'"'}, {"apos", U'\''}, {"nbsp", 0xA0}}};
    for (const auto& [word, code] : named)
        if (name == word) return {code, end + 1};
    if (!name.starts_with('#')) return {0, 0};
    const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    std::uint32_t code = 0;
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    for (const char c : digits) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
        if (digit >= (hexadecimal ? 16 : 10)) return {0, 0};
        code = code * (hexadecimal ? 16 : 10) + static_cast<std::uint32_t>(digit);
    }
    const bool character =
        !digits.empty() && (code >= 0x20 || code == 9 || code == 10) && code <= 0x10FFFF && !within(code, 0xD800, 0xDFFF);
    return character ? CodePoint{code, end + 1} : CodePoint{0, 0};
}

std::string_view asciiOf(char32_t code) {
    switch (code) {
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x201B:
            return "'";
        case 0x201C:
        case 0x201D:
        case 0x201E:
        case 0x201F:
            return "\"";
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2015:
        case 0x2212:
            return "-";
        case 0x2026:
            return "...";
        default:
            return {};
    }
}

bool isBlank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r';
}

}  // namespace

bool isInvisible(char32_t code) {
    if (code == '\t' || code == '\n' || code == '\r') return false;
    constexpr char32_t softHyphen = 0xAD, byteOrderMark = 0xFEFF;
    return code < 0x20 || within(code, 0x7F, 0x9F) || code == softHyphen || within(code, 0x200B, 0x200F) || within(code, 0x202A, 0x202E) ||
           within(code, 0x2060, 0x2069) || code == byteOrderMark;
}

bool isSpecialSpace(char32_t code) {
    return code == 0xA0 || code == 0x1680 || within(code, 0x2000, 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

void lineEnds(std::string_view text, TextRewriter& out) {
    constexpr char32_t nextLine = 0x85, lineSeparator = 0x2028, paragraphSeparator = 0x2029;
    constexpr FirstBytes first{'\r', 0xC2, 0xE2};
    forEachOf(first, text, [&](std::size_t begin, char32_t code, std::size_t end) {
        if (code == '\r')
            out.replace(begin, end < text.size() && text[end] == '\n' ? end + 1 : end, "\n");
        else if (code == nextLine || code == lineSeparator || code == paragraphSeparator)
            out.replace(begin, end, "\n");
    });
}

void htmlEntities(std::string_view text, TextRewriter& out) {
    for (std::size_t at = text.find('&'); at != std::string_view::npos;) {
        const CodePoint entity = entityAt(text, at);
        if (entity.bytes > 0) {
            std::string character;
            appendUtf8(character, entity.code);
            out.replace(at, at + entity.bytes, character);
        }
        at = text.find('&', at + std::max<std::size_t>(1, entity.bytes));
    }
}

void toNfc(std::string_view text, TextRewriter& out) {
    constexpr FirstBytes high = [] {
        FirstBytes bytes{};
        bytes.addRange(0xCC, 0xF4);  // below U+0300 all is in its form by itself
        return bytes;
    }();
    std::size_t at = 0;
    while ((at = high.next(text, at)) < text.size()) {
        const CodePoint each = codePointAt(text, at);
        if (!unicode::mayRecompose(each.code)) {
            at += each.bytes;
            continue;
        }
        // With the character before it, which composing cannot reach beyond, up to the next such one.
        const std::size_t begin = at > 0 ? startOfCodePoint(text, at - 1) : 0;
        while (at < text.size()) {
            const CodePoint next = codePointAt(text, at);
            if (!unicode::mayRecompose(next.code)) break;
            at += next.bytes;
        }
        const std::string_view given = text.substr(begin, at - begin);
        if (const std::string made = unicode::nfc(given); made != given) out.replace(begin, at, made);
    }
}

void controls(std::string_view text, TextRewriter& out) {
    constexpr FirstBytes first = [] {
        FirstBytes bytes{0x7F, 0xC2, 0xE2, 0xEF};
        bytes.addRange(0, 0x08);
        bytes.addRange(0x0B, 0x0C);
        bytes.addRange(0x0E, 0x1F);
        return bytes;
    }();
    forEachOf(first, text, [&](std::size_t begin, char32_t code, std::size_t end) {
        if (!isInvisible(code)) return;
        const bool joins = (code == nonJoiner || code == joiner) && begin > 0 && end < text.size() &&
                           usesJoiners(codePointAt(text, startOfCodePoint(text, begin - 1)).code) &&
                           usesJoiners(codePointAt(text, end).code);
        if (!joins) out.replace(begin, end, "");
    });
}

void spaces(std::string_view text, TextRewriter& out) {
    constexpr FirstBytes first{0xC2, 0xE1, 0xE2, 0xE3};
    forEachOf(first, text, [&](std::size_t begin, char32_t code, std::size_t end) {
        if (isSpecialSpace(code)) out.replace(begin, end, " ");
    });
}

void spaceRuns(std::string_view text, TextRewriter& out) {
    constexpr FirstBytes first{' ', '\t'};
    for (std::size_t at = first.next(text, 0); at < text.size(); at = first.next(text, at)) {
        const std::size_t begin = at;
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
        const bool ends = at == text.size() || text[at] == '\n' || text[at] == '\r';
        const bool starts = begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '\r';
        if (ends)
            out.replace(begin, at, "");
        else if (!starts && at > begin + 1)
            out.replace(begin, at, " ");
    }
}

void blankLines(std::string_view text, TextRewriter& out) {
    for (std::size_t end = text.find('\n'); end != std::string_view::npos;) {
        // Behind the end of a line with words: where the blank lines are over, and where two of them are.
        std::size_t over = end + 1, kept = end + 1;
        int blank = 0;
        for (std::size_t at = over; at < text.size(); ++at) {
            if (text[at] == '\n') {
                over = at + 1;
                if (++blank == 2) kept = over;
            } else if (!isBlank(text[at])) {
                break;
            }
        }
        if (blank > 2) out.replace(kept, over, "");
        end = text.find('\n', over);
    }
}

void quotes(std::string_view text, TextRewriter& out) {
    constexpr FirstBytes first{0xE2};
    forEachOf(first, text, [&](std::size_t begin, char32_t code, std::size_t end) {
        if (const std::string_view ascii = asciiOf(code); !ascii.empty()) out.replace(begin, end, ascii);
    });
}

void lowerCase(std::string_view text, TextRewriter& out) {
    constexpr FirstBytes first = [] {
        FirstBytes bytes{};
        bytes.addRange('A', 'Z');
        bytes.addRange(0xC3, 0xF4);
        return bytes;
    }();
    forEachOf(first, text, [&](std::size_t begin, char32_t code, std::size_t end) {
        const std::u32string lower = unicode::lowered(code);
        if (lower.size() == 1 && lower[0] == code) return;
        std::string letters;
        for (const char32_t c : lower) appendUtf8(letters, c);
        out.replace(begin, end, letters);
    });
}

}  // namespace lab::cleaning
