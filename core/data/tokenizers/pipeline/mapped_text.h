#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Characters [begin, end) of the text that was given.
struct TextSpan {
    int begin = 0, end = 0;

    bool operator==(const TextSpan&) const = default;
};

/// Text on its way to tokens: its characters as they are by now, and which of the given text each stands for.
struct MappedText {
    std::u32string text;
    std::vector<TextSpan> from;  ///< as many

    /// Of UTF-8; what is none becomes U+FFFD, a character a byte.
    static MappedText of(std::string_view utf8);

    std::size_t size() const { return text.size(); }
    bool empty() const { return text.empty(); }
    void push(char32_t character, TextSpan span);
    void append(const MappedText& part);
    MappedText part(std::size_t first, std::size_t last) const;
    /// From the first of its characters to the last.
    TextSpan span() const { return {from.front().begin, from.back().end}; }
    std::string utf8() const;
};

/// Changes the characters.
using Normalizer = std::function<void(MappedText&)>;
/// Cuts pieces into smaller ones, and may change or leave out characters.
using PreTokenizer = std::function<void(std::vector<MappedText>&)>;

std::string utf8Of(char32_t character);
std::string utf8Of(std::u32string_view text);
std::u32string charactersOf(std::string_view utf8);

}  // namespace lab
