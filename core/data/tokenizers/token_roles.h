#pragma once

#include <span>
#include <vector>

#include "core/data/tokenizers/tokenizer.h"

namespace lab {

/// What tokens are beside what they say.
struct TokenRoles {
    std::vector<bool> special;    ///< stands for no text
    std::vector<int> wordStarts;  ///< indices of the tokens that words begin with: a special token is a word of its own
};

/// Words are those of shownTokens(); other tokens than pieces of text are words each.
TokenRoles tokenRoles(const Tokenizer& tokenizer, std::span<const int> tokens);

}  // namespace lab
