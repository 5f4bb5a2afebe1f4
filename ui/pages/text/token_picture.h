#pragma once

#include <memory>
#include <vector>

#include "core/data/tokenizers/pipeline/token_face.h"
#include "ui/scenes/piece_chips.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/token_chips.h"

namespace lab {

/// What is drawn of a text's tokens for paper.
struct TokenPicture {
    QString title, caption;
    std::vector<TextChip> chips;
    std::vector<ShownToken> tokens;  ///< as many
    TokenChips::Colouring colouring = TokenChips::Colouring::bits;
};
std::unique_ptr<Figure> tokenFigure(TokenPicture picture);

}  // namespace lab
