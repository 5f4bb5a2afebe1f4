#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

struct Experiment;
struct TaskConfig;

// Induction, the simplest way of learning in the context: the same token came before, so what followed it will follow again.

/// Whether each position of its sequences predicts the next token, so that a loss belongs to a token: a decoder of `repeat`.
bool predictsEveryToken(const Experiment& experiment);

/// Of one head, means over the samples that have the number (HeadMetric); NaN without any.
struct InductionHead {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = 0;
    double previousToken = 0;  ///< its weight on the token before
    double induction = 0;      ///< its weight on what followed earlier copies of the query's token (prefix matching)
};

/// What weights make of some samples.
struct InductionMeasures {
    std::vector<double> lossOfToken;   ///< mean of -ln p of token t given those before; NaN where none is asked (t = 0)
    std::optional<double> score;       ///< inContextScore(lossOfToken)
    std::vector<InductionHead> heads;  ///< block after block

    /// The head with the largest share at these weights; of equal ones the first. Null without heads.
    const InductionHead* strongest(double InductionHead::*share) const;
};

/// A pure function of weights and samples, dropout off, one thread. Nothing when cancelled, which is asked between two samples. Throws
/// InputError for samples that the model cannot take.
std::optional<InductionMeasures> inductionMeasures(const Model& model, const Weights& weights, const TaskConfig& task,
                                                   std::span<const Sample> samples, const std::function<bool()>& cancelled = {});

/// Tokens whose losses the score compares, of n: from `first` to `last`.
struct TokenRange {
    int first = 0, last = -1;
    bool empty() const { return last < first; }
};
/// The first quarter and the last one, each without its own first token: nothing stands before the first, and with the shortest period of
/// `repeat` the last quarter's first token begins the block again, which nothing tells. Empty below 8 tokens.
TokenRange earlyTokens(int n);
TokenRange lateTokens(int n);

/// Loss late in the sequence minus loss early, in nats: below 0 the context helps. Olsson 2022 takes the 500th token of 512 minus the 50th;
/// in sequences as short as ours the means of lateTokens and earlyTokens are steadier. Nothing where a range has no loss.
std::optional<double> inContextScore(std::span<const double> lossOfToken);

}  // namespace lab
