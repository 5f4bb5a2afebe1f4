#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Sentences for a person are data: English source text, which stands where it is said and is its own id, and the arguments it is filled
// with. Core knows no language; whoever shows a message translates it (ui: QCoreApplication::translate by context and source text).

namespace lab {

/// A sentence as it stands in the source: %1 .. %9 are arguments, %n a number that plurals depend on. In English an "(s)" goes by it.
struct SourceText {
    const char* context = "";
    const char* text = "";

    bool empty() const { return *text == '\0'; }
    bool operator==(const SourceText& other) const;
};

/// Marks a sentence where it is said: LAB_TEXT("validation", "%1 does not divide %2"). `lupdate -tr-function-alias
/// QT_TRANSLATE_NOOP+=LAB_TEXT`.
#define LAB_TEXT(context, text) (::lab::SourceText{context, text})

/// A sentence with its arguments, not yet in any language.
class Message {
public:
    /// Gives a source text in the reader's language with %1 .. still open; %n is filled in here too when there is a count.
    using Translate = std::function<std::string(const SourceText& source, std::optional<std::int64_t> count)>;

    Message() = default;
    Message(SourceText source) : m_source(source) {}  // NOLINT(google-explicit-constructor): a sentence without arguments is a message
    /// Text in no language: a name, a path, a formula, what somebody typed.
    static Message verbatim(std::string text);
    /// The parts one after the other: sentences with " " between them.
    static Message joined(std::vector<Message> parts, std::string_view separator = " ");

    /// Fills the next of %1, %2, ...
    Message& arg(Message value) &;
    Message& arg(std::string value) &;
    Message& arg(const char* value) & { return arg(std::string(value)); }
    Message& arg(std::string_view value) & { return arg(std::string(value)); }
    Message& arg(std::int64_t value) &;
    Message& arg(int value) & { return arg(std::int64_t{value}); }
    Message& arg(std::size_t value) & { return arg(static_cast<std::int64_t>(value)); }
    Message& arg(double value) &;  ///< the shortest text that reads back as this number
    template <class T>
    Message arg(T&& value) && {
        arg(std::forward<T>(value));
        return std::move(*this);
    }
    /// Fills %n.
    Message& count(std::int64_t n) & {
        m_count = n;
        return *this;
    }
    Message count(std::int64_t n) && {
        m_count = n;
        return std::move(*this);
    }

    bool empty() const { return m_source.empty() && m_verbatim.empty() && m_arguments.empty(); }
    const SourceText& source() const { return m_source; }
    const std::vector<Message>& arguments() const { return m_arguments; }
    std::optional<std::int64_t> countArgument() const { return m_count; }
    bool isVerbatim() const { return m_source.empty(); }

    std::string english() const;
    std::string in(const Translate& translate) const;

    bool operator==(const Message& other) const = default;

private:
    SourceText m_source;     ///< empty: verbatim text, or with arguments their sequence
    std::string m_verbatim;  ///< or what stands between the parts of a sequence
    std::vector<Message> m_arguments;
    std::optional<std::int64_t> m_count;
};

/// The source text itself with %n filled in and "(s)" resolved: the translation into English.
std::string englishText(const SourceText& source, std::optional<std::int64_t> count);

/// "1, 2 or 4".
Message alternatives(const std::vector<Message>& parts);

}  // namespace lab
