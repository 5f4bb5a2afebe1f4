#include "core/data/tokenizers/pipeline/word_level.h"

#include <nlohmann/json.hpp>

namespace lab {

WordLevel::WordLevel(const nlohmann::json& json, const std::string& place) : m_vocabulary(json.at("vocab"), place + ".vocab") {
    if (json.contains("unk_token") && json["unk_token"].is_string()) m_unknown = m_vocabulary.find(json["unk_token"].get<std::string>());
}

void WordLevel::encode(const MappedText& word, std::vector<TextToken>& tokens) const {
    const int known = m_vocabulary.find(word.utf8()), id = known >= 0 ? known : m_unknown;
    if (id >= 0) tokens.push_back({id, word.span()});
}

std::size_t WordLevel::firstLost(const MappedText& word) const {
    return m_unknown >= 0 || m_vocabulary.find(word.utf8()) >= 0 ? word.size() : 0;
}

}  // namespace lab
