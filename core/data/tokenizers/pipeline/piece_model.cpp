#include "core/data/tokenizers/pipeline/piece_model.h"

#include <nlohmann/json.hpp>

#include "core/base/limits.h"
#include "core/data/tokenizers/pipeline/bpe.h"
#include "core/data/tokenizers/pipeline/part_table.h"
#include "core/data/tokenizers/pipeline/unigram.h"
#include "core/data/tokenizers/pipeline/word_level.h"
#include "core/data/tokenizers/pipeline/word_piece.h"

namespace lab {
namespace {

constexpr std::size_t mostGaps = 1 << 16;  ///< ids without a piece

}  // namespace

PieceVocabulary::PieceVocabulary(const nlohmann::json& object, const std::string& place) {
    if (!object.is_object()) throw InputError(place, LAB_TEXT("tokens", "expected an object of pieces and their ids"));
    for (const auto& [piece, id] : object.items()) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= static_cast<std::uint64_t>(mostRows))
            throw InputError(place, Message(LAB_TEXT("tokens", "'%1' has no id from 0 to %2")).arg(piece).arg(mostRows - 1));
        const int number = id.get<int>();
        if (static_cast<std::size_t>(number) > mostGaps + 4 * object.size())  // a broken id must not take memory for all below it
            throw InputError(place,
                             Message(LAB_TEXT("tokens", "'%1' has the id %2, far beyond the number of pieces")).arg(piece).arg(number));
        if (this->piece(number)) throw InputError(place, Message(LAB_TEXT("tokens", "id %1 is given twice")).arg(number));
        add(piece, number);
    }
}

void PieceVocabulary::add(const std::string& piece, int id) {
    const auto at = static_cast<std::size_t>(id);
    if (at >= m_pieces.size()) {
        m_pieces.resize(at + 1);
        m_known.resize(at + 1);
    }
    m_pieces[at] = piece;
    m_known[at] = true;
    m_ids.insert_or_assign(piece, id);
}

int PieceVocabulary::find(std::string_view piece) const {
    const auto found = m_ids.find(piece);
    return found == m_ids.end() ? -1 : found->second;
}

const std::string* PieceVocabulary::piece(int id) const {
    const bool known = id >= 0 && id < size() && m_known[static_cast<std::size_t>(id)];
    return known ? &m_pieces[static_cast<std::size_t>(id)] : nullptr;
}

std::unique_ptr<PieceModel> pieceModelOf(const nlohmann::json& json, const std::string& place) {
    static const PartTable<std::unique_ptr<PieceModel>> table{
        {"BPE", [](const nlohmann::json& j, const std::string& at) { return std::make_unique<Bpe>(j, at); }},
        {"WordPiece", [](const nlohmann::json& j, const std::string& at) { return std::make_unique<WordPiece>(j, at); }},
        {"WordLevel", [](const nlohmann::json& j, const std::string& at) { return std::make_unique<WordLevel>(j, at); }},
        {"Unigram", [](const nlohmann::json& j, const std::string& at) { return std::make_unique<Unigram>(j, at); }},
    };
    return madeBy(table, json, place);
}

}  // namespace lab
