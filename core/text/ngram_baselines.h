#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/watched_reading.h"

namespace lab {

/// What counting alone reaches on a text: the yardsticks that a model is held to.
struct NgramBaselines {
    static constexpr int longest = 5;
    std::vector<double> bits;     ///< bits a token of the validation text: uniform, unigram, bigram .. 5-gram
    std::size_t trainTokens = 0;  ///< that were counted: the first of them when there are more than fit
    std::size_t scoredTokens = 0;
    double best() const;
};

struct NgramLimits {
    std::size_t trainTokens = 16 << 20;
    std::size_t nodes = 24 << 20;  ///< different n-grams of all lengths; some 28 bytes each. Counting ends where they are reached.
};

/// n-grams of token ids (0 .. vocabulary - 1) counted in `train` and asked for each token of `validation`. Interpolated by Witten and Bell
/// (1991, method C; Chen and Goodman 1998, section 2.5): p(w|h) = (c(hw) + t(h) p(w|h')) / (c(h) + t(h)), t(h) the different tokens seen
/// behind h and h' without its first token; below the unigrams stands the uniform distribution. The first tokens of the validation text
/// have the shorter contexts they have. `scored` says which tokens of the validation count, 0: read alone; empty: all do. Throws InputError
/// when the watch ends it.
NgramBaselines ngramBaselines(std::span<const int> train, std::span<const int> validation, int vocabulary, const Watch& watch = {},
                              const NgramLimits& limits = {}, std::span<const unsigned char> scored = {});

}  // namespace lab
