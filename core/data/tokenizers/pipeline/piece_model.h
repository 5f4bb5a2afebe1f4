#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/tokenizers/pipeline/mapped_text.h"

namespace lab {

/// Pieces of text and their ids, by what is written.
class PieceVocabulary {
public:
    PieceVocabulary() = default;
    /// Of an object {"piece": id}. Throws InputError at `place` for an id that is none or is given twice.
    PieceVocabulary(const nlohmann::json& object, const std::string& place);

    void add(const std::string& piece, int id);
    int find(std::string_view piece) const;  ///< -1: there is no such piece
    /// Null where no piece has this id.
    const std::string* piece(int id) const;
    int size() const { return static_cast<int>(m_pieces.size()); }  ///< one more than the largest id

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, int, Hash, std::equal_to<>> m_ids;
    std::vector<std::string> m_pieces;
    std::vector<bool> m_known;
};

/// One token of a text.
struct TextToken {
    int id = 0;
    TextSpan span;

    bool operator==(const TextToken&) const = default;
};

/// How a word of text becomes tokens: the "model" of a tokenizer.json.
class PieceModel {
public:
    virtual ~PieceModel() = default;
    virtual const PieceVocabulary& vocabulary() const = 0;
    /// Adds the tokens of a word that is not empty.
    virtual void encode(const MappedText& word, std::vector<TextToken>& tokens) const = 0;
    /// The first character of a word that is left out, having neither a token nor an unknown piece; word.size(): none is.
    virtual std::size_t firstLost(const MappedText& word) const { return word.size(); }
};

/// Throws InputError naming the part that is not known, at `place`.
std::unique_ptr<PieceModel> pieceModelOf(const nlohmann::json& json, const std::string& place);

}  // namespace lab
