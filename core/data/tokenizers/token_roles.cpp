#include "core/data/tokenizers/token_roles.h"

#include "core/data/sentence_frame.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/token_face.h"

namespace lab {

TokenRoles tokenRoles(const Tokenizer& tokenizer, std::span<const int> tokens) {
    TokenRoles roles;
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    const std::vector<ShownToken> shown = pieces ? shownTokens(pieces->pipeline(), tokens) : std::vector<ShownToken>();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        roles.special.push_back(pieces ? isSpecialToken(tokenizer, tokens[i])
                                       : tokenizer.special() && tokenizer.special()->id == tokens[i]);
        if (!pieces || !shown[i].touches) roles.wordStarts.push_back(static_cast<int>(i));
    }
    return roles;
}

}  // namespace lab
