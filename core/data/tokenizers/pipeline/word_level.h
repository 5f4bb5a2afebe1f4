#pragma once

#include "core/data/tokenizers/pipeline/piece_model.h"

namespace lab {

/// A token a word; the unknown piece, where there is one, stands for all other words, else they are left out.
class WordLevel : public PieceModel {
public:
    WordLevel(const nlohmann::json& json, const std::string& place);

    const PieceVocabulary& vocabulary() const override { return m_vocabulary; }
    void encode(const MappedText& word, std::vector<TextToken>& tokens) const override;
    std::size_t firstLost(const MappedText& word) const override;

private:
    PieceVocabulary m_vocabulary;
    int m_unknown = -1;
};

}  // namespace lab
