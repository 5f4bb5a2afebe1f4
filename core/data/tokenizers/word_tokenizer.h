#pragma once

#include <unordered_map>

#include "core/data/tokenizers/tokenizer.h"

namespace lab {

/// Words between blanks; a word's place in the list is its id.
class WordTokenizer : public Tokenizer {
public:
    explicit WordTokenizer(std::vector<std::string> words, std::optional<SpecialToken> special = std::nullopt);
    WordTokenizer(const WordTokenizer&) = delete;
    WordTokenizer& operator=(const WordTokenizer&) = delete;

    int symbols() const override { return static_cast<int>(m_words.size()); }
    Message rule() const override;
    KeptTokenizer kept() const override { return {m_words, {}}; }
    std::string written(int token) const override;

protected:
    int idOf(std::string_view piece, bool target) const override;

private:
    std::vector<std::string> m_words;
    std::unordered_map<std::string_view, int> m_ids;  ///< looks into the words
};

}  // namespace lab
