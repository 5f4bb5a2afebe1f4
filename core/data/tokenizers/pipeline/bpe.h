#pragma once

#include "core/data/tokenizers/pipeline/piece_model.h"

namespace lab {

/// Byte-pair encoding (Sennrich 2016, arXiv 1508.07909): a word begins as its characters; of all neighbours those whose merge was learned
/// first are joined, the leftmost ones first, until no merge is left.
class Bpe : public PieceModel {
public:
    /// Throws InputError at `place`: a merge of pieces that are not in the vocabulary, an option that is not known.
    Bpe(const nlohmann::json& json, const std::string& place);
    /// Merges in the order in which they were learned.
    Bpe(PieceVocabulary vocabulary, const std::vector<std::pair<int, int>>& merges);

    const PieceVocabulary& vocabulary() const override { return m_vocabulary; }
    void encode(const MappedText& word, std::vector<TextToken>& tokens) const override;
    std::size_t firstLost(const MappedText& word) const override;

    struct Merge {
        int rank = 0;  ///< how early it was learned
        int id = 0;    ///< of what the two make
    };
    /// Null: these two are not joined.
    const Merge* merge(int left, int right) const;
    /// Pairs in the order in which they were learned.
    const std::vector<std::pair<int, int>>& merges() const { return m_order; }

private:
    void findCharacters();
    int characterId(char32_t character) const;
    void addMerge(int left, int right, const std::string& place);
    std::vector<int> bytesOf(const std::string& character) const;
    void addSymbol(const MappedText& word, std::size_t at, std::vector<TextToken>& tokens) const;

    PieceVocabulary m_vocabulary;
    std::unordered_map<std::uint64_t, Merge> m_merges;
    std::vector<std::pair<int, int>> m_order;
    std::vector<int> m_characters;  ///< ids of the pieces that are one character, by code point, as far as it goes; -1: none
    int m_unknown = -1;
    bool m_fusesUnknown = false, m_bytesForUnknown = false, m_wholeWordsFirst = false;
};

}  // namespace lab
