#include "core/data/tokenizers/pipeline/token_face.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/base/utf8.h"
#include "core/data/tokenizers/pipeline/bpe.h"

namespace lab {
namespace {

bool makesWords(const TextPipeline& pipeline) {
    const auto* bpe = dynamic_cast<const Bpe*>(&pipeline.model());
    return !bpe || !bpe->merges().empty();
}

}  // namespace

std::string hexadecimal(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        std::array<char, 4> digits{};
        std::snprintf(digits.data(), digits.size(), "%02X", static_cast<unsigned char>(byte));
        text += (text.empty() ? "" : " ") + std::string(digits.data());
    }
    return text;
}

TokenFace faceOf(const TextPipeline& pipeline, int id) {
    if (pipeline.isSpecial(id)) return {TokenFace::Kind::special, pipeline.piece(id)};
    const std::string bytes = pipeline.bytes(id);
    const PieceWriting& writing = pipeline.writing();
    const bool inside =
        writing.kind == PieceWriting::Kind::wordParts && !writing.mark.empty() && pipeline.piece(id).starts_with(writing.mark);
    if (isUtf8(bytes)) return {TokenFace::Kind::text, bytes, inside};
    const std::size_t blanks = std::min(bytes.find_first_not_of(' '), bytes.size());
    return {TokenFace::Kind::bytes, bytes.substr(0, blanks) + hexadecimal(std::string_view(bytes).substr(blanks))};
}

std::vector<ShownToken> shownTokens(const TextPipeline& pipeline, std::string_view text) {
    std::vector<std::size_t> starts;
    std::vector<ShownToken> shown;
    for (const TextToken& token : pipeline.encode(text, &starts)) shown.push_back({token.id, token.span, faceOf(pipeline, token.id), true});
    const bool words = makesWords(pipeline);
    for (ShownToken& token : shown) token.touches = words && token.face.kind != TokenFace::Kind::special;
    for (const std::size_t start : starts)
        if (start < shown.size()) shown[start].touches = false;
    return shown;
}

}  // namespace lab
