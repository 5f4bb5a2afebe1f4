#include "core/data/tokenizers/word_tokenizer.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/data/composed_text.h"

namespace lab {

WordTokenizer::WordTokenizer(std::vector<std::string> words, std::optional<SpecialToken> special)
    : Tokenizer(special), m_words(std::move(words)) {
    for (std::size_t i = 0; i < m_words.size(); ++i) m_ids.try_emplace(m_words[i], static_cast<int>(i));
}

Message WordTokenizer::rule() const {
    constexpr std::size_t examples = 3;
    std::vector<Message> some;
    for (std::size_t i = 0; i < std::min(m_words.size(), examples); ++i) some.push_back(Message::verbatim(m_words[i]));
    return Message(LAB_TEXT("tokens", "words of the vocabulary, such as %1")).arg(Message::joined(std::move(some), ", "));
}

std::string WordTokenizer::written(int token) const {
    const bool known = token >= 0 && token < symbols();
    return known ? m_words[static_cast<std::size_t>(token)] : std::to_string(token);
}

int WordTokenizer::idOf(std::string_view piece, bool) const {
    auto found = m_ids.find(std::string(piece));
    if (found == m_ids.end()) found = m_ids.find(composedText(std::string(piece)));
    if (found != m_ids.end()) return found->second;
    throw InputError(Message(LAB_TEXT("tokens", "'%1' is not in the vocabulary")).arg(piece));
}

}  // namespace lab
