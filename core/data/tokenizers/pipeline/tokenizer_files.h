#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/watched_reading.h"

namespace lab {

/// The text of a tokenizer.json from a file that holds a tokenizer in one of the forms in use: tokenizer.json itself; vocab.txt, a piece a
/// line (WordPiece, with do_lower_case of a tokenizer_config.json beside it); vocab.json with merges.txt beside it, either of them given
/// (byte-level BPE, with added_tokens.json and special_tokens_map.json); or a folder with one of these. Throws InputError naming file and
/// place of what is wrong. A tokenizer.json is checked by TextPipeline, not here.
std::string readTokenizer(const std::filesystem::path& path, const Watch& watch = {});

/// Settings beside older files: JSON objects as text, empty where there is no such file.
struct TokenizerExtras {
    std::string config, added;  ///< tokenizer_config.json, added_tokens.json
    std::string specials = {};  ///< special_tokens_map.json
};
/// `file` and the names of the others stand in errors.
std::string tokenizerOfVocabulary(std::string_view lines, const TokenizerExtras& extras, const std::string& file);
std::string tokenizerOfMerges(std::string_view vocabulary, std::string_view merges, const TokenizerExtras& extras,
                              const std::string& vocabularyFile, const std::string& mergesFile);

}  // namespace lab
