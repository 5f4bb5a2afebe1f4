#include "core/data/tokenizers/pipeline/portions.h"

#include <algorithm>

#include "core/data/tokenizers/pipeline/mapped_text.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

/// The character that ends before `end` > 0.
char32_t characterBefore(std::string_view utf8, std::size_t end) {
    std::size_t first = end - 1;
    while (first > 0 && (static_cast<unsigned char>(utf8[first]) & 0xC0) == 0x80) --first;
    return charactersOf(utf8.substr(first, end - first)).front();
}

bool mayCutBefore(std::string_view utf8, std::size_t at, TextCuts cuts) {
    switch (cuts) {
        case TextCuts::nowhere:
            return false;
        case TextCuts::anywhere:
            return (static_cast<unsigned char>(utf8[at]) & 0xC0) != 0x80;
        case TextCuts::beforeLineEnds:
            if (utf8[at] == '\n') return at > 0 && unicode::isLetter(characterBefore(utf8, at));
            [[fallthrough]];
        case TextCuts::beforeSpaces:
            break;
    }
    return utf8[at] == ' ' && (at == 0 || !unicode::isSpace(characterBefore(utf8, at)));
}

}  // namespace

std::size_t cutPlace(std::string_view utf8, std::size_t from, std::size_t last, TextCuts cuts) {
    for (std::size_t at = from; at < std::min(last, utf8.size()); ++at)
        if (mayCutBefore(utf8, at, cuts)) return at;
    return std::string_view::npos;
}

std::size_t portionEnd(std::string_view utf8) {
    return std::min(cutPlace(utf8, portionBytes, utf8.size(), TextCuts::beforeSpaces), utf8.size());
}

}  // namespace lab
