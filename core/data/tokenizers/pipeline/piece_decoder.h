#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace lab {

/// How pieces write the text that they stand for.
struct PieceWriting {
    enum class Kind {
        plain,      ///< as it is
        bytes,      ///< a character a byte (byte_table.h)
        wordParts,  ///< without the blanks between words; `mark` ("##") before pieces inside one
        metaspace   ///< `mark` (U+2581) for each space
    };
    Kind kind = Kind::plain;
    std::string mark{};
};
/// Of the "decoder" of a tokenizer.json.
PieceWriting pieceWritingOf(const nlohmann::json& json);

/// The text of pieces.
using PieceDecoder = std::function<std::string(const std::vector<std::string>& pieces)>;

/// The "decoder" of a tokenizer.json; null puts blanks between the pieces. Throws InputError naming the part that is not known, at `place`.
PieceDecoder pieceDecoderOf(const nlohmann::json& json, const std::string& place);

}  // namespace lab
