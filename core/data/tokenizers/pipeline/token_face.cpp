#include "core/data/tokenizers/pipeline/token_face.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "core/base/utf8.h"
#include "core/data/tokenizers/pipeline/bpe.h"

namespace lab {
namespace {

bool makesWords(const TextPipeline& pipeline) {
    const auto* bpe = dynamic_cast<const Bpe*>(&pipeline.model());
    return !bpe || !bpe->merges().empty();
}

/// Whether a piece goes on with the word that another one ends, by their letters alone.
bool goesOn(const TokenFace& before, const TokenFace& face) {
    const auto isLetter = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; };
    const auto ofBytes = [](const TokenFace& of) { return of.kind == TokenFace::Kind::bytes; };
    if (face.inside || face.text.empty() || before.text.empty() || face.text.front() == ' ') return face.inside;
    return (ofBytes(before) || isLetter(static_cast<unsigned char>(before.text.back()))) &&
           (ofBytes(face) || isLetter(static_cast<unsigned char>(face.text.front())));
}

/// Of tokens none of which is special.
void joinWords(const TextPipeline& pipeline, std::span<ShownToken> part) {
    const bool marked = pipeline.writing().kind == PieceWriting::Kind::wordParts && !pipeline.writing().mark.empty();
    std::vector<int> ids;
    for (const ShownToken& token : part) ids.push_back(token.id);
    std::vector<std::size_t> starts;
    const std::vector<TextToken> again = marked ? std::vector<TextToken>() : pipeline.encode(pipeline.decode(ids), &starts);
    const bool same = std::ranges::equal(again, ids, {}, &TextToken::id);
    for (std::size_t i = 1; i < part.size(); ++i)
        part[i].touches = marked ? part[i].face.inside : same ? true : goesOn(part[i - 1].face, part[i].face);
    for (const std::size_t start : starts)
        if (same && start < part.size()) part[start].touches = false;
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

std::vector<ShownToken> shownTokens(const TextPipeline& pipeline, std::span<const int> ids) {
    std::vector<ShownToken> shown;
    for (const int id : ids) shown.push_back({id, {}, faceOf(pipeline, id), false});
    if (!makesWords(pipeline)) return shown;
    const auto special = [](const ShownToken& token) { return token.face.kind == TokenFace::Kind::special; };
    for (auto from = shown.begin(); from != shown.end();) {
        const auto to = std::find_if(from, shown.end(), special);
        joinWords(pipeline, {from, to});
        from = std::find_if_not(to, shown.end(), special);
    }
    return shown;
}

}  // namespace lab
