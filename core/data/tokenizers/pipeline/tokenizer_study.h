#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"

namespace lab {

/// What a tokenizer makes of a text: how often each of its tokens comes, and what each of its merges saves.
struct TokenizerStudy {
    std::int64_t characters = 0, bytes = 0;  ///< of the text
    std::int64_t tokens = 0;
    std::int64_t symbols = 0;          ///< what BPE begins with: tokens before the first merge; 0 of other models
    std::vector<std::int64_t> times;   ///< in the text, by id
    std::vector<std::int64_t> merged;  ///< how often each merge was done, by its rank; empty of other models than BPE

    /// -log2 of the token's share of the text; one that is not in it counts as one that is there once. 0 of a text without tokens.
    double bits(int id) const;
    /// With the first `merges` merges only. A merge that never happened since an earlier one took its pieces changes nothing.
    std::int64_t tokensAfter(int merges) const;
    double charactersPerToken(int merges) const;
    /// The same for 0, 1, .. all merges; one value of tokenizers without merges.
    std::vector<double> curve() const;
    double charactersPerToken() const { return tokens > 0 ? static_cast<double>(characters) / static_cast<double>(tokens) : 0.0; }
};

/// All of a text's tokens.
double bitsOf(const TokenizerStudy& study, std::span<const int> ids);

/// The text is taken in portions that end before a space. Throws InputError naming `name` when the watch wants no more of it.
TokenizerStudy studyTokenizer(const TextPipeline& pipeline, std::string_view utf8, const Watch& watch = {}, const std::string& name = {});

}  // namespace lab
