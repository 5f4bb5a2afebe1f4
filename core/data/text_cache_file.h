#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/watched_reading.h"
#include "core/data/text_dataset.h"

namespace lab {

/// To be raised when the file has other parts, or when cleaning, parting or cutting makes other tokens of the same text.
inline constexpr std::string_view textCacheFormat = "attention-lab/text-cache/1";

/// What a file of the text cache holds.
struct CachedText {
    Corpus corpus;  ///< without its notes
    std::shared_ptr<const Tokenizer> tokenizer;
    TokenIds train, validation;
};

/// A line with the hash and the length of a header, the header (JSON: key, sizes and hashes of the parts, what else is known of the
/// corpus), and the parts: tokenizer.json, documents, clean text and ids of both sides, as they lie in memory. False when it could not be
/// written whole. Throws InputError when the watch ends it.
bool writeTextCacheFile(const std::filesystem::path& file, const std::string& key, const TextTokens& text, const Watch& watch);

/// Nothing unless the file is there, whole, of this key and of this version. `given`: a tokenizer in place of the file's. Throws
/// InputError when the watch ends it.
std::optional<CachedText> readTextCacheFile(const std::filesystem::path& file, const std::string& key,
                                            const std::shared_ptr<const Tokenizer>& given, const Watch& watch);

}  // namespace lab
