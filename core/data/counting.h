#pragma once

#include <span>
#include <vector>

#include "core/base/message.h"
#include "core/data/loss_unit.h"
#include "core/data/text_dataset.h"
#include "core/text/ngram_baselines.h"

namespace lab {

/// What n-grams reach that are counted in what a run of text is trained on (ngramBaselines): the yardstick for the run's own loss on the
/// same tokens of the validation text.
struct CountingBaselines {
    std::vector<double> nats;      ///< a token: [0] uniform, [n] n-gram
    std::size_t counted = 0;       ///< training tokens
    std::size_t trainTokens = 0;   ///< of all
    std::size_t scoredTokens = 0;  ///< of the text that is judged

    /// The n of the lowest loss, 0 for uniform; of equal ones the smallest.
    int best() const;
    double bestNats() const { return nats.at(static_cast<std::size_t>(best())); }
    /// All of the training text was counted.
    bool isWhole() const { return counted == trainTokens; }
};

/// So many different n-grams fit beside a window: some 200 MB while they are counted.
constexpr NgramLimits countingLimits{.trainTokens = 16 << 20, .nodes = 4 << 20};

/// On the very tokens that the data set's validation asks for. Throws InputError when the watch ends it.
CountingBaselines countingBaselines(const TextDataset& data, const Watch& watch = {}, const NgramLimits& limits = countingLimits);
/// On every token but the first of another text, as textLoss judges it.
CountingBaselines countingBaselines(const TextDataset& data, const TokenIds& judged, const Watch& watch = {},
                                    const NgramLimits& limits = countingLimits);

/// "uniform guess", "unigram", "bigram", "trigram", "4-gram", "5-gram".
Message ngramName(int n);
/// "2.413 bits a byte", "1.672 nats a token".
Message lossText(double nats, const LossUnit& unit);

/// A model is called better than counting only when its loss on the same tokens is below that of the best n-gram.
inline bool isBetterThanCounting(double nats, const CountingBaselines& counting) {
    return nats < counting.bestNats();
}
/// The same as a sentence with n, both numbers and their unit; says how much was counted where that is not all.
Message countingSentence(double nats, const CountingBaselines& counting, const LossUnit& unit);

}  // namespace lab
