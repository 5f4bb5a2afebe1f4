#include "core/data/tokenizers/pipeline/mapped_text.h"

#include <utf8proc.h>

namespace lab {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// act(character) for each; a byte that begins none is U+FFFD.
template <class Act>
void eachCharacter(std::string_view utf8, const Act& act) {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
    for (std::size_t at = 0; at < utf8.size();) {
        utf8proc_int32_t character = 0;
        const utf8proc_ssize_t length = utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(utf8.size() - at), &character);
        act(length > 0 ? static_cast<char32_t>(character) : replacement);
        at += length > 0 ? static_cast<std::size_t>(length) : 1;
    }
}

}  // namespace

MappedText MappedText::of(std::string_view utf8) {
    MappedText mapped;
    mapped.text.reserve(utf8.size());
    mapped.from.reserve(utf8.size());
    eachCharacter(utf8, [&](char32_t character) {
        const int at = static_cast<int>(mapped.size());
        mapped.push(character, {at, at + 1});
    });
    return mapped;
}

void MappedText::push(char32_t character, TextSpan span) {
    text.push_back(character);
    from.push_back(span);
}

void MappedText::append(const MappedText& part) {
    text += part.text;
    from.insert(from.end(), part.from.begin(), part.from.end());
}

MappedText MappedText::part(std::size_t first, std::size_t last) const {
    const auto at = [this](std::size_t i) { return from.begin() + static_cast<std::ptrdiff_t>(i); };
    return {text.substr(first, last - first), {at(first), at(last)}};
}

std::string MappedText::utf8() const {
    return utf8Of(text);
}

std::string utf8Of(char32_t character) {
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), bytes);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)};
}

std::string utf8Of(std::u32string_view text) {
    std::string all;
    for (const char32_t character : text) all += utf8Of(character);
    return all;
}

std::u32string charactersOf(std::string_view utf8) {
    std::u32string all;
    eachCharacter(utf8, [&all](char32_t character) { all.push_back(character); });
    return all;
}

}  // namespace lab
