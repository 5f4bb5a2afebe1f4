#include "core/data/vocabulary.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

constexpr std::int64_t largestToken = (1 << 24) - 1;  // tokens are exact in float32

int readInteger(std::string_view word, const Message& place, bool target) {
    const auto value = parseInteger(word);
    if (!value) throw InputError(place, Message(LAB_TEXT("data", "'%1' is not an integer")).arg(word));
    if (target && *value == -1) return -1;
    if (*value < 0 || *value > largestToken) {
        throw InputError(place,
                         Message(LAB_TEXT("data", "%1 is out of range; tokens are integers from 0 to %2")).arg(word).arg(largestToken));
    }
    return static_cast<int>(*value);
}

}  // namespace

Vocabulary::Vocabulary(const std::vector<std::string>& words) {
    for (const std::string& word : words) add(word);
}

int Vocabulary::add(std::string_view word) {
    const auto [it, isNew] = m_ids.try_emplace(std::string(word), static_cast<int>(m_words.size()));
    if (isNew) m_words.emplace_back(word);
    return it->second;
}

int Vocabulary::find(std::string_view word) const {
    const auto it = m_ids.find(std::string(word));
    return it == m_ids.end() ? -1 : it->second;
}

std::vector<int> readTokens(std::string_view text, const std::vector<std::string>& vocabulary, bool targets) {
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<int> tokens;
    while (!(text = trimmed(text)).empty()) {
        const std::string_view word = text.substr(0, std::min(text.find_first_of(blanks), text.size()));
        text.remove_prefix(word.size());
        const Message place = Message(LAB_TEXT("data", "token %1")).arg(tokens.size());
        if (vocabulary.empty()) {
            tokens.push_back(readInteger(word, place, targets));
            continue;
        }
        const auto found = std::ranges::find(vocabulary, word);
        const bool none = targets && word == "-1";
        if (found == vocabulary.end() && !none)
            throw InputError(place, Message(LAB_TEXT("data", "'%1' is not in the vocabulary")).arg(word));
        tokens.push_back(none ? -1 : static_cast<int>(found - vocabulary.begin()));
    }
    return tokens;
}

std::string tokenText(int token, const std::vector<std::string>& vocabulary) {
    const bool known = token >= 0 && static_cast<std::size_t>(token) < vocabulary.size();
    return known ? vocabulary[static_cast<std::size_t>(token)] : std::to_string(token);
}

}  // namespace lab
