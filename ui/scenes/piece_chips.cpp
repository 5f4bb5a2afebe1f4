#include "ui/scenes/piece_chips.h"

#include "core/data/tokenizers/piece_tokenizer.h"

namespace lab {

TextChip chipOf(const TokenFace& face) {
    TextChip chip;
    chip.text = QString::fromStdString(face.text);
    chip.inside = face.inside;
    chip.kind = face.kind == TokenFace::Kind::special ? TextChip::Kind::special
                : face.kind == TokenFace::Kind::bytes ? TextChip::Kind::bytes
                                                      : TextChip::Kind::text;
    return chip;
}

TextChip pieceChip(const Tokenizer& tokenizer, int token) {
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    if (pieces && !pieces->pipeline().piece(token).empty()) return chipOf(faceOf(pieces->pipeline(), token));
    TextChip chip;
    chip.text = QString::fromStdString(tokenizer.shown(token));
    if (tokenizer.special() && token == tokenizer.special()->id) chip.kind = TextChip::Kind::special;
    return chip;
}

std::vector<TextChip> pieceChips(const Tokenizer& tokenizer, std::span<const int> tokens) {
    std::vector<TextChip> chips;
    for (const int token : tokens) chips.push_back(pieceChip(tokenizer, token));
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    if (!pieces) return chips;
    const std::vector<ShownToken> shown = shownTokens(pieces->pipeline(), tokens);
    for (std::size_t i = 0; i < chips.size(); ++i) chips[i].touches = shown[i].touches;
    return chips;
}

}  // namespace lab
