#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/pretrained/config_json.h"

namespace lab {

/// Tokens that stand for no text, as far as a model has them.
struct SpecialIds {
    std::optional<int> bos, pad, unknown, cls, sep, mask;
    std::vector<int> eos;

    bool operator==(const SpecialIds&) const = default;
};

/// As config.json has them by number, and special_tokens_map.json or tokenizer_config.json in `folder` by their text; no folder:
/// config.json alone.
SpecialIds specialIds(const ConfigReader& config, const PieceTokenizer& tokenizer, const std::filesystem::path& folder);

}  // namespace lab
