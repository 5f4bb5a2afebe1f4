#include "core/data/tokenizers/pipeline/plain_tokenizers.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/errors.h"
#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/mapped_text.h"
#include "core/data/tokenizers/pipeline/tokenizer_json.h"
#include "core/text/unicode.h"

namespace lab {

using OrderedJson = nlohmann::ordered_json;

namespace {

/// Ids from `first` on.
OrderedJson specialTokens(std::size_t first, const std::vector<std::string>& specials) {
    OrderedJson tokens = OrderedJson::array();
    for (const std::string& content : specials) tokens.push_back(specialTokenJson(static_cast<int>(first + tokens.size()), content));
    return tokens;
}

}  // namespace

/// Read in portions: as characters a text takes four times its bytes.
void CharacterSet::add(std::string_view utf8) {
    constexpr std::size_t portion = 1 << 16;
    while (!utf8.empty()) {
        std::size_t end = std::min(portion, utf8.size());
        while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80) ++end;
        for (const char32_t character : charactersOf(utf8.substr(0, end))) m_seen[character] = true;
        utf8.remove_prefix(end);
    }
}

std::vector<std::string> CharacterSet::characters() const {
    std::vector<std::string> characters;
    for (std::size_t c = 0; c < codePoints; ++c)
        if (m_seen[c]) characters.push_back(utf8Of(static_cast<char32_t>(c)));
    return characters;
}

std::string characterTokenizerJson(const CharacterSet& characters, const std::vector<std::string>& specials) {
    const std::vector<std::string> pieces = characters.characters();
    OrderedJson parts;
    parts["added_tokens"] = specialTokens(pieces.size(), specials);
    parts["decoder"] = {{"type", "Fuse"}};
    parts["model"] = bpeModelJson(vocabularyJson(pieces), OrderedJson::array());
    return tokenizerText(std::move(parts));
}

std::string characterTokenizerJson(std::string_view text) {
    CharacterSet characters;
    characters.add(text);
    return characterTokenizerJson(characters);
}

std::string byteTokenizerJson(const std::vector<std::string>& specials) {
    std::vector<std::string> bytes;
    for (int byte = 0; byte < 256; ++byte) bytes.push_back(utf8Of(characterOfByte(static_cast<unsigned char>(byte))));
    OrderedJson parts;
    parts["added_tokens"] = specialTokens(bytes.size(), specials);
    parts["pre_tokenizer"] = parts["decoder"] = byteLevelJson(false);
    parts["model"] = bpeModelJson(vocabularyJson(bytes), OrderedJson::array());
    return tokenizerText(std::move(parts));
}

std::string wordTokenizerJson(const std::vector<std::string>& words) {
    std::set<std::string_view> known;
    for (const std::string& word : words) {
        if (word.empty() || std::ranges::any_of(charactersOf(word), unicode::isSpace))
            throw InputError("words", Message(LAB_TEXT("tokens", "'%1' is no word between blanks")).arg(word));
        if (!known.insert(word).second) throw InputError("words", Message(LAB_TEXT("tokens", "'%1' comes twice")).arg(word));
    }
    OrderedJson parts;
    parts["pre_tokenizer"] = {{"type", "WhitespaceSplit"}};
    parts["model"] = {{"type", "WordLevel"}, {"vocab", vocabularyJson(words)}, {"unk_token", nullptr}};
    return tokenizerText(std::move(parts));
}

}  // namespace lab
