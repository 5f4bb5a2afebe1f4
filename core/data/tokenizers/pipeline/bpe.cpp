#include "core/data/tokenizers/pipeline/bpe.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <queue>

#include "core/data/tokenizers/pipeline/part_table.h"

namespace lab {
namespace {

using Json = nlohmann::json;

std::uint64_t keyOf(int left, int right) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}

/// The lowest rank, then the leftmost, looked for anew each time: for words, which are short.
void mergeShort(const Bpe& bpe, std::vector<TextToken>& symbols) {
    while (symbols.size() > 1) {
        const Bpe::Merge* best = nullptr;
        std::size_t at = 0;
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
            const Bpe::Merge* merge = bpe.merge(symbols[i].id, symbols[i + 1].id);
            if (merge && (!best || merge->rank < best->rank)) best = merge, at = i;
        }
        if (!best) return;
        symbols[at] = {best->id, {symbols[at].span.begin, symbols[at + 1].span.end}};
        symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
}

/// The same with a heap over a list of what is left: n log n.
class LongMerge {
public:
    LongMerge(const Bpe& bpe, std::vector<TextToken>& symbols)
        : m_bpe(bpe), m_symbols(symbols), m_next(symbols.size()), m_before(symbols.size()) {
        for (std::size_t i = 0; i < symbols.size(); ++i) m_next[i] = i + 1, m_before[i] = i - 1;
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) offer(i);
    }

    void run() {
        while (!m_queue.empty()) {
            const Candidate best = m_queue.top();
            m_queue.pop();
            const std::size_t right = isAlive(best.at) ? m_next[best.at] : m_symbols.size();
            if (right >= m_symbols.size() || m_symbols[best.at].id != best.left || m_symbols[right].id != best.right) continue;
            m_symbols[best.at] = {m_bpe.merge(best.left, best.right)->id, {m_symbols[best.at].span.begin, m_symbols[right].span.end}};
            m_symbols[right].id = -1;
            m_next[best.at] = m_next[right];
            if (m_next[right] < m_symbols.size()) m_before[m_next[right]] = best.at;
            if (m_before[best.at] < m_symbols.size()) offer(m_before[best.at]);
            offer(best.at);
        }
        std::erase_if(m_symbols, [](const TextToken& symbol) { return symbol.id < 0; });
    }

private:
    struct Candidate {
        int rank;
        std::size_t at;
        int left, right;

        bool operator<(const Candidate& other) const { return std::pair(other.rank, other.at) < std::pair(rank, at); }
    };

    bool isAlive(std::size_t at) const { return m_symbols[at].id >= 0; }
    void offer(std::size_t at) {
        const std::size_t right = m_next[at];
        if (right >= m_symbols.size()) return;
        const Bpe::Merge* merge = m_bpe.merge(m_symbols[at].id, m_symbols[right].id);
        if (merge) m_queue.push({merge->rank, at, m_symbols[at].id, m_symbols[right].id});
    }

    const Bpe& m_bpe;
    std::vector<TextToken>& m_symbols;
    std::vector<std::size_t> m_next, m_before;
    std::priority_queue<Candidate> m_queue;
};

std::string byteName(unsigned char byte) {
    std::array<char, 8> name{};
    std::snprintf(name.data(), name.size(), "<0x%02X>", byte);
    return name.data();
}

/// "a b", or since 2024 ["a", "b"].
std::pair<std::string, std::string> pairOf(const Json& merge, const std::string& place) {
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
        return {merge[0].get<std::string>(), merge[1].get<std::string>()};
    const std::string text = merge.is_string() ? merge.get<std::string>() : std::string();
    const std::size_t space = text.find(' ');
    if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
        throw InputError(place, Message(LAB_TEXT("tokens", "%1 is no merge of two pieces")).arg(merge.dump()));
    return {text.substr(0, space), text.substr(space + 1)};
}

void requireAbsent(const Json& json, const char* key, const std::string& place) {
    if (json.contains(key) && !json[key].is_null() && json[key] != "") throw unknownPart(place + "." + key, json[key].dump());
}

}  // namespace

Bpe::Bpe(const Json& json, const std::string& place) : m_vocabulary(json.at("vocab"), place + ".vocab") {
    for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"}) requireAbsent(json, key, place);
    findCharacters();
    m_fusesUnknown = json.value("fuse_unk", false);
    m_bytesForUnknown = json.value("byte_fallback", false);
    m_wholeWordsFirst = json.value("ignore_merges", false);
    if (json.contains("unk_token") && json["unk_token"].is_string()) m_unknown = m_vocabulary.find(json["unk_token"].get<std::string>());
    for (const Json& merge : json.at("merges")) {
        const std::string at = place + ".merges[" + std::to_string(m_order.size()) + "]";
        const auto [left, right] = pairOf(merge, at);
        const int a = m_vocabulary.find(left), b = m_vocabulary.find(right);
        if (a < 0 || b < 0) throw InputError(at, Message(LAB_TEXT("tokens", "'%1' is not in the vocabulary")).arg(a < 0 ? left : right));
        addMerge(a, b, at);
    }
}

Bpe::Bpe(PieceVocabulary vocabulary, const std::vector<std::pair<int, int>>& merges) : m_vocabulary(std::move(vocabulary)) {
    findCharacters();
    for (const auto& [left, right] : merges) addMerge(left, right, "merges");
}

/// Those of most scripts at once: a text is looked up character by character.
void Bpe::findCharacters() {
    constexpr char32_t end = 0x3000;
    m_characters.resize(end);
    for (char32_t character = 0; character < end; ++character) m_characters[character] = m_vocabulary.find(utf8Of(character));
}

int Bpe::characterId(char32_t character) const {
    return character < m_characters.size() ? m_characters[character] : m_vocabulary.find(utf8Of(character));
}

void Bpe::addMerge(int left, int right, const std::string& place) {
    const std::string made = *m_vocabulary.piece(left) + *m_vocabulary.piece(right);
    const int id = m_vocabulary.find(made);
    if (id < 0) throw InputError(place, Message(LAB_TEXT("tokens", "'%1' is not in the vocabulary")).arg(made));
    m_merges.try_emplace(keyOf(left, right), Merge{static_cast<int>(m_order.size()), id});
    m_order.emplace_back(left, right);
}

const Bpe::Merge* Bpe::merge(int left, int right) const {
    const auto found = m_merges.find(keyOf(left, right));
    return found == m_merges.end() ? nullptr : &found->second;
}

/// The pieces of a character's bytes; empty when one is missing, or bytes do not stand for what is unknown.
std::vector<int> Bpe::bytesOf(const std::string& character) const {
    std::vector<int> ids;
    if (!m_bytesForUnknown) return ids;
    for (const char byte : character) {
        ids.push_back(m_vocabulary.find(byteName(static_cast<unsigned char>(byte))));
        if (ids.back() < 0) return {};
    }
    return ids;
}

/// A character that is no piece: its bytes, the unknown piece, or nothing.
void Bpe::addSymbol(const MappedText& word, std::size_t at, std::vector<TextToken>& tokens) const {
    if (const int id = characterId(word.text[at]); id >= 0) return tokens.push_back({id, word.from[at]});
    if (const std::vector<int> bytes = bytesOf(utf8Of(word.text[at])); !bytes.empty()) {
        for (const int id : bytes) tokens.push_back({id, word.from[at]});
        return;
    }
    if (m_unknown < 0) return;
    if (m_fusesUnknown && !tokens.empty() && tokens.back().id == m_unknown)
        tokens.back().span.end = word.from[at].end;
    else
        tokens.push_back({m_unknown, word.from[at]});
}

std::size_t Bpe::firstLost(const MappedText& word) const {
    if (m_unknown >= 0 || (m_wholeWordsFirst && m_vocabulary.find(word.utf8()) >= 0)) return word.size();
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (characterId(word.text[i]) < 0 && bytesOf(utf8Of(word.text[i])).empty()) return i;
    }
    return word.size();
}

void Bpe::encode(const MappedText& word, std::vector<TextToken>& tokens) const {
    if (m_wholeWordsFirst)
        if (const int id = m_vocabulary.find(word.utf8()); id >= 0) return tokens.push_back({id, word.span()});
    std::vector<TextToken> symbols;
    for (std::size_t i = 0; i < word.size(); ++i) addSymbol(word, i, symbols);
    constexpr std::size_t shortWord = 32;
    if (m_merges.empty()) {
        // Tokens of single characters: the whole text may be one word.
    } else if (symbols.size() <= shortWord)
        mergeShort(*this, symbols);
    else
        LongMerge(*this, symbols).run();
    tokens.insert(tokens.end(), symbols.begin(), symbols.end());
}

}  // namespace lab
