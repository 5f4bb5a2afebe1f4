#pragma once

#include <string>

namespace lab {

/// The text of a tokenizer.json for stories: each of their words, with the blank before it, is one token, and whatever else somebody types
/// becomes its bytes. Byte-level BPE that looks for whole words first and has no merges; ids 0 to 255 are the bytes in the order of their
/// characters, then come the words (storyVocabulary). Stories are always made of tokens of theirs alone.
std::string storyTokenizer();

}  // namespace lab
