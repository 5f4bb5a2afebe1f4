#include "core/learn/search.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace lab {
namespace {

constexpr double ofName = 1.0, ofAlso = 0.9, ofText = 0.35;
constexpr double equal = 1.0, beginning = 0.7, misspelt = 0.6, inside = 0.4;
constexpr double leastShare = 0.5, leastOfBest = 0.4;

/// The word without what inflects it: "embeddings" becomes "embed".
std::string withoutEnding(std::string word, const SearchWords& language) {
    for (const std::string& ending : language.endings) {
        if (word.size() < ending.size() + 3 || !word.ends_with(ending)) continue;
        word.resize(word.size() - ending.size());
        break;
    }
    if (word.size() > 3 && word[word.size() - 1] == word[word.size() - 2] && word.back() != 's') word.pop_back();
    return word;
}

/// In small letters, those of Latin-1 (U+00C0 to U+00DE) too, whose second byte this is behind `before`.
char lower(char c, std::string_view before) {
    const auto byte = static_cast<unsigned char>(c);
    const bool capital = (c >= 'A' && c <= 'Z') || (before.ends_with('\xC3') && byte >= 0x80 && byte <= 0x9E && byte != 0x97);
    return capital ? static_cast<char>(byte + ('a' - 'A')) : c;
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
            words.back() += lower(c, words.back());
            continue;
        }
        if (sign) i += 2;
        if (!words.back().empty() && c != '\'') words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
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

Search::Search(std::vector<Searchable> entries, std::string_view language) : m_language(searchWords(language)) {
    for (const auto& group : m_language.sameThing)
        for (const std::string& each : group) m_firsts.emplace(withoutEnding(each, m_language), withoutEnding(group.front(), m_language));
    for (const Searchable& entry : entries) {
        std::vector<Word>& words = m_words.emplace_back();
        std::vector<std::vector<std::string>>& names = m_names.emplace_back();
        const auto add = [this, &words](const std::vector<std::string>& stems, double field) {
            for (const std::string& stem : stems) words.push_back({stem, field});
        };
        add(names.emplace_back(stemsOf(wordsOf(entry.name))), ofName);
        for (const std::string& other : entry.also) add(names.emplace_back(stemsOf(wordsOf(other))), ofAlso);
        add(stemsOf(wordsOf(entry.text)), ofText);
        // Each stem once, where it counts most.
        std::ranges::sort(words, [](const Word& x, const Word& y) { return std::tie(x.stem, y.field) < std::tie(y.stem, x.field); });
        const auto same = [](const Word& x, const Word& y) { return x.stem == y.stem; };
        words.erase(std::unique(words.begin(), words.end(), same), words.end());
    }
}

/// The same for all words that mean one thing.
std::string Search::stemOf(const std::string& word) const {
    std::string stem = withoutEnding(word, m_language);
    const auto found = m_firsts.find(stem);
    return found == m_firsts.end() ? stem : found->second;
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

std::vector<std::string> Search::stemsOf(std::vector<std::string> words) const {
    for (std::string& word : words) word = stemOf(word);
    return words;
}

/// Whether one of an entry's names has no other words than these.
bool Search::isWholeName(std::size_t entry, const std::vector<std::string>& stems) const {
    const auto isAsked = [&](const std::string& word) { return std::ranges::find(stems, word) != stems.end(); };
    return std::ranges::any_of(m_names[entry], [&](const auto& name) { return !name.empty() && std::ranges::all_of(name, isAsked); });
}

std::vector<std::size_t> Search::find(std::string_view typed) const {
    std::vector<std::size_t> all(m_words.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<std::string> words = wordsOf(typed);
    const std::string last = words.empty() ? std::string() : words.back();
    const auto means = [this](const std::string& word) {
        return std::ranges::find(m_language.noMeaning, word) == m_language.noMeaning.end();
    };
    if (std::ranges::any_of(words, means)) std::erase_if(words, [&](const std::string& word) { return !means(word); });
    if (words.empty()) return all;

    std::vector<double> points(m_words.size());
    double most = 0.0;
    std::vector<std::string> stems;
    for (const std::string& word : words) {
        const std::string& stem = stems.emplace_back(stemOf(word));
        // The last word may be only begun, so it is looked for as typed as well.
        const bool begun = word == last;
        std::vector<double> fits(m_words.size());
        for (const std::size_t entry : all) fits[entry] = std::max(fit(entry, stem, begun), begun ? fit(entry, word, true) : 0.0);
        const auto known = static_cast<double>(std::ranges::count_if(fits, [](double each) { return each > 0.0; }));
        const double rare = std::log(1.0 + static_cast<double>(m_words.size()) / (1.0 + known));
        most += rare;
        for (const std::size_t entry : all) points[entry] += rare * fits[entry];
    }
    const double least = std::max(leastShare * ofText * most, leastOfBest * (points.empty() ? 0.0 : std::ranges::max(points)));
    std::erase_if(all, [&](std::size_t entry) { return points[entry] < least || points[entry] == 0.0; });
    std::ranges::stable_sort(all, [&](std::size_t a, std::size_t b) {
        return std::pair(points[a], isWholeName(a, stems)) > std::pair(points[b], isWholeName(b, stems));
    });
    return all;
}

}  // namespace lab
