#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace lab {

/// The text of a tokenizer.json with all the keys that Hugging Face's tokenizers write, in their order. `parts`: an object of those that
/// are not null, by their keys: "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model".
std::string tokenizerText(nlohmann::ordered_json parts);

/// An added token that is special: left out of what is decoded, looked for in the text as it is.
nlohmann::ordered_json specialTokenJson(int id, const std::string& content);
/// Pre-tokenizer and decoder "ByteLevel". `regex`: words as GPT-2 cuts them.
nlohmann::ordered_json byteLevelJson(bool regex);
/// {"piece": id} of different pieces by id, in that order.
nlohmann::ordered_json vocabularyJson(const std::vector<std::string>& pieces);
/// The model "BPE" without an unknown piece. `vocab`: {"piece": id}; `merges`: [["a", "b"], ...].
nlohmann::ordered_json bpeModelJson(nlohmann::ordered_json vocab, nlohmann::ordered_json merges);

}  // namespace lab
