#include "core/text/near_duplicates.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/base/errors.h"
#include "core/text/word_hash.h"
#include "core/text/words.h"

namespace lab {
namespace {

constexpr std::size_t wordsOfPhrase = 3, fewestWords = 10;
constexpr std::size_t bands = 5, rows = 4;
using Sketch = std::array<std::uint64_t, bands * rows>;

/// Of each run of three words, each once, ascending; empty when there are fewer than ten words.
std::vector<std::uint64_t> runsOf(std::string_view text) {
    std::vector<std::uint64_t> words;
    forEachWord(text, [&](std::size_t begin, std::size_t end) { words.push_back(wordHash(text.substr(begin, end - begin))); });
    std::vector<std::uint64_t> runs;
    if (words.size() < fewestWords) return runs;
    for (std::size_t i = 0; i + wordsOfPhrase <= words.size(); ++i)
        runs.push_back(mixedBits(words[i] + 3 * mixedBits(words[i + 1] + 5 * words[i + 2])));
    std::ranges::sort(runs);
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
    return runs;
}

/// One hash a run, which says the run's place in the sketch too: of each place the least. Places that no run fell on take the next one's,
/// told apart by how far that is (Shrivastava and Li 2014).
Sketch sketchOf(const std::vector<std::uint64_t>& runs) {
    constexpr std::uint64_t none = UINT64_MAX;
    Sketch least;
    least.fill(none);
    for (const std::uint64_t run : runs) least[run % least.size()] = std::min(least[run % least.size()], run);
    Sketch full = least;
    for (std::size_t i = 0; i < least.size(); ++i)
        for (std::size_t far = 0; full[i] == none; ++far)
            if (const std::uint64_t next = least[(i + far) % least.size()]; next != none) full[i] = mixedBits(next + far);
    return full;
}

std::uint64_t bandKey(const Sketch& sketch, std::size_t band) {
    std::uint64_t key = band;
    for (std::size_t row = 0; row < rows; ++row) key = mixedBits(key * 31 + sketch[band * rows + row]);
    return key;
}

/// Both ascending: how much of their union they have in common.
double commonShare(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    std::size_t common = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        common += a[i] == b[j];
        const bool first = a[i] <= b[j], second = b[j] <= a[i];
        i += first;
        j += second;
    }
    return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

}  // namespace

std::vector<NearDuplicate> nearDuplicates(const Corpus& corpus, double least, const Watch& watch) {
    std::vector<NearDuplicate> found;
    std::unordered_map<std::uint64_t, std::uint32_t> seen;  // by the key of a band: the first document that has it
    const auto whole = static_cast<double>(corpus.train.size() + corpus.validation.size());
    double done = 0, told = 0;
    for (std::uint32_t i = 0; i < corpus.documents.size(); ++i) {
        const TextDocument& document = corpus.documents[i];
        done += static_cast<double>(document.size + document.tail);
        constexpr double often = 1 << 19;
        if (watch && done >= told + often) {
            told = done;
            if (!watch(std::min(1.0, done / whole))) throw InputError(LAB_TEXT("text", "counting was left off"));
        }
        const std::vector<std::uint64_t> runs = runsOf(corpus.partOf(document));
        if (runs.empty()) continue;
        const Sketch sketch = sketchOf(runs);
        NearDuplicate nearest{i, i, 0};
        for (std::size_t band = 0; band < bands; ++band) {
            const auto [other, fresh] = seen.emplace(bandKey(sketch, band), i);
            if (fresh || other->second == i || other->second == nearest.of) continue;
            const double share = commonShare(runs, runsOf(corpus.partOf(corpus.documents[other->second])));
            if (share > nearest.share) nearest = {i, other->second, share};
        }
        if (nearest.share >= least) found.push_back(nearest);
    }
    return found;
}

}  // namespace lab
