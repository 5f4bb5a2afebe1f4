#include "core/data/tokenizers/pipeline/tokenizer_study.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/data/tokenizers/pipeline/merge_tree.h"
#include "core/data/tokenizers/pipeline/portions.h"

namespace lab {
namespace {

constexpr std::size_t longestKept = 64;  ///< characters of a word that is counted before it is looked at; longer ones come but once

using WordTimes = std::unordered_map<std::u32string, std::int64_t>;

std::int64_t charactersIn(std::string_view utf8) {
    return std::ranges::count_if(utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
}

MappedText wordOf(const std::u32string& text) {
    MappedText word;
    for (const char32_t character : text) word.push(character, {0, 1});
    return word;
}

/// Adds up what the words of a text become, each as often as it comes.
class WordStudy {
public:
    WordStudy(const TextPipeline& pipeline, TokenizerStudy& study)
        : m_pipeline(pipeline), m_bpe(dynamic_cast<const Bpe*>(&pipeline.model())), m_study(study) {
        if (m_bpe) study.merged.resize(m_bpe->merges().size());
    }

    void add(const MappedText& word, std::int64_t times) {
        m_tokens.clear();
        m_pipeline.model().encode(word, m_tokens);
        const auto count = static_cast<std::int64_t>(m_tokens.size());
        m_study.tokens += times * count;
        for (const TextToken& token : m_tokens) m_study.times[static_cast<std::size_t>(token.id)] += times;
        if (m_bpe && m_bpe->merges().empty()) m_study.symbols += times * count;
        if (m_bpe && !m_bpe->merges().empty()) addMerges(word, times);
    }

private:
    void addMerges(const MappedText& word, std::int64_t times) {
        const MergeTree tree = mergeTree(*m_bpe, word);
        m_study.symbols += times * tree.leaves;
        for (const MergeTree::Node& node : tree.nodes)
            if (node.rank >= 0) m_study.merged[static_cast<std::size_t>(node.rank)] += times;
    }

    const TextPipeline& m_pipeline;
    const Bpe* m_bpe;
    TokenizerStudy& m_study;
    std::vector<TextToken> m_tokens;
};

}  // namespace

double TokenizerStudy::bits(int id) const {
    if (tokens == 0 || id < 0 || id >= static_cast<int>(times.size())) return 0.0;
    const std::int64_t seen = std::max<std::int64_t>(times[static_cast<std::size_t>(id)], 1);
    return std::log2(static_cast<double>(tokens) / static_cast<double>(seen));
}

std::int64_t TokenizerStudy::tokensAfter(int merges) const {
    const auto known =
        static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(static_cast<std::size_t>(std::max(merges, 0)), 0, merged.size()));
    return symbols - std::accumulate(merged.begin(), merged.begin() + known, std::int64_t{0});
}

double TokenizerStudy::charactersPerToken(int merges) const {
    const std::int64_t left = tokensAfter(merges);
    return left > 0 ? static_cast<double>(characters) / static_cast<double>(left) : 0.0;
}

std::vector<double> TokenizerStudy::curve() const {
    if (merged.empty()) return {charactersPerToken()};
    std::vector<double> values;
    std::int64_t left = symbols;
    const auto add = [&] { values.push_back(left > 0 ? static_cast<double>(characters) / static_cast<double>(left) : 0.0); };
    add();
    for (const std::int64_t done : merged) left -= done, add();
    return values;
}

double bitsOf(const TokenizerStudy& study, std::span<const int> ids) {
    double bits = 0;
    for (const int id : ids) bits += study.bits(id);
    return bits;
}

TokenizerStudy studyTokenizer(const TextPipeline& pipeline, std::string_view utf8, const Watch& watch, const std::string& name) {
    TokenizerStudy study;
    study.characters = charactersIn(utf8);
    study.bytes = static_cast<std::int64_t>(utf8.size());
    study.times.resize(static_cast<std::size_t>(pipeline.size()));
    WordStudy all(pipeline, study);
    WordTimes words;
    std::size_t done = 0;
    eachPortion(utf8, [&](std::string_view portion) {
        pipeline.eachWord(portion, [&](const MappedText& word) {
            if (word.size() > longestKept)
                all.add(word, 1);
            else
                ++words[word.text];
        });
        done += portion.size();
        tellWatch(watch, static_cast<double>(done) / static_cast<double>(utf8.size()), name);
        return true;
    });
    for (const auto& [text, times] : words) all.add(wordOf(text), times);
    return study;
}

}  // namespace lab
