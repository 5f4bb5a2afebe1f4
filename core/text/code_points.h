#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Characters of text that is UTF-8 for certain: whoever reads a file has checked it.

namespace lab {

struct CodePoint {
    char32_t code = 0;
    std::size_t bytes = 1;
};

/// The character that begins at byte `at`, which is before the end.
inline CodePoint codePointAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[at + i])); };
    const auto low = [&](std::size_t i) { return byte(i) & 0x3F; };
    const char32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    if (first < 0xE0) return {(first & 0x1F) << 6 | low(1), 2};
    if (first < 0xF0) return {(first & 0x0F) << 12 | low(1) << 6 | low(2), 3};
    return {(first & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3), 4};
}

inline bool isContinuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Where the character that byte `at` belongs to begins.
inline std::size_t startOfCodePoint(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && isContinuation(text[at])) --at;
    return at;
}

inline void appendUtf8(std::string& text, char32_t code) {
    const auto add = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        add(code);
        return;
    }
    if (code < 0x800) {
        add(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            add(0xE0 | code >> 12);
        } else {
            add(0xF0 | code >> 18);
            add(0x80 | (code >> 12 & 0x3F));
        }
        add(0x80 | (code >> 6 & 0x3F));
    }
    add(0x80 | (code & 0x3F));
}

/// How many characters.
inline std::size_t codePointCount(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text) count += isContinuation(byte) ? 0 : 1;
    return count;
}

}  // namespace lab
