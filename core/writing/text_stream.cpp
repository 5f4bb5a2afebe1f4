#include "core/writing/text_stream.h"

#include <algorithm>
#include <utility>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr std::string_view noCharacter = "\xEF\xBF\xBD";  ///< U+FFFD, what decoders make of half a character
constexpr std::size_t tokensOfContext = 4;
constexpr int longestCharacter = 4;  ///< bytes of UTF-8, and so tokens that one may take

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
}

/// How many bytes at the end of `text` begin `stop` without being all of it.
std::size_t begunAtTheEnd(std::string_view text, std::string_view stop) {
    for (std::size_t length = std::min(text.size(), stop.size() - 1); length > 0; --length)
        if (text.ends_with(stop.substr(0, length))) return length;
    return 0;
}

}  // namespace

TextStream::TextStream(const Tokenizer& tokenizer, const std::vector<int>& before) : m_tokenizer(tokenizer) {
    const auto context = static_cast<std::ptrdiff_t>(std::min(before.size(), tokensOfContext));
    m_tokens.assign(before.end() - context, before.end());
    m_given = m_tokenizer.decode(m_tokens).size();
}

std::string TextStream::upTo(const std::string& text, std::size_t end) {
    while (m_given < end && continues(text[m_given])) ++m_given;  // a tokenizer that wrote the text before anew
    std::string added = end > m_given ? text.substr(m_given, end - m_given) : std::string();
    m_given = std::max(m_given, end);
    return added;
}

std::string TextStream::push(int token) {
    m_tokens.push_back(token);
    const std::string text = m_tokenizer.decode(m_tokens);
    if (text.ends_with(noCharacter) && m_waiting + 1 < longestCharacter) {
        ++m_waiting;
        return upTo(text, text.size() - noCharacter.size());
    }
    std::string added = upTo(text, text.size());
    m_waiting = 0;
    m_tokens = {token};
    m_given = m_tokenizer.decode(m_tokens).size();
    return added;
}

std::string TextStream::rest() {
    const std::string text = m_tokenizer.decode(m_tokens);
    m_waiting = 0;
    return upTo(text, text.size());
}

StopStrings::StopStrings(std::vector<std::string> stops) : m_stops(std::move(stops)) {
    if (std::ranges::any_of(m_stops, &std::string::empty)) throw InputError(LAB_TEXT("writing", "A text that writing stops at is empty."));
}

std::string StopStrings::push(std::string_view text) {
    if (m_found) return {};
    m_held += text;
    std::size_t end = std::string::npos, waiting = 0;
    for (const std::string& stop : m_stops) {
        end = std::min(end, m_held.find(stop));
        waiting = std::max(waiting, begunAtTheEnd(m_held, stop));
    }
    m_found = end != std::string::npos;
    std::string given = m_held.substr(0, m_found ? end : m_held.size() - waiting);
    m_held.erase(0, m_found ? m_held.size() : given.size());
    return given;
}

std::string StopStrings::rest() {
    return std::exchange(m_held, {});
}

}  // namespace lab
