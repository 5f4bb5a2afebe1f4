#include "core/text/text_statistics.h"

#include <algorithm>
#include <bitset>
#include <string_view>
#include <unordered_map>

#include "core/base/errors.h"
#include "core/text/words.h"

namespace lab {
namespace {

constexpr std::size_t codePoints = 0x110000;

/// The words so far; they point into the corpus's text.
using Counts = std::unordered_map<std::string_view, std::int64_t>;

std::vector<WordCount> ranked(const Counts& counts) {
    std::vector<std::pair<std::string_view, std::int64_t>> order(counts.begin(), counts.end());
    std::ranges::sort(order, [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    std::vector<WordCount> ranks;
    ranks.reserve(order.size());
    for (const auto& [word, count] : order) ranks.push_back({std::string(word), count});
    return ranks;
}

DocumentCount countedInto(std::string_view text, Counts& counts, std::bitset<codePoints>& seen) {
    DocumentCount own;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint each = codePointAt(text, at);
        seen.set(each.code);
        ++own.characters;
        at += each.bytes;
    }
    forEachWord(text, [&](std::size_t begin, std::size_t end) {
        ++counts[text.substr(begin, end - begin)];
        ++own.words;
    });
    return own;
}

}  // namespace

std::int64_t TextStatistics::rareWords() const {
    constexpr std::int64_t few = 10;
    return std::ranges::count_if(ranks, [](const WordCount& each) { return each.count < few; });
}

double TextStatistics::commonestShare() const {
    constexpr std::size_t ten = 10;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < std::min(ten, ranks.size()); ++i) sum += ranks[i].count;
    return words > 0 ? static_cast<double>(sum) / static_cast<double>(words) : 0;
}

TextStatistics textStatistics(const Corpus& corpus, const Watch& watch) {
    TextStatistics statistics;
    Counts counts;
    const auto seen = std::make_unique<std::bitset<codePoints>>();
    const double whole = static_cast<double>(corpus.train.size() + corpus.validation.size());
    double done = 0, told = 0;
    for (const TextDocument& document : corpus.documents) {
        DocumentCount own = countedInto(corpus.partOf(document), counts, *seen);
        if (document.side == TextSide::both) {
            const DocumentCount tail = countedInto(std::string_view(corpus.validation).substr(0, document.tail), counts, *seen);
            own.characters += tail.characters;
            own.words += tail.words;
        }
        statistics.characters += own.characters;
        statistics.words += own.words;
        statistics.ofDocument.push_back(own);
        done += static_cast<double>(document.size + document.tail);
        constexpr double often = 1 << 20;
        if (!watch || done < told + often) continue;
        told = done;
        if (!watch(std::min(1.0, done / whole))) throw InputError(LAB_TEXT("text", "counting was left off"));
    }
    statistics.documents = static_cast<std::int64_t>(corpus.documents.size());
    statistics.differentCharacters = static_cast<std::int64_t>(seen->count());
    statistics.ranks = ranked(counts);
    statistics.lengths = lengthBars(statistics.ofDocument);
    return statistics;
}

LengthBars lengthBars(const std::vector<DocumentCount>& documents) {
    constexpr std::int64_t most = 20;
    LengthBars bars;
    if (documents.empty()) return bars;
    const auto ends = std::ranges::minmax(documents, {}, &DocumentCount::characters);
    const std::int64_t least = ends.min.characters, greatest = ends.max.characters;
    const auto bins = [&] { return greatest / bars.width - least / bars.width + 1; };
    for (std::int64_t step = 0; bins() > most; ++step) bars.width = step % 3 == 1 ? bars.width / 2 * 5 : bars.width * 2;
    bars.first = least / bars.width * bars.width;
    bars.counts.assign(static_cast<std::size_t>(bins()), 0);
    for (const DocumentCount& each : documents) ++bars.counts[static_cast<std::size_t>((each.characters - bars.first) / bars.width)];
    return bars;
}

}  // namespace lab
