#include "core/data/tokenizers/pipeline/bpe_trainer.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <queue>

#include "core/base/errors.h"
#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/portions.h"
#include "core/data/tokenizers/pipeline/pre_tokenizers.h"
#include "core/data/tokenizers/pipeline/tokenizer_json.h"

namespace lab {
namespace {

using Pair = std::pair<int, int>;

struct PairHash {
    std::size_t operator()(const Pair& pair) const {
        const auto key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(pair.first)) << 32 | static_cast<std::uint32_t>(pair.second);
        return static_cast<std::size_t>((key ^ (key >> 29)) * 0x9E3779B97F4A7C15ULL >> 16);
    }
};

struct Word {
    std::vector<int> symbols;
    std::int64_t times = 0;
};

/// The most frequent pair; of several the one with the smaller ids.
struct Candidate {
    std::int64_t times;
    Pair pair;

    bool operator<(const Candidate& other) const {
        return times != other.times ? times < other.times
                                    : std::pair(other.pair.first, other.pair.second) < std::pair(pair.first, pair.second);
    }
};

/// Where pairs stand, and how often, while they are merged one after the other.
class Pairs {
public:
    explicit Pairs(std::vector<Word> words) : m_words(std::move(words)) {
        for (std::size_t w = 0; w < m_words.size(); ++w) count(w);
        for (const auto& [pair, of] : m_pairs) m_queue.push({of.times, pair});
    }

    /// The pair to be merged next; nothing when none is left.
    std::optional<Candidate> next() {
        while (!m_queue.empty()) {
            const Candidate top = m_queue.top();
            m_queue.pop();
            const auto found = m_pairs.find(top.pair);
            const std::int64_t now = found == m_pairs.end() ? 0 : found->second.times;
            if (now == top.times && now > 0) return top;
            if (now > 0 && now < top.times) m_queue.push({now, top.pair});
        }
        return std::nullopt;
    }

    void merge(const Pair& pair, int into) {
        std::vector<std::size_t> where = std::move(m_pairs[pair].where);
        std::ranges::sort(where);
        where.erase(std::unique(where.begin(), where.end()), where.end());
        for (const std::size_t w : where) mergeIn(w, pair, into);
        m_pairs.erase(pair);
        for (const Pair& grown : m_grown)
            if (const auto found = m_pairs.find(grown); found != m_pairs.end()) m_queue.push({found->second.times, grown});
        m_grown.clear();
    }

private:
    struct Of {
        std::int64_t times = 0;
        std::vector<std::size_t> where;  ///< words; one may be named again, or have it no more
    };

    void count(std::size_t w) {
        const Word& word = m_words[w];
        for (std::size_t i = 0; i + 1 < word.symbols.size(); ++i) {
            Of& of = m_pairs[{word.symbols[i], word.symbols[i + 1]}];
            of.times += word.times;
            if (of.where.empty() || of.where.back() != w) of.where.push_back(w);
        }
    }

    void add(const Pair& pair, std::int64_t times, std::size_t w) {
        Of& of = m_pairs[pair];
        of.times += times;
        if (times < 0) return;
        if (of.where.empty() || of.where.back() != w) of.where.push_back(w);
        m_grown.push_back(pair);
    }

    void mergeIn(std::size_t w, const Pair& pair, int into) {
        Word& word = m_words[w];
        std::vector<int>& s = word.symbols;
        std::size_t to = 0;
        for (std::size_t i = 0; i < s.size(); ++i, ++to) {
            if (i + 1 == s.size() || s[i] != pair.first || s[i + 1] != pair.second) {
                s[to] = s[i];
                continue;
            }
            if (to > 0) {
                add({s[to - 1], pair.first}, -word.times, w);
                add({s[to - 1], into}, word.times, w);
            }
            if (i + 2 < s.size()) {
                add({pair.second, s[i + 2]}, -word.times, w);
                add({into, s[i + 2]}, word.times, w);
            }
            s[to] = into;
            ++i;
        }
        s.resize(to);
    }

    std::vector<Word> m_words;
    std::unordered_map<Pair, Of, PairHash> m_pairs;
    std::priority_queue<Candidate> m_queue;
    std::vector<Pair> m_grown;
};

}  // namespace

void BpeTrainer::read(std::string_view utf8) {
    static const PreTokenizer cut = preTokenizerOf({{"type", "ByteLevel"}, {"add_prefix_space", false}}, "");
    eachPortion(utf8, [&](std::string_view portion) {
        std::vector<MappedText> words{MappedText::of(portion)};
        cut(words);
        for (MappedText& word : words) ++m_times[std::move(word.text)];
        return true;
    });
}

std::optional<TrainedBpe> BpeTrainer::train(const BpeSettings& settings, const std::function<bool(int)>& progress) const {
    TrainedBpe trained;
    trained.pieces = settings.specials;
    std::vector<char32_t> bytes;
    for (int byte = 0; byte < 256; ++byte) bytes.push_back(characterOfByte(static_cast<unsigned char>(byte)));
    std::ranges::sort(bytes);
    std::map<char32_t, int> ids;
    for (const char32_t byte : bytes) {
        ids[byte] = static_cast<int>(trained.pieces.size());
        trained.pieces.push_back(utf8Of(byte));
    }
    if (settings.pieces < static_cast<int>(trained.pieces.size()))
        throw InputError(Message(LAB_TEXT("tokens", "%1 pieces are too few; the 256 bytes and the special tokens are %2"))
                             .arg(settings.pieces)
                             .arg(std::to_string(trained.pieces.size())));
    std::vector<Word> words;
    for (const auto& [text, times] : m_times) {
        Word& word = words.emplace_back();
        word.times = times;
        for (const char32_t character : text) word.symbols.push_back(ids.at(character));
    }
    std::map<std::string, int, std::less<>> known;
    for (std::size_t i = 0; i < trained.pieces.size(); ++i) known[trained.pieces[i]] = static_cast<int>(i);
    Pairs pairs(std::move(words));
    while (static_cast<int>(trained.pieces.size()) < settings.pieces) {
        if (progress && !progress(static_cast<int>(trained.pieces.size()))) return std::nullopt;
        const std::optional<Candidate> best = pairs.next();
        if (!best) break;
        const auto piece = [&](int id) { return trained.pieces[static_cast<std::size_t>(id)]; };
        const std::string made = piece(best->pair.first) + piece(best->pair.second);
        const auto [found, isNew] = known.try_emplace(made, static_cast<int>(trained.pieces.size()));
        if (isNew) trained.pieces.push_back(made);
        trained.merges.push_back(best->pair);
        trained.timesWhenMerged.push_back(best->times);
        pairs.merge(best->pair, found->second);
    }
    return trained;
}

std::string TrainedBpe::json(const BpeSettings& settings) const {
    using Ordered = nlohmann::ordered_json;
    Ordered added = Ordered::array(), list = Ordered::array();
    for (std::size_t i = 0; i < settings.specials.size(); ++i) added.push_back(specialTokenJson(static_cast<int>(i), settings.specials[i]));
    for (const auto& [left, right] : merges)
        list.push_back({pieces[static_cast<std::size_t>(left)], pieces[static_cast<std::size_t>(right)]});
    Ordered parts;
    parts["added_tokens"] = std::move(added);
    parts["pre_tokenizer"] = parts["decoder"] = byteLevelJson(true);
    parts["model"] = bpeModelJson(vocabularyJson(pieces), std::move(list));
    return tokenizerText(std::move(parts));
}

}  // namespace lab
