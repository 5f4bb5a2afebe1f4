#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/goedel/goedel_number.h"

// A sequence and its number as JSON (FORMATS.md, command goedel). Numbers of any size are texts of their digits.

namespace lab::goedel {

using Json = nlohmann::ordered_json;

/// `number` is the sequence's own. Throws Cancelled.
Json encodedJson(const Alphabet& alphabet, const Symbols& symbols, const Natural& number, const CancelCheck& cancelled = {});
/// Of a number that is a sequence's.
Json decodedJson(const Alphabet& alphabet, const Decoded& decoded, const Natural& number);

}  // namespace lab::goedel
