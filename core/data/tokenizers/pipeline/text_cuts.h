#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/data/tokenizers/pipeline/portions.h"

namespace lab {

/// Where the texts that a tokenizer.json reads may be cut, by its normalizer, pre-tokenizer and model; what is not known to be safe is
/// nowhere. Added tokens are not looked at, but that there are any.
TextCuts textCutsOf(const nlohmann::json& tokenizer);

}  // namespace lab
