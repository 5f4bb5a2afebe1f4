#pragma once

#include <vector>

#include "core/base/random.h"
#include "core/data/tokenizers/tokenizer.h"
#include "core/tensor/batch.h"

namespace lab {

/// The mask token of a tokenizer that is learned from a text.
constexpr std::string_view learnedMask = "[MASK]";

/// The token that stands in a word's place. Throws InputError where the tokenizer has none.
int requiredMask(const Tokenizer& tokenizer);

/// Which tokens of a sequence an encoder is to guess, and what it reads in their place (Devlin et al. 2018, "BERT", 3.1 and A.1): of those
/// that stand for text a share, rounded, one at least; of the chosen ones 80 % are replaced by the mask token, 10 % by any token of text,
/// and 10 % stay as they are.
class Masking {
public:
    /// Throws InputError where the tokenizer has no mask token.
    Masking(const Tokenizer& tokenizer, double share);

    /// The sequence with some tokens masked, which are its targets; a pure function of both. Where nothing stands for text nothing is
    /// asked.
    Sample masked(std::vector<int> tokens, const RandomStream& random) const;

private:
    int shownFor(int token, std::uint32_t tenth, const RandomStream& random, std::uint64_t number) const;

    int m_mask;
    double m_share;
    std::vector<bool> m_isSpecial;  ///< by id
    std::vector<int> m_ordinary;    ///< ids that stand for text
};

}  // namespace lab
