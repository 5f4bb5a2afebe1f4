#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/data/tokenizers/pipeline/mapped_text.h"

namespace lab {

/// The "normalizer" of a tokenizer.json; null is none. Throws InputError naming the part that is not known, at `place`.
Normalizer normalizerOf(const nlohmann::json& json, const std::string& place);

}  // namespace lab
