#include "core/learn/search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

namespace lab {
namespace {

constexpr double ofName = 1.0, ofAlso = 0.9, ofText = 0.35;
constexpr double equal = 1.0, beginning = 0.7, misspelt = 0.6, inside = 0.4;
constexpr double leastShare = 0.5, leastOfBest = 0.4;

/// Words that say nothing of what is meant.
constexpr std::array noMeaning = {"a",    "an",   "and",  "are",  "as",   "at",  "be",   "by",   "can",   "do",    "does", "for",
                                  "from", "has",  "have", "how",  "i",    "if",  "in",   "into", "is",    "it",    "its",  "me",
                                  "my",   "of",   "on",   "one",  "or",   "so",  "such", "that", "the",   "their", "then", "there",
                                  "they", "this", "to",   "us",   "was",  "we",  "what", "when", "where", "which", "who",  "why",
                                  "will", "with", "you",  "your", "need", "get", "gets", "make", "made",  "use",   "used"};

/// Words for the same thing; the first stands for all.
const std::vector<std::vector<std::string>> sameThing = {
    {"token", "word", "subword", "piece", "wordpiece", "chunk"},
    {"length", "context", "window", "long", "size", "book", "document"},
    {"embedding", "vector", "representation", "latent"},
    {"similar", "similarity", "alike", "likeness", "closeness", "score", "dot", "related", "unrelated"},
    {"learn", "train", "optimise", "optimize", "optimisation", "optimization", "fit"},
    {"position", "place", "order", "location"},
    {"decode", "generate", "generation", "write"},
    {"feedforward", "mlp", "ffn", "dense", "connected"},
    {"group", "gqa", "share"},
    {"rotate", "rotation", "rope", "rotary", "phase", "turn"},
    {"memory", "hopfield", "remember", "store"},
    {"gradient", "backpropagate", "backpropagation", "backprop", "backward", "descent"},
    {"sum", "add", "mix", "average", "combine", "blend"},
    {"matrix", "matrices", "table"},
    {"opposite", "negative", "reverse", "cancel", "minus", "below"},
    {"maximum", "max", "largest", "best", "highest"},
    {"weight", "percentage", "percent", "proportion"},
    {"output", "result", "return", "produce", "receive"},
    {"sequence", "sentence", "list"},
    {"query", "q"},
    {"key", "k"},
    {"value", "v"},
    {"code", "implement", "implementation", "pytorch", "torch", "program"},
    {"name", "term", "terminology", "called"},
    {"net", "network", "neural"},
    {"layer", "block", "sublayer"},
};

/// The word without what inflects it: "embeddings" becomes "embed".
std::string withoutEnding(std::string word) {
    for (const std::string_view ending :
         {"ization", "isation", "ations", "ation", "ings", "ing", "ions", "ion", "ies", "ers", "es", "ed", "er", "ly", "s", "e", "y"}) {
        if (word.size() < ending.size() + 3 || !word.ends_with(ending)) continue;
        word.resize(word.size() - ending.size());
        break;
    }
    if (word.size() > 3 && word[word.size() - 1] == word[word.size() - 2] && word.back() != 's') word.pop_back();
    return word;
}

/// The same for all words that mean one thing.
std::string stemOf(const std::string& word) {
    static const std::map<std::string, std::string> firsts = [] {
        std::map<std::string, std::string> all;
        for (const auto& group : sameThing)
            for (const std::string& each : group) all.emplace(withoutEnding(each), withoutEnding(group.front()));
        return all;
    }();
    std::string stem = withoutEnding(word);
    const auto found = firsts.find(stem);
    return found == firsts.end() ? stem : found->second;
}

/// Lower-case words of letters and digits. What is not ASCII belongs to a word, but for quotes, dashes and dots (U+2000 to U+206F), of
/// which the prime is a letter's.
std::vector<std::string> wordsOf(std::string_view text) {
    constexpr std::string_view prime = "\u2032";
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool sign = text.substr(i, 2) == "\xE2\x80" || text.substr(i, 2) == "\xE2\x81";
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                            (static_cast<unsigned char>(c) >= 0x80 && (!sign || text.substr(i).starts_with(prime)));
        if (letter) {
            words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            continue;
        }
        if (sign) i += 2;
        if (!words.back().empty() && c != '\'') words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

bool means(const std::string& word) {
    return std::ranges::none_of(noMeaning, [&](const char* none) { return word == none; });
}

/// Whether one letter more, less or other makes b of a.
bool oneLetterApart(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (a.size() < 4 || b.size() - a.size() > 1) return false;
    const auto [x, y] = std::ranges::mismatch(a, b);
    const auto same = static_cast<std::size_t>(x - a.begin());
    return a.substr(same + (a.size() == b.size() ? 1 : 0)) == b.substr(same + 1);
}

}  // namespace

Search::Search(std::vector<Searchable> entries) {
    for (const Searchable& entry : entries) {
        std::vector<Word>& words = m_words.emplace_back();
        const auto add = [&words](const std::string& text, double field) {
            for (const std::string& word : wordsOf(text)) words.push_back({stemOf(word), field});
        };
        add(entry.name, ofName);
        for (const std::string& other : entry.also) add(other, ofAlso);
        add(entry.text, ofText);
        // Each stem once, where it counts most.
        std::ranges::sort(words, [](const Word& x, const Word& y) { return std::tie(x.stem, y.field) < std::tie(y.stem, x.field); });
        const auto same = [](const Word& x, const Word& y) { return x.stem == y.stem; };
        words.erase(std::unique(words.begin(), words.end(), same), words.end());
    }
}

/// How well an entry's best word fits: 0 to 1.
double Search::fit(std::size_t entry, const std::string& stem, bool begun) const {
    double best = 0.0;
    for (const Word& word : m_words[entry]) {
        double fits = 0.0;
        if (word.stem == stem)
            fits = equal;
        else if (begun && stem.size() > 1 && word.stem.starts_with(stem))
            fits = beginning;
        else if (oneLetterApart(word.stem, stem))
            fits = misspelt;
        else if (stem.size() > 2 && word.stem.find(stem) != std::string::npos)
            fits = inside;
        best = std::max(best, fits * word.field);
    }
    return best;
}

std::vector<std::size_t> Search::find(std::string_view typed) const {
    std::vector<std::size_t> all(m_words.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<std::string> words = wordsOf(typed);
    const std::string last = words.empty() ? std::string() : words.back();
    if (std::ranges::any_of(words, means)) std::erase_if(words, [&](const std::string& word) { return !means(word); });
    if (words.empty()) return all;

    std::vector<double> points(m_words.size());
    double most = 0.0;
    for (const std::string& word : words) {
        // The last word may be only begun, so it is looked for as typed as well.
        const bool begun = word == last;
        std::vector<double> fits(m_words.size());
        for (const std::size_t entry : all) fits[entry] = std::max(fit(entry, stemOf(word), begun), begun ? fit(entry, word, true) : 0.0);
        const auto known = static_cast<double>(std::ranges::count_if(fits, [](double each) { return each > 0.0; }));
        const double rare = std::log(1.0 + static_cast<double>(m_words.size()) / (1.0 + known));
        most += rare;
        for (const std::size_t entry : all) points[entry] += rare * fits[entry];
    }
    const double least = std::max(leastShare * ofText * most, leastOfBest * (points.empty() ? 0.0 : std::ranges::max(points)));
    std::erase_if(all, [&](std::size_t entry) { return points[entry] < least || points[entry] == 0.0; });
    std::ranges::stable_sort(all, [&](std::size_t a, std::size_t b) { return points[a] > points[b]; });
    return all;
}

}  // namespace lab
