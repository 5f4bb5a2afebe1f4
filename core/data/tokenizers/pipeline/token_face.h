#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/tokenizers/pipeline/text_pipeline.h"

namespace lab {

/// A token as a person reads it.
struct TokenFace {
    enum class Kind {
        text,
        bytes,   ///< no whole character: `text` has the bytes in hexadecimal
        special  ///< stands for no text: `text` has its name
    };
    Kind kind = Kind::text;
    std::string text{};   ///< UTF-8, with its blanks
    bool inside = false;  ///< a piece inside a word, which its vocabulary marks ("##")

    bool operator==(const TokenFace&) const = default;
};

TokenFace faceOf(const TextPipeline& pipeline, int id);
/// "20 67 61": what the token stands for, in hexadecimal.
std::string hexadecimal(std::string_view bytes);

/// A token of a text with its face.
struct ShownToken {
    int id = 0;
    TextSpan span;  ///< characters of the text
    TokenFace face;
    bool touches = false;  ///< of one word with the token before it
};

/// The tokens of a text. Tokens of single characters or bytes make no words.
std::vector<ShownToken> shownTokens(const TextPipeline& pipeline, std::string_view text);
/// Those of a sequence, without spans: which are of one word its own text tells, read again, or their letters where other tokens would
/// come of that.
std::vector<ShownToken> shownTokens(const TextPipeline& pipeline, std::span<const int> ids);

}  // namespace lab
