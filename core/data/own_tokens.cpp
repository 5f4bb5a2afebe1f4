#include "core/data/own_tokens.h"

#include <utf8proc.h>

#include "core/data/tokenizers/integer_tokenizer.h"

namespace lab {
namespace {

enum class Sign { blank, lineEnd, letter, joint, other };

Sign signOf(utf8proc_int32_t code) {
    constexpr utf8proc_int32_t orderMark = 0xFEFF;  // nothing to be seen; at the beginning of a pairs file it is no token's
    if (code == '\n') return Sign::lineEnd;
    if (code == orderMark) return Sign::blank;
    if (code == '\'' || code == 0x2019 || code == '-') return Sign::joint;
    switch (utf8proc_category(code)) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_CC:
            return Sign::blank;
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_MN:
        case UTF8PROC_CATEGORY_MC:
        case UTF8PROC_CATEGORY_ME:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO:
            return Sign::letter;
        default:
            return Sign::other;
    }
}

/// A character as a person sees it: letters with their marks, joined signs.
struct Character {
    std::string_view text;
    Sign sign;
};

std::vector<Character> charactersOf(std::string_view text) {
    std::vector<Character> characters;
    utf8proc_int32_t state = 0, before = 0;
    for (std::size_t at = 0; at < text.size();) {
        utf8proc_int32_t code = 0;
        const utf8proc_ssize_t read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                                       static_cast<utf8proc_ssize_t>(text.size() - at), &code);
        const std::size_t length = read > 0 ? static_cast<std::size_t>(read) : 1;  // where a text was cut
        const bool begins = at == 0 || utf8proc_grapheme_break_stateful(before, code, &state);
        if (begins)
            characters.push_back({text.substr(at, length), signOf(code)});
        else
            characters.back() = {{characters.back().text.data(), characters.back().text.size() + length},
                                 before == '\r' ? signOf(code) : characters.back().sign};
        before = code;
        at += length;
    }
    return characters;
}

/// Whether the character at `i` belongs to the word before it.
bool goesOn(const std::vector<Character>& characters, std::size_t i) {
    const auto isLetter = [&](std::size_t at) { return at < characters.size() && characters[at].sign == Sign::letter; };
    if (i == 0) return false;
    if (characters[i].sign == Sign::joint) return isLetter(i - 1) && isLetter(i + 1);
    if (!isLetter(i)) return false;
    return isLetter(i - 1) || (characters[i - 1].sign == Sign::joint && i > 1 && isLetter(i - 2));
}

}  // namespace

std::vector<std::string> ownTokens(std::string_view text, OwnTokens rule) {
    std::vector<std::string> tokens;
    const std::vector<Character> characters = charactersOf(text);
    bool open = false;  // the last token may grow
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const auto& [piece, sign] = characters[i];
        const bool empty = sign == Sign::blank || sign == Sign::lineEnd;
        if (rule == OwnTokens::characters) {
            tokens.emplace_back(sign == Sign::lineEnd ? "\u23CE" : empty ? "\u2423" : piece);
        } else if (!empty && open && (rule == OwnTokens::blanks || goesOn(characters, i))) {
            tokens.back() += piece;
        } else if (!empty) {
            tokens.emplace_back(piece);
        }
        open = !empty;
    }
    for (std::string& token : tokens)
        if (token.starts_with('-') && IntegerTokenizer::isInteger(token)) token.replace(0, 1, "\u2212");
    return tokens;
}

}  // namespace lab
