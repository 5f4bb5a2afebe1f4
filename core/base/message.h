#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
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

/// Marks a sentence where it is said: LAB_TEXT("validation", "%1 does not divide %2"). Whole sentences: other languages order and inflect
/// words differently, so a sentence is never glued from parts. `lupdate -tr-function-alias QT_TRANSLATE_NOOP+=LAB_TEXT` finds it.
#define LAB_TEXT(context, text) (::lab::checkedText(context, text, false))
/// One that depends on a number, its count(): LAB_PLURAL("sweep", "%n run(s)"), or "%1 run(s)" where the number is written in a way of its
/// own. `lupdate -tr-function-alias QT_TRANSLATE_N_NOOP+=LAB_PLURAL` makes room
/// for all plurals of a language.
#define LAB_PLURAL(context, text) (::lab::checkedText(context, text, true))

/// How many of %1 .. %9 a text has; -1 when there are gaps.
constexpr int placesOf(std::string_view text) {
    int highest = 0;
    unsigned seen = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] != '%' || text[i + 1] < '1' || text[i + 1] > '9') continue;
        const int place = text[i + 1] - '0';
        seen |= 1u << place;
        highest = place > highest ? place : highest;
    }
    return seen == (2u << highest) - 2 ? highest : -1;
}

/// Refuses while compiling what could not be filled in.
consteval SourceText checkedText(const char* context, const char* text, bool plural) {
    const std::string_view words = text;
    if (placesOf(words) < 0) throw "places are numbered from %1 on without gaps";
    const bool counts = words.find("%n") != words.npos || words.find("(s)") != words.npos;
    if (plural != counts) throw "texts with %n or (s), and only these, are marked with LAB_PLURAL";
    return {context, text};
}

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
    template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) Message& arg(T value) & { return arg(std::to_string(value)); }
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
    /// `verbatim` may write text in no language, numbers above all, as the reader does.
    std::string in(const Translate& translate, const std::function<std::string(const std::string&)>& verbatim = {}) const;

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
Message alternatives(const std::vector<std::string>& words);
/// "1, 2 and 4".
Message together(const std::vector<Message>& parts);
Message together(const std::vector<std::string>& words);
/// "1, 2, 4".
Message listed(const std::vector<Message>& parts);
Message listed(const std::vector<std::string>& words);

/// "model.num_heads: 3 does not divide d_model 8": a sentence and what it is about.
Message located(Message place, Message what);
Message located(std::string place, Message what);
/// What is said of this place; the whole sentence when it is about something else.
Message withoutPlace(const Message& message, std::string_view place);

}  // namespace lab
