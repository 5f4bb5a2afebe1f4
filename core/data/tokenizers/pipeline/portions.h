#pragma once

#include <cstddef>
#include <string_view>

namespace lab {

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
