#include "core/data/tokenizers/piece_tokenizer.h"

#include "core/base/errors.h"
#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

constexpr std::string_view insideWord = "##", metaspace = "\u2581", broken = "\uFFFD";

bool isWord(char32_t character) {
    return unicode::isLetter(character) || unicode::isNumber(character) || unicode::isMark(character);
}

/// The bytes that the characters of a byte-level piece stand for, as hexadecimal digits.
std::string hexadecimal(std::string_view piece) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char32_t character : charactersOf(piece)) {
        const int byte = byteOfCharacter(character);
        if (byte < 0) return std::string(piece);
        text += digits[static_cast<std::size_t>(byte / 16)];
        text += digits[static_cast<std::size_t>(byte % 16)];
    }
    return text;
}

/// Tabs and line ends as signs, so that they can be seen.
std::string visible(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n')
            result += "\u21B5";
        else if (c == '\t')
            result += "\u21E5";
        else
            result += c;
    }
    return result;
}

}  // namespace

PieceTokenizer::PieceTokenizer(std::string json, const std::string& file)
    : m_json(std::move(json)), m_pipeline(std::make_unique<const TextPipeline>(m_json, file)) {}

PieceTokenizer::~PieceTokenizer() = default;

int PieceTokenizer::symbols() const {
    return m_pipeline->size();
}

Message PieceTokenizer::rule() const {
    return LAB_TEXT("tokens", "running text");
}

std::vector<int> PieceTokenizer::encode(std::string_view text, bool) const {
    if (const auto lost = m_pipeline->firstLost(text))
        throw InputError(Message(LAB_TEXT("tokens", "character %1, '%2', has no token in this vocabulary")).arg(lost->at + 1).arg(lost->character));
    const std::vector<TextToken> found = m_pipeline->encode(text);
    std::vector<int> ids;
    ids.reserve(found.size());
    for (const TextToken& token : found) ids.push_back(token.id);
    return ids;
}

std::string PieceTokenizer::decode(const std::vector<int>& tokens) const {
    return m_pipeline->decode(tokens, true);
}

std::string PieceTokenizer::written(int token) const {
    const std::string text = m_pipeline->decode(std::span(&token, 1), true);
    return text.empty() ? m_pipeline->piece(token) : text;
}

TokenFace PieceTokenizer::face(int token) const {
    const std::string piece = m_pipeline->piece(token);
    TokenFace shape;
    shape.special = m_pipeline->isSpecial(token);
    shape.text = shape.special ? piece : written(token);
    if (piece.empty()) shape.text = std::to_string(token);
    if (piece.empty() || shape.special) return shape;
    if (shape.text.find(broken) != std::string::npos) {
        shape.byte = true;
        shape.joinsLast = true;
        shape.text = hexadecimal(piece);
        return shape;
    }
    if (piece.starts_with(insideWord) && piece.size() > insideWord.size()) {
        shape.joinsLast = true;
        shape.text = piece.substr(insideWord.size());
        return shape;
    }
    shape.space = piece.starts_with(metaspace) || shape.text.starts_with(' ');
    if (piece.starts_with(metaspace)) shape.text = piece.substr(metaspace.size());
    if (shape.text.starts_with(' ')) shape.text.erase(0, 1);
    const std::u32string characters = charactersOf(shape.text);
    shape.joinsLast = !shape.space && !characters.empty() && isWord(characters.front());
    shape.text = visible(shape.text);
    return shape;
}

int PieceTokenizer::idOf(std::string_view piece, bool) const {
    const std::vector<int> ids = encode(piece);
    if (ids.size() == 1) return ids.front();
    throw InputError(Message(LAB_TEXT("tokens", "'%1' is not one piece of the vocabulary")).arg(piece));
}

}  // namespace lab
