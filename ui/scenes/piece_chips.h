#pragma once

#include <span>
#include <vector>

#include "core/data/tokenizers/pipeline/token_face.h"
#include "core/data/tokenizers/tokenizer.h"
#include "ui/widgets/text_chip.h"

namespace lab {

/// A token's face as a chip.
TextChip chipOf(const TokenFace& face);
/// A token as a chip, whatever its tokenizer cuts.
TextChip pieceChip(const Tokenizer& tokenizer, int token);
/// The tokens of a sequence: pieces of one word touch.
std::vector<TextChip> pieceChips(const Tokenizer& tokenizer, std::span<const int> tokens);

}  // namespace lab
