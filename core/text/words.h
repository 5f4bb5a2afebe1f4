#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/text/code_points.h"

namespace lab {

/// A word is a run of letters, marks and digits, with single apostrophes and hyphens between them ("don't"); an ideograph is one by
/// itself, since no spaces part them. Letters count as they are written: "The" is not "the".
namespace words {

enum class Part : unsigned char { none, inside, joint, alone };

inline constexpr std::array<Part, 128> asciiParts = [] {
    std::array<Part, 128> parts{};
    for (char c = '0'; c <= '9'; ++c) parts[static_cast<std::size_t>(c)] = Part::inside;
    for (char c = 'a'; c <= 'z'; ++c) parts[static_cast<std::size_t>(c)] = Part::inside;
    for (char c = 'A'; c <= 'Z'; ++c) parts[static_cast<std::size_t>(c)] = Part::inside;
    parts['\''] = parts['-'] = Part::joint;
    return parts;
}();

/// Of a character that is not ASCII.
Part otherPart(char32_t code);

inline Part partOf(char32_t code) {
    return code < asciiParts.size() ? asciiParts[code] : otherPart(code);
}

}  // namespace words

/// Calls take(begin, end) with the bytes of each word of a text in UTF-8.
template <class Take>
void forEachWord(std::string_view text, Take take) {
    using words::Part;
    std::size_t at = 0;
    while (at < text.size()) {
        CodePoint each = codePointAt(text, at);
        Part part = words::partOf(each.code);
        const std::size_t begin = at;
        at += each.bytes;
        if (part == Part::alone) take(begin, at);
        if (part != Part::inside) continue;
        std::size_t end = at;
        for (bool joined = false; at < text.size(); at += each.bytes) {
            each = codePointAt(text, at);
            part = words::partOf(each.code);
            if (part == Part::none || part == Part::alone || (part == Part::joint && joined)) break;
            joined = part == Part::joint;
            if (!joined) end = at + each.bytes;
        }
        take(begin, end);
    }
}

}  // namespace lab
