#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Bytes [begin, end) of a text, instead of which something else stands in the next one.
struct TextEdit {
    std::size_t begin = 0, end = 0;
    std::string text;  ///< what stands there now
    int rule = 0;      ///< who did it: the place in CleaningRule::table()

    bool operator==(const TextEdit&) const = default;
};

/// Builds the text that a rule makes of another, from the front to the back, and counts.
class TextRewriter {
public:
    /// Notes its edits in `edits` unless that is null.
    explicit TextRewriter(std::string_view text, std::vector<TextEdit>* edits = nullptr, int rule = 0)
        : m_text(text), m_edits(edits), m_rule(rule) {}

    /// begin < end, not before the end of the last one.
    void replace(std::size_t begin, std::size_t end, std::string_view by);
    bool changed() const { return m_places > 0; }
    std::int64_t places() const { return m_places; }
    std::int64_t bytes() const { return m_bytes; }  ///< of the given text that were replaced
    /// The text as it is now. To be called once, when something has changed.
    std::string finished();

private:
    std::string_view m_text;
    std::string m_made;
    std::size_t m_copied = 0;
    std::int64_t m_places = 0, m_bytes = 0;
    std::vector<TextEdit>* m_edits;
    int m_rule;
};

std::string edited(std::string_view text, const std::vector<TextEdit>& edits);

/// Two rounds of edits as one: `first` are of some text, `second` of what they make of it, `between`. Where they meet the later rule is
/// named.
std::vector<TextEdit> composed(const std::vector<TextEdit>& first, std::string_view between, const std::vector<TextEdit>& second);

}  // namespace lab
