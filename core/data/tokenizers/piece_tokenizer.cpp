#include "core/data/tokenizers/piece_tokenizer.h"

#include "core/data/tokenizers/pipeline/token_face.h"

namespace lab {
namespace {

/// Spaces, tabs and line ends as signs, so that they can be seen.
std::string visible(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == ' ')
            result += "\u2423";
        else if (c == '\n')
            result += "\u21B5";
        else if (c == '\t')
            result += "\u21E5";
        else
            result += c;
    }
    return result;
}

}  // namespace

NoTokenError::NoTokenError(std::string character, int at)
    : InputError(Message(LAB_TEXT("tokens", "character %1, '%2', has no token in this vocabulary")).arg(at + 1).arg(character)),
      m_character(std::make_shared<const std::string>(std::move(character))),
      m_at(at) {}

PieceTokenizer::PieceTokenizer(std::string json, const std::string& file)
    : m_json(std::move(json)), m_pipeline(std::make_unique<const TextPipeline>(m_json, file)) {}

PieceTokenizer::~PieceTokenizer() = default;

int PieceTokenizer::symbols() const {
    return m_pipeline->size();
}

Message PieceTokenizer::rule() const {
    return LAB_TEXT("tokens", "running text");
}

TextCuts PieceTokenizer::cuts() const {
    return m_pipeline->cuts();
}

std::vector<int> PieceTokenizer::encode(std::string_view text, bool) const {
    if (const auto lost = m_pipeline->firstLost(text)) throw NoTokenError(lost->character, lost->at);
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

std::string PieceTokenizer::shown(int token) const {
    if (m_pipeline->piece(token).empty()) return std::to_string(token);
    const TokenFace face = faceOf(*m_pipeline, token);
    return face.kind == TokenFace::Kind::special ? face.text : visible((face.inside ? "##" : "") + face.text);
}

int PieceTokenizer::idOf(std::string_view piece, bool) const {
    const std::vector<int> ids = encode(piece);
    if (ids.size() == 1) return ids.front();
    throw InputError(Message(LAB_TEXT("tokens", "'%1' is not one piece of the vocabulary")).arg(piece));
}

}  // namespace lab
