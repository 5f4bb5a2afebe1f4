#include "core/text/repeated_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/errors.h"
#include "core/text/word_hash.h"
#include "core/text/words.h"

namespace lab {
namespace {

constexpr std::size_t wordsOfRun = 8;

/// Calls take(hash) with each run of eight words.
template <class Take>
void forEachRun(std::string_view text, Take take) {
    constexpr std::uint64_t base = 0x9e3779b97f4a7c15u;
    constexpr std::uint64_t leaving = [] {
        std::uint64_t power = 1;
        for (std::size_t i = 0; i < wordsOfRun; ++i) power *= base;
        return power;
    }();
    std::array<std::uint64_t, wordsOfRun> last{};
    std::uint64_t rolling = 0;
    std::size_t count = 0;
    forEachWord(text, [&](std::size_t begin, std::size_t end) {
        const std::uint64_t word = wordHash(text.substr(begin, end - begin));
        std::uint64_t& place = last[count % wordsOfRun];
        rolling = rolling * base + word - place * leaving;
        place = word;
        if (++count >= wordsOfRun) take(mixedBits(rolling));
    });
}

/// Texts in parts, so that a watch may end the work; runs across their borders are left out.
template <class Take>
void inParts(std::string_view text, double from, double to, const Watch& watch, Take take) {
    constexpr std::size_t atOnce = 1 << 20;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = begin + atOnce < text.size() ? startOfCodePoint(text, begin + atOnce) : text.size();
        forEachRun(text.substr(begin, end - begin), take);
        const double share = static_cast<double>(end) / static_cast<double>(text.size());
        if (watch && !watch(from + (to - from) * share)) throw InputError(LAB_TEXT("files", "reading was left off"));
        begin = end;
    }
}

/// A set of hashes, each with how often it came, in one table: it is asked for each word of the training text.
class RunTable {
public:
    explicit RunTable(std::size_t runs) {
        while (m_hashes.size() < 2 * runs + 2) m_hashes.resize(std::max<std::size_t>(1024, m_hashes.size() * 2));
        m_times.resize(m_hashes.size());
    }

    void add(std::uint64_t hash) {
        const std::size_t at = placeOf(hash);
        m_hashes[at] = hash;
        ++m_times[at];
    }
    /// How often it was added; 0 from the second time on that it is asked for.
    std::uint32_t taken(std::uint64_t hash) { return std::exchange(m_times[placeOf(hash)], 0u); }

private:
    /// 0 marks a free place: the one hash that is 0 is then not found, of 2^64.
    std::size_t placeOf(std::uint64_t hash) const {
        std::size_t at = hash >> 20 & (m_hashes.size() - 1);
        while (m_hashes[at] != hash && m_hashes[at] != 0) at = (at + 1) & (m_hashes.size() - 1);
        return at;
    }

    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint32_t> m_times;
};

}  // namespace

double repeatedShare(std::string_view train, std::string_view validation, const Watch& watch) {
    constexpr std::size_t sample = 50000;
    std::size_t runs = 0;
    forEachWord(validation, [&](std::size_t, std::size_t) { ++runs; });
    const std::uint64_t all = ~std::uint64_t(0), limit = runs <= sample ? all : all / runs * sample;
    RunTable table(std::min(runs, 2 * sample));
    std::uint64_t asked = 0, repeated = 0;
    inParts(validation, 0, .1, watch, [&](std::uint64_t hash) {
        if (hash > limit) return;
        table.add(hash);
        ++asked;
    });
    inParts(train, .1, 1, watch, [&](std::uint64_t hash) {
        if (hash <= limit) repeated += table.taken(hash);
    });
    return asked > 0 ? static_cast<double>(repeated) / static_cast<double>(asked) : 0;
}

}  // namespace lab
