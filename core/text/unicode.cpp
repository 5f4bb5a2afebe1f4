#include "core/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <vector>

#include "core/text/code_points.h"

namespace lab::unicode {
namespace {

utf8proc_int32_t point(char32_t character) {
    return static_cast<utf8proc_int32_t>(character);
}

bool isWithin(char32_t character, utf8proc_category_t first, utf8proc_category_t last) {
    const utf8proc_category_t category = utf8proc_category(point(character));
    return category >= first && category <= last;
}

}  // namespace

bool isLetter(char32_t character) {
    return isWithin(character, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}

bool isNumber(char32_t character) {
    return isWithin(character, UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

bool isSpace(char32_t character) {
    constexpr char32_t nextLine = 0x85;
    if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
    return character == nextLine || isWithin(character, UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_ZP);
}

bool isMark(char32_t character) {
    return utf8proc_category(point(character)) == UTF8PROC_CATEGORY_MN;
}

bool isWordPart(char32_t character) {
    const utf8proc_category_t category = utf8proc_category(point(character));
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);
}

bool mayRecompose(char32_t character) {
    constexpr char32_t firstAccent = 0x300, firstVowel = 0x1160, lastTail = 0x11FF, end = 0x30000;
    static const std::vector<bool> changed = [] {  // by NFC, alone: those with a canonical decomposition may be
        std::vector<bool> result(end);
        for (char32_t code = firstAccent; code < end; ++code) {
            const utf8proc_property_t* property = utf8proc_get_property(point(code));
            if (property->decomp_type != 0 || property->decomp_seqindex == UINT16_MAX) continue;
            std::string one;
            appendUtf8(one, code);
            result[code] = nfc(one) != one;
        }
        return result;
    }();
    if (character < firstAccent) return false;
    if (character >= firstVowel && character <= lastTail) return true;
    const utf8proc_property_t* property = utf8proc_get_property(point(character));
    const bool mark = property->category >= UTF8PROC_CATEGORY_MN && property->category <= UTF8PROC_CATEGORY_ME;
    return mark || property->combining_class != 0 || (character < end && changed[character]);
}

bool isPunctuation(char32_t character) {
    const auto within = [character](char32_t first, char32_t last) { return character >= first && character <= last; };
    if (within('!', '/') || within(':', '@') || within('[', '`') || within('{', '~')) return true;
    return isWithin(character, UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PO);
}

bool isControl(char32_t character) {
    if (character == '\t' || character == '\n' || character == '\r') return false;
    const utf8proc_category_t category = utf8proc_category(point(character));
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CO;
}

bool isIdeograph(char32_t character) {
    constexpr std::array<std::pair<char32_t, char32_t>, 8> blocks{{{0x4E00, 0x9FFF},
                                                                   {0x3400, 0x4DBF},
                                                                   {0x20000, 0x2A6DF},
                                                                   {0x2A700, 0x2B73F},
                                                                   {0x2B740, 0x2B81F},
                                                                   {0x2B920, 0x2CEAF},
                                                                   {0xF900, 0xFAFF},
                                                                   {0x2F800, 0x2FA1F}}};
    return std::ranges::any_of(blocks, [character](const auto& block) { return character >= block.first && character <= block.second; });
}

std::u32string lowered(char32_t character) {
    constexpr char32_t dottedI = 0x130, dotAbove = 0x307;
    if (character == dottedI) return {U'i', dotAbove};
    return {static_cast<char32_t>(utf8proc_tolower(point(character)))};
}

bool composes(Form form) {
    return form == Form::nfc || form == Form::nfkc;
}

std::u32string decomposed(char32_t character, Form form) {
    const bool compatible = form == Form::nfkc || form == Form::nfkd;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0));
    std::array<utf8proc_int32_t, 32> made{};  // the longest has 18
    int boundary = 0;
    const utf8proc_ssize_t count =
        utf8proc_decompose_char(point(character), made.data(), static_cast<utf8proc_ssize_t>(made.size()), options, &boundary);
    if (count <= 0 || count > static_cast<utf8proc_ssize_t>(made.size())) return {character};
    return {made.begin(), made.begin() + count};
}

int combiningClass(char32_t character) {
    return utf8proc_get_property(point(character))->combining_class;
}

char32_t composed(char32_t first, char32_t second) {
    std::array<utf8proc_int32_t, 2> pair{point(first), point(second)};
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return utf8proc_normalize_utf32(pair.data(), 2, options) == 1 ? static_cast<char32_t>(pair[0]) : 0;
}

std::string nfc(std::string_view text) {
    utf8proc_uint8_t* made = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &made, options);
    if (size < 0) throw std::bad_alloc();  // the text is valid: only memory can be missing
    std::string result(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
    std::free(made);
    return result;
}

}  // namespace lab::unicode
