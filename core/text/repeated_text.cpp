#include "core/text/repeated_text.h"

#include <array>
#include <cstdint>
#include <unordered_map>

#include "core/base/errors.h"
#include "core/text/words.h"

namespace lab {
namespace {

constexpr std::size_t runLength = 8;

std::uint64_t mixed(std::uint64_t bits) {  // the finaliser of MurmurHash3 (Appleby, public domain)
    bits ^= bits >> 33;
    bits *= 0xff51afd7ed558ccdu;
    bits ^= bits >> 33;
    bits *= 0xc4ceb9fe1a85ec53u;
    return bits ^ bits >> 33;
}

std::uint64_t hashOf(std::string_view word) {
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
    for (const char byte : word) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
    return mixed(hash);
}

/// Calls take(hash) with each run of eight words.
template <class Take>
void forEachRun(std::string_view text, Take take) {
    constexpr std::uint64_t base = 0x9e3779b97f4a7c15u;
    constexpr std::uint64_t leaving = [] {
        std::uint64_t power = 1;
        for (std::size_t i = 0; i < runLength; ++i) power *= base;
        return power;
    }();
    std::array<std::uint64_t, runLength> last{};
    std::uint64_t rolling = 0;
    std::size_t count = 0;
    forEachWord(text, [&](std::size_t begin, std::size_t end) {
        const std::uint64_t word = hashOf(text.substr(begin, end - begin));
        std::uint64_t& place = last[count % runLength];
        rolling = rolling * base + word - place * leaving;
        place = word;
        if (++count >= runLength) take(mixed(rolling));
    });
}

/// Texts in parts, so that a watch may end the work; runs across their borders are left out.
template <class Take>
void inParts(std::string_view text, double from, double to, const Watch& watch, Take take) {
    constexpr std::size_t atOnce = 4 << 20;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = begin + atOnce < text.size() ? startOfCodePoint(text, begin + atOnce) : text.size();
        forEachRun(text.substr(begin, end - begin), take);
        const double share = static_cast<double>(end) / static_cast<double>(text.size());
        if (watch && !watch(from + (to - from) * share)) throw InputError(LAB_TEXT("files", "reading was left off"));
        begin = end;
    }
}

}  // namespace

double repeatedShare(std::string_view train, std::string_view validation, const Watch& watch) {
    constexpr std::size_t sample = 200000, bytesARun = 6;
    const std::uint64_t limit =
        validation.size() / bytesARun <= sample ? ~std::uint64_t(0) : ~std::uint64_t(0) / (validation.size() / bytesARun) * sample;
    struct Found {
        std::uint32_t times = 0;
        bool inTrain = false;
    };
    std::unordered_map<std::uint64_t, Found> runs;
    std::uint64_t all = 0, repeated = 0;
    inParts(validation, 0, .1, watch, [&](std::uint64_t hash) {
        if (hash > limit) return;
        ++runs[hash].times;
        ++all;
    });
    if (all == 0) return 0;
    inParts(train, .1, 1, watch, [&](std::uint64_t hash) {
        if (hash > limit) return;
        const auto found = runs.find(hash);
        if (found == runs.end() || found->second.inTrain) return;
        found->second.inTrain = true;
        repeated += found->second.times;
    });
    return static_cast<double>(repeated) / static_cast<double>(all);
}

}  // namespace lab
