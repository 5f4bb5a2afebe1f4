#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Words and signs of a text, each with the blank before it, as GPT-2's splitter cuts texts such as the stories: " key", "." Joined they
/// are the text.
std::vector<std::string_view> storyTokens(std::string_view text);

/// All tokens that stories of any seed are made of, each once, in the order of the grammar's rows.
std::vector<std::string> storyVocabulary();
/// How many these are.
int storyPieces();

}  // namespace lab
