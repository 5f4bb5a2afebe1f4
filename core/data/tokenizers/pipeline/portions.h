#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lab {

/// Where a text may be cut so that its parts, encoded one by one, become the tokens that the whole becomes.
enum class TextCuts : std::uint8_t {
    anywhere,        ///< between characters, each of which has tokens of its own
    beforeLineEnds,  ///< before a line end that stands behind a letter, and
    beforeSpaces,    ///< before a space that stands behind no blank
    nowhere,         ///< something is put in front of the text, or a token reaches across blanks
};

/// The first such place in [from, last) of UTF-8; npos: there is none.
std::size_t cutPlace(std::string_view utf8, std::size_t from, std::size_t last, TextCuts cuts);

/// How much of a text is looked at at once: as characters with their places it takes twelve times its bytes and more.
inline constexpr std::size_t portionBytes = 1 << 16;

/// Where the next portion of a text ends: before a space that stands behind no blank, which no pre-tokenizer known here joins with what is
/// before it; else at the end.
std::size_t portionEnd(std::string_view utf8);

/// act(portion) -> bool, until it returns false.
template <class Act>
void eachPortion(std::string_view utf8, const Act& act) {
    while (!utf8.empty()) {
        const std::size_t end = portionEnd(utf8);
        if (!act(utf8.substr(0, end))) return;
        utf8.remove_prefix(end);
    }
}

}  // namespace lab
