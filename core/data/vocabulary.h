#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lab {

/// Words and their ids, in the order of first appearance.
class Vocabulary {
public:
    Vocabulary() = default;
    explicit Vocabulary(const std::vector<std::string>& words);

    /// The word's id, a new one when it is unknown.
    int add(std::string_view word);
    /// -1 when there is no such word.
    int find(std::string_view word) const;
    const std::vector<std::string>& words() const { return m_words; }

private:
    std::vector<std::string> m_words;
    std::unordered_map<std::string, int> m_ids;
};

/// Reads what a person typed, separated by blanks: words of the vocabulary, or integers from 0 when it is empty. -1 ("no loss") is
/// allowed for targets. Throws InputError naming the word ("token 3: 'cat' is not in the vocabulary").
std::vector<int> readTokens(std::string_view text, const std::vector<std::string>& vocabulary, bool targets = false);

/// "3" or the word; a token outside the vocabulary as its number.
std::string tokenText(int token, const std::vector<std::string>& vocabulary);

}  // namespace lab
