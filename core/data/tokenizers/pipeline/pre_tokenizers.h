#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/data/tokenizers/pipeline/mapped_text.h"

namespace lab {

/// The "pre_tokenizer" of a tokenizer.json; null leaves the text whole. Throws InputError naming the part that is not known, at `place`.
PreTokenizer preTokenizerOf(const nlohmann::json& json, const std::string& place);

}  // namespace lab
