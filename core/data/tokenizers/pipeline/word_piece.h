#pragma once

#include "core/data/tokenizers/pipeline/piece_model.h"

namespace lab {

/// WordPiece (Schuster 2012, as in Devlin 2018): the longest piece from the left, again and again; pieces inside a word are written with a
/// prefix. A word that does not come out even is unknown as a whole.
class WordPiece : public PieceModel {
public:
    WordPiece(const nlohmann::json& json, const std::string& place);

    const PieceVocabulary& vocabulary() const override { return m_vocabulary; }
    void encode(const MappedText& word, std::vector<TextToken>& tokens) const override;

private:
    PieceVocabulary m_vocabulary;
    std::string m_prefix;
    std::size_t m_longestWord;
    int m_unknown;
};

}  // namespace lab
