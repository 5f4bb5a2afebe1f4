#include "core/data/counting.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <numbers>

namespace lab {
namespace {

CountingBaselines counted(const TextDataset& data, const TokenIds& judged, std::span<const unsigned char> scored, const Watch& watch,
                          const NgramLimits& limits) {
    const TokenIds& all = data.train();
    const std::vector<int> train = all.part(0, std::min(all.size(), limits.trainTokens));
    const NgramBaselines found = ngramBaselines(train, judged.part(0, judged.size()), data.tokenizer().symbols(), watch, limits, scored);
    CountingBaselines counting;
    for (const double bits : found.bits) counting.nats.push_back(bits * std::numbers::ln2);
    counting.counted = found.trainTokens;
    counting.trainTokens = all.size();
    counting.scoredTokens = found.scoredTokens;
    return counting;
}

std::string decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

/// Rounded down: a whole one is none.
std::string percents(std::size_t part, std::size_t whole) {
    return std::to_string(100 * part / whole);
}

}  // namespace

int CountingBaselines::best() const {
    assert(!nats.empty());
    return static_cast<int>(std::ranges::min_element(nats) - nats.begin());
}

CountingBaselines countingBaselines(const TextDataset& data, const Watch& watch, const NgramLimits& limits) {
    return counted(data, data.validation(), data.scoredTokens(), watch, limits);
}

CountingBaselines countingBaselines(const TextDataset& data, const TokenIds& judged, const Watch& watch, const NgramLimits& limits) {
    std::vector<unsigned char> scored(judged.size(), 1);
    if (!scored.empty()) scored.front() = 0;
    return counted(data, judged, scored, watch, limits);
}

Message ngramName(int n) {
    static constexpr SourceText names[] = {LAB_TEXT("counting", "uniform guess"), LAB_TEXT("counting", "unigram"),
                                           LAB_TEXT("counting", "bigram"), LAB_TEXT("counting", "trigram")};
    if (n < static_cast<int>(std::size(names))) return names[n];
    return Message(LAB_TEXT("counting", "%1-gram")).arg(n);
}

Message lossText(double nats, const LossUnit& unit) {
    return Message(unit.bitsPerByte ? LAB_TEXT("counting", "%1 bits a byte") : LAB_TEXT("counting", "%1 nats a token"))
        .arg(decimals(unit.of(nats)));
}

Message countingSentence(double nats, const CountingBaselines& counting, const LossUnit& unit) {
    Message sentence(isBetterThanCounting(nats, counting)
                         ? LAB_TEXT("counting", "Better than counting: %1, against %2 of the best n-gram on the same tokens (%3).")
                         : LAB_TEXT("counting", "Not better than counting: %1, against %2 of the best n-gram on the same tokens (%3)."));
    sentence.arg(decimals(unit.of(nats))).arg(lossText(counting.bestNats(), unit)).arg(ngramName(counting.best()));
    if (counting.isWhole()) return sentence;
    return Message::joined({sentence, Message(LAB_TEXT("counting", "It was counted in the first %1 % of the training text."))
                                          .arg(percents(counting.counted, counting.trainTokens))});
}

}  // namespace lab
