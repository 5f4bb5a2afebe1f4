#pragma once

#include <string>
#include <string_view>

namespace lab {

/// The tokenizer.json whose tokens are the characters of this text, UTF-8, in the order of their code points: ids from 0. Any other
/// character has no token (TextPipeline::firstLost finds it).
std::string characterTokenizerJson(std::string_view text);

/// The tokenizer.json of 256 tokens, one a byte; the id is the byte. Every text has tokens.
std::string byteTokenizerJson();

}  // namespace lab
