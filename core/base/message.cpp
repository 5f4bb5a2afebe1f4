#include "core/base/message.h"

#include <cassert>
#include <cstring>

#include "core/base/number_text.h"

namespace lab {
namespace {

void replaceAll(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// %1 .. %9 by their arguments, in one pass: an argument's own per cent signs are left alone.
std::string filled(const std::string& text, const std::vector<std::string>& arguments) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool place = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9';
        const std::size_t index = place ? static_cast<std::size_t>(text[i + 1] - '1') : arguments.size();
        if (index < arguments.size()) {
            result += arguments[index];
            ++i;
        } else {
            result += text[i];
        }
    }
    return result;
}

constexpr SourceText comma = LAB_TEXT("list", "%1, %2");
constexpr SourceText colon = LAB_TEXT("list", "%1: %2");

/// Commas, and `last` before the last part.
Message chained(const std::vector<Message>& parts, const SourceText& last) {
    if (parts.empty()) return {};
    Message text = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) text = Message(i + 1 == parts.size() ? last : comma).arg(text).arg(parts[i]);
    return text;
}

/// What a file says where a name is expected may be as long as the file.
std::string shortened(std::string text) {
    constexpr std::size_t most = 1000;
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;  // not within a character
    text.resize(end);
    return text + "\u2026";
}

std::vector<Message> verbatimAll(const std::vector<std::string>& words) {
    std::vector<Message> parts;
    for (const std::string& word : words) parts.push_back(Message::verbatim(word));
    return parts;
}

}  // namespace

bool SourceText::operator==(const SourceText& other) const {
    return std::strcmp(context, other.context) == 0 && std::strcmp(text, other.text) == 0;
}

Message Message::verbatim(std::string text) {
    Message message;
    message.m_verbatim = std::move(text);
    return message;
}

Message Message::joined(std::vector<Message> parts, std::string_view separator) {
    std::erase_if(parts, [](const Message& part) { return part.empty(); });
    if (parts.size() == 1) return std::move(parts.front());
    Message message;
    if (parts.empty()) return message;
    message.m_verbatim = separator;
    message.m_arguments = std::move(parts);
    return message;
}

Message& Message::arg(Message value) & {
    assert(!m_source.empty());
    m_arguments.push_back(std::move(value));
    return *this;
}

Message& Message::arg(std::string value) & {
    return arg(verbatim(shortened(std::move(value))));
}

Message& Message::arg(double value) & {
    return arg(numberText(value));
}

std::string Message::english() const {
    return in(englishText);
}

std::string Message::in(const Translate& translate, const std::function<std::string(const std::string&)>& verbatim) const {
    std::vector<std::string> arguments;
    for (const Message& argument : m_arguments) arguments.push_back(argument.in(translate, verbatim));
    if (!m_source.empty()) {
        assert(static_cast<int>(arguments.size()) == placesOf(m_source.text));
        return filled(translate(m_source, m_count), arguments);
    }
    if (arguments.empty()) return verbatim ? verbatim(m_verbatim) : m_verbatim;
    std::string text;
    for (std::size_t i = 0; i < arguments.size(); ++i) text += (i == 0 ? "" : m_verbatim) + arguments[i];
    return text;
}

std::string englishText(const SourceText& source, std::optional<std::int64_t> count) {
    std::string text = source.text;
    if (!count) return text;
    replaceAll(text, "%n", std::to_string(*count));
    replaceAll(text, "(s)", *count == 1 ? "" : "s");
    return text;
}

Message alternatives(const std::vector<Message>& parts) {
    return chained(parts, LAB_TEXT("list", "%1 or %2"));
}

Message alternatives(const std::vector<std::string>& words) {
    return alternatives(verbatimAll(words));
}

Message together(const std::vector<Message>& parts) {
    return chained(parts, LAB_TEXT("list", "%1 and %2"));
}

Message together(const std::vector<std::string>& words) {
    return together(verbatimAll(words));
}

Message listed(const std::vector<Message>& parts) {
    return chained(parts, comma);
}

Message listed(const std::vector<std::string>& words) {
    return listed(verbatimAll(words));
}

Message located(Message place, Message what) {
    return Message(colon).arg(std::move(place)).arg(std::move(what));
}

Message located(std::string place, Message what) {
    return located(Message::verbatim(shortened(std::move(place))), std::move(what));
}

Message withoutPlace(const Message& message, std::string_view place) {
    const bool about = message.source() == colon && message.arguments().front() == Message::verbatim(std::string(place));
    return about ? message.arguments().back() : message;
}

}  // namespace lab
