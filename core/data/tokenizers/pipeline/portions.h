#pragma once

#include <string_view>

namespace lab {

/// How much of a text is looked at at once: as characters with their places it takes twenty times its bytes.
inline constexpr std::size_t portionBytes = 1 << 16;

/// Where the next portion of a text ends: before a space that stands behind none, which no pre-tokenizer known here joins with what is
/// before it; else at the end.
inline std::size_t portionEnd(std::string_view utf8) {
    const auto isBlank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    std::size_t end = portionBytes < utf8.size() ? portionBytes : utf8.size();
    while (end < utf8.size() && !(utf8[end] == ' ' && !isBlank(utf8[end - 1]))) ++end;
    return end;
}

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
