#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/data/tokenizers/tokenizer.h"

namespace lab {

/// Tokens to text as they come. A token may be half a character: what is not whole yet is held back.
class TextStream {
public:
    /// `before`: the tokens in front of the first one, which decide on the blank between. The tokenizer must outlive it.
    TextStream(const Tokenizer& tokenizer, const std::vector<int>& before);

    /// The text that this token adds or completes, UTF-8; empty while a character waits for its other bytes.
    std::string push(int token);
    /// What still waits when nothing more comes: U+FFFD for half a character.
    std::string rest();

private:
    std::string upTo(const std::string& text, std::size_t end);

    const Tokenizer& m_tokenizer;
    std::vector<int> m_tokens;  ///< the last ones: as many as the next text depends on
    std::size_t m_given = 0;    ///< bytes of their text that were handed out
    int m_waiting = 0;          ///< tokens whose last character is not whole
};

/// Ends a text before the first of some strings, and holds back what may be the beginning of one.
class StopStrings {
public:
    /// Throws InputError for an empty one.
    explicit StopStrings(std::vector<std::string> stops);

    /// What of the text so far may be written out now. Nothing comes after `found()`.
    std::string push(std::string_view text);
    bool found() const { return m_found; }
    /// What was held back when the text ends of itself.
    std::string rest();

private:
    std::vector<std::string> m_stops;
    std::string m_held;
    bool m_found = false;
};

}  // namespace lab
