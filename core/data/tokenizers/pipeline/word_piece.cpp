#include "core/data/tokenizers/pipeline/word_piece.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"

namespace lab {

WordPiece::WordPiece(const nlohmann::json& json, const std::string& place)
    : m_vocabulary(json.at("vocab"), place + ".vocab"),
      m_prefix(json.value("continuing_subword_prefix", "##")),
      m_longestWord(json.value("max_input_chars_per_word", std::size_t{100})) {
    const std::string unknown = json.value("unk_token", "[UNK]");
    m_unknown = m_vocabulary.find(unknown);
    if (m_unknown < 0) throw InputError(place + ".unk_token", Message(LAB_TEXT("tokens", "'%1' is not in the vocabulary")).arg(unknown));
}

void WordPiece::encode(const MappedText& word, std::vector<TextToken>& tokens) const {
    const std::size_t before = tokens.size();
    const auto unknown = [&] {
        tokens.resize(before);
        tokens.push_back({m_unknown, word.span()});
    };
    if (word.size() > m_longestWord) return unknown();
    for (std::size_t first = 0, last = 0; first < word.size(); first = last) {
        int id = -1;
        for (last = word.size(); last > first; --last) {
            const std::string piece = utf8Of(std::u32string_view(word.text).substr(first, last - first));
            if (id = m_vocabulary.find(first > 0 ? m_prefix + piece : piece); id >= 0) break;
        }
        if (id < 0) return unknown();
        tokens.push_back({id, {word.from[first].begin, word.from[last - 1].end}});
    }
}

}  // namespace lab
