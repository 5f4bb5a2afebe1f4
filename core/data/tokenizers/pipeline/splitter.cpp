#include "core/data/tokenizers/pipeline/splitter.h"

#include <algorithm>
#include <array>

#include "core/text/unicode.h"

namespace lab {
namespace {

using unicode::isLetter;
using unicode::isNumber;
using unicode::isSpace;

using Text = std::u32string_view;

bool isSign(char32_t c) {
    return !isSpace(c) && !isLetter(c) && !isNumber(c);
}

bool isLineEnd(char32_t c) {
    return c == '\r' || c == '\n';
}

template <class Is>
std::size_t runOf(Text text, std::size_t from, const Is& is) {
    while (from < text.size() && is(text[from])) ++from;
    return from;
}

/// U+017F is a long s.
char32_t plain(char32_t c) {
    constexpr char32_t longS = 0x17F;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
    return c == longS ? U's' : c;
}

/// 's, 'll and so on; `from` where there is none.
std::size_t contraction(Text text, std::size_t from, bool anyCase) {
    constexpr std::array<Text, 7> endings{U"s", U"t", U"re", U"ve", U"m", U"ll", U"d"};
    if (text[from] != '\'') return from;
    for (const Text ending : endings) {
        if (from + 1 + ending.size() > text.size()) continue;
        const Text here = text.substr(from + 1, ending.size());
        const auto same = [anyCase](char32_t a, char32_t b) { return (anyCase ? plain(a) : a) == b; };
        if (std::ranges::equal(here, ending, same)) return from + 1 + ending.size();
    }
    return from;
}

/// \s+(?!\S)|\s+: of several blanks the last one belongs to what follows.
std::size_t blanks(Text text, std::size_t from) {
    const std::size_t end = runOf(text, from, isSpace);
    return end < text.size() && end > from + 1 ? end - 1 : end;
}

}  // namespace

std::size_t Splitter::end(Text text, std::size_t from) const {
    if (const std::size_t end = contraction(text, from, anyCase); end > from) return end;
    const char32_t first = text[from];
    const bool space = first == ' ', more = from + 1 < text.size();
    const bool mayLead = anyBeforeLetters ? !isLineEnd(first) && !isLetter(first) && !isNumber(first) : space;
    if (const std::size_t start = from + (mayLead && more); start < text.size() && isLetter(text[start]))
        return runOf(text, start, isLetter);
    if (mostDigits > 0 && isNumber(first)) {
        const std::size_t end = runOf(text, from, isNumber);
        return std::min(end, from + static_cast<std::size_t>(mostDigits));
    }
    const std::size_t start = from + (space && more);
    if (mostDigits == 0 && isNumber(text[start])) return runOf(text, start, isNumber);
    if (isSign(text[start])) {
        const std::size_t end = runOf(text, start, isSign);
        return lineEnds ? runOf(text, end, isLineEnd) : end;
    }
    if (lineEnds) {
        std::size_t end = runOf(text, from, isSpace);
        while (end > from && !isLineEnd(text[end - 1])) --end;
        if (end > from) return end;
    }
    return blanks(text, from);
}

const Splitter& gpt2Splitter() {
    static const Splitter splitter{R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"};
    return splitter;
}

const Splitter& llama3Splitter() {
    static const Splitter splitter{
        .pattern = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
        .anyCase = true,
        .anyBeforeLetters = true,
        .mostDigits = 3,
        .lineEnds = true};
    return splitter;
}

const Splitter& qwen2Splitter() {
    static const Splitter splitter{
        .pattern = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
        .anyCase = true,
        .anyBeforeLetters = true,
        .mostDigits = 1,
        .lineEnds = true};
    return splitter;
}

const Splitter* findSplitter(std::string_view pattern) {
    static const std::array<const Splitter*, 3> known{&gpt2Splitter(), &llama3Splitter(), &qwen2Splitter()};
    const auto found = std::ranges::find(known, pattern, [](const Splitter* splitter) { return splitter->pattern; });
    return found == known.end() ? nullptr : *found;
}

}  // namespace lab
