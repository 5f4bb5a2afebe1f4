#pragma once

#include <string>

namespace lab {

/// The text of a tokenizer.json for stories: each of their words, with the blank before it, is one token, by its place in storyVocabulary;
/// other words are unknown. Byte-level BPE that looks for whole words and has neither merges nor single bytes.
std::string storyTokenizer();

}  // namespace lab
