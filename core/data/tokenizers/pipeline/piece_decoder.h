#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace lab {

/// The text of pieces.
using PieceDecoder = std::function<std::string(const std::vector<std::string>& pieces)>;

/// The "decoder" of a tokenizer.json; null puts blanks between the pieces. Throws InputError naming the part that is not known, at `place`.
PieceDecoder pieceDecoderOf(const nlohmann::json& json, const std::string& place);

}  // namespace lab
