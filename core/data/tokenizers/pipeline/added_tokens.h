#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/data/tokenizers/pipeline/mapped_text.h"

namespace lab {

/// A piece of text that is a token of its own wherever it stands, before anything else is done with the text around it.
struct AddedToken {
    int id = 0;
    std::u32string content;
    bool special = false;     ///< left out of what is decoded
    bool singleWord = false;  ///< only between blanks and signs
    bool takesLeft = false;   ///< with the blanks before it
    bool takesRight = false;
    bool normalized = true;  ///< looked for in the normalized text
};

/// The "added_tokens" of a tokenizer.json. Throws InputError at `place`.
std::vector<AddedToken> addedTokensOf(const nlohmann::json& json, const std::string& place);

/// A part of a text: an added token, or text between them.
struct TextPart {
    MappedText text;
    const AddedToken* token = nullptr;
};
/// Cut at the tokens that are looked for in the text as it is (`normalized` false) or behind the normalizer: leftmost, then longest.
std::vector<TextPart> cutAtTokens(const MappedText& text, const std::vector<AddedToken>& tokens, bool normalized);

}  // namespace lab
