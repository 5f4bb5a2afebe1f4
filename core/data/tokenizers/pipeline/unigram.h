#pragma once

#include "core/data/tokenizers/pipeline/piece_model.h"

namespace lab {

/// Unigram (Kudo 2018, arXiv 1804.10959): of all ways to cut a word the one whose pieces' log-probabilities add up to most. What no piece
/// covers is unknown, neighbours in one token.
class Unigram : public PieceModel {
public:
    Unigram(const nlohmann::json& json, const std::string& place);

    const PieceVocabulary& vocabulary() const override { return m_vocabulary; }
    void encode(const MappedText& word, std::vector<TextToken>& tokens) const override;

private:
    PieceVocabulary m_vocabulary;
    std::vector<double> m_scores;  ///< by id
    std::size_t m_longest = 1;     ///< characters of a piece
    double m_unknownScore = 0.0;
    int m_unknown = -1;
};

}  // namespace lab
