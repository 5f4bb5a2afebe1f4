#include "core/text/cleaning.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/errors.h"
#include "core/base/utf8.h"
#include "core/text/cleaning_rules.h"
#include "core/text/code_points.h"

namespace lab {
namespace {

// The order of core/text/cleaning.h. Entities stand before what they may stand for; letters before what compares lines and documents.
constexpr std::array ruleTable{
    CleaningRule{"latin1", LAB_TEXT("text", "read as Latin-1"), LAB_TEXT("text", "byte E9 → é"),
                 LAB_TEXT("text", "A file that is not UTF-8 is read as Latin-1, each byte a character; without it such a file is refused."),
                 false},
    CleaningRule{"bom", LAB_TEXT("text", "byte order mark"), LAB_TEXT("text", "EF BB BF → nothing"),
                 LAB_TEXT("text", "Drops the mark that some editors put before the first character of a file."), true},
    CleaningRule{"line_ends", LAB_TEXT("text", "line ends to LF"), LAB_TEXT("text", "\\r\\n → \\n"),
                 LAB_TEXT("text", "CR LF, a CR alone, U+0085, U+2028 and U+2029 become one line feed."), true, cleaning::lineEnds},
    CleaningRule{"html_entities", LAB_TEXT("text", "HTML entities"), LAB_TEXT("text", "&amp; → &"),
                 LAB_TEXT("text", "The entities amp, lt, gt, quot, apos and nbsp and those with numbers become their characters."), false,
                 cleaning::htmlEntities},
    CleaningRule{"nfc", LAB_TEXT("text", "Unicode to NFC"), LAB_TEXT("text", "e + U+0308 → ë"),
                 LAB_TEXT("text", "Letters and accents that stand apart become one character where there is one (normal form C)."), true,
                 cleaning::toNfc},
    CleaningRule{"controls", LAB_TEXT("text", "control and invisible characters"), LAB_TEXT("text", "U+200B → nothing"),
                 LAB_TEXT("text",
                          "Drops control characters (tabs and line ends stay), soft hyphens, zero-width characters and marks of "
                          "direction; joiners stay within Arabic and Indic words and emoji."),
                 true, cleaning::controls},
    CleaningRule{"spaces", LAB_TEXT("text", "special spaces to space"), LAB_TEXT("text", "U+00A0 → space"),
                 LAB_TEXT("text", "Spaces that do not break, and those of other widths, become ordinary ones."), true, cleaning::spaces},
    CleaningRule{
        "space_runs", LAB_TEXT("text", "runs of spaces to one"), LAB_TEXT("text", "a··b → a·b"),
        LAB_TEXT("text", "Several spaces or tabs within a line become one space, those at its end go; what a line begins with stays."),
        false, cleaning::spaceRuns},
    CleaningRule{
        "blank_lines", LAB_TEXT("text", "more than two blank lines"), LAB_TEXT("text", "five blank lines → two"),
        LAB_TEXT("text", "Of more than two blank lines in a row two are left; where documents are cut at blank lines it finds nothing."),
        true, cleaning::blankLines},
    CleaningRule{"quotes", LAB_TEXT("text", "typographic quotes and dashes to ASCII"), LAB_TEXT("text", "“No” – … → \"No\" - ..."),
                 LAB_TEXT("text", "Curved quotes become straight ones, dashes of all lengths a hyphen, an ellipsis three full stops."),
                 false, cleaning::quotes},
    CleaningRule{"lower_case", LAB_TEXT("text", "lower case"), LAB_TEXT("text", "The → the"),
                 LAB_TEXT("text", "All letters become small: what is written can then never have capitals."), false, cleaning::lowerCase},
    CleaningRule{
        "gutenberg", LAB_TEXT("text", "Project Gutenberg's header and footer"), LAB_TEXT("text", "*** START OF …, *** END OF …"),
        LAB_TEXT(
            "text",
            "Drops all up to the line *** START OF that names Gutenberg, and all from its line *** END OF on; done before lines are cut."),
        false},
    CleaningRule{"repeated_lines", LAB_TEXT("text", "repeated lines"), LAB_TEXT("text", "a line that stood before → nothing"),
                 LAB_TEXT("text", "Drops lines of 20 characters and more that stood before, in this or an earlier document."), false},
    CleaningRule{"short_documents", LAB_TEXT("text", "documents shorter than 40 characters"), LAB_TEXT("text", "a heading alone → nothing"),
                 LAB_TEXT("text", "Drops documents of fewer than 40 characters, such as headings that stand alone."), false},
    CleaningRule{"repeated_documents", LAB_TEXT("text", "repeated documents"), LAB_TEXT("text", "a document that stood before → nothing"),
                 LAB_TEXT("text", "Of documents that are the same after cleaning the first is kept."), true},
};

}  // namespace

std::span<const CleaningRule> CleaningRule::table() {
    return ruleTable;
}

int CleaningRule::find(std::string_view name) {
    const auto found = std::ranges::find(ruleTable, name, &CleaningRule::name);
    return found == ruleTable.end() ? -1 : static_cast<int>(found - ruleTable.begin());
}

std::vector<std::string> defaultCleaning() {
    std::vector<std::string> names;
    for (const CleaningRule& rule : ruleTable)
        if (rule.byDefault) names.emplace_back(rule.name);
    return names;
}

CleaningRules::CleaningRules(const std::vector<std::string>& names, std::string_view place) : m_on(ruleTable.size()) {
    for (const std::string& name : names) {
        const int rule = CleaningRule::find(name);
        if (rule < 0) {
            std::vector<std::string> known;
            for (const CleaningRule& each : ruleTable) known.emplace_back(each.name);
            throw InputError(std::string(place),
                             Message(LAB_TEXT("text", "there is no rule of cleaning '%1'; there are %2")).arg(name).arg(together(known)));
        }
        m_on[static_cast<std::size_t>(rule)] = true;
    }
}

std::vector<std::string> CleaningRules::names() const {
    std::vector<std::string> names;
    for (std::size_t rule = 0; rule < m_on.size(); ++rule)
        if (m_on[rule]) names.emplace_back(ruleTable[rule].name);
    return names;
}

void CleaningReport::add(std::string_view rule, std::int64_t places, std::int64_t bytes) {
    CleaningCount& row = rows[static_cast<std::size_t>(CleaningRule::find(rule))];
    row.places += places;
    row.bytes += bytes;
}

std::int64_t CleaningReport::places() const {
    std::int64_t sum = 0;
    for (const CleaningCount& row : rows) sum += row.places;
    return sum;
}

std::string cleanedDocument(std::string_view text, const CleaningRules& rules, CleaningReport& report, std::vector<TextEdit>* edits) {
    std::string clean(text);
    for (std::size_t rule = 0; rule < ruleTable.size(); ++rule) {
        if (!ruleTable[rule].inDocument || !rules.isOn(rule)) continue;
        std::vector<TextEdit> own;
        TextRewriter out(clean, edits ? &own : nullptr, static_cast<int>(rule));
        ruleTable[rule].inDocument(clean, out);
        if (!out.changed()) continue;
        report.rows[rule].places += out.places();
        report.rows[rule].bytes += out.bytes();
        std::string made = out.finished();
        if (edits) *edits = composed(*edits, clean, own);
        clean = std::move(made);
    }
    return clean;
}

std::size_t cleaningPieceEnd(std::string_view text, std::size_t begin) {
    constexpr std::size_t atOnce = 1 << 20, entity = 12;
    const std::size_t wished = begin + atOnce;
    if (wished >= text.size()) return text.size();
    const auto plain = [&](std::size_t at) {
        const char c = text[at];
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    const bool endless = text.substr(wished - 1, atOnce).find('\n') == std::string_view::npos;
    for (std::size_t at = wished; at < text.size(); ++at) {
        if (!plain(at)) continue;
        if (text[at - 1] == '\n') return at;
        if (endless && plain(at - 1) && text.substr(at - entity, entity).find('&') == std::string_view::npos) return at;
    }
    return text.size();
}

std::string fromLatin1(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 8);
    for (const char byte : bytes) appendUtf8(text, static_cast<unsigned char>(byte));
    return text;
}

std::size_t firstInvalidByte(std::string_view text) {
    constexpr std::uint64_t highBits = 0x8080808080808080u;
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight = highBits;
        if (at + sizeof eight <= text.size()) std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & highBits) == 0) {
            at += sizeof eight;
            continue;
        }
        const std::size_t length = utf8CharacterLength(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::string_view::npos;
}

}  // namespace lab
