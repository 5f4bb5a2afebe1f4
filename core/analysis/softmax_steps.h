#pragma once

#include <optional>
#include <vector>

#include "core/config/kernel_kind.h"
#include "core/model/model.h"

namespace lab {

/// Every step from one query and one key to their weight (SPEC.md 1.2), in double from the trace's q, k and scores.
struct SoftmaxSteps {
    std::vector<double> query;     ///< [d_h] the factors of the products (linear kernel: phi of them); none of drawn features
    std::vector<double> key;       ///< [d_h]
    std::vector<double> products;  ///< [d_h] q_p k_p (linear kernel: phi(q)_p phi(k)_p)
    double dot = 0.0;              ///< their sum
    double scale = 1.0;            ///< 1/sqrt(d_h); 1 for kernels that do not scale
    double scaled = 0.0;           ///< scale * dot
    double positionFactor = 1.0;   ///< KV+Pos: s, the sum of position_map's weights; else 1
    double positionTerm = 0.0;     ///< what it has beyond positionFactor * scaled: KV+Pos's table and bias, a slope or number of distances
    double uncapped = 0.0;         ///< the score before its cap; without a cap the score
    double score = 0.0;            ///< as the trace holds it, before the mask
    bool masked = false;           ///< the query may not look here
    double rowMax = 0.0;           ///< largest allowed score of the row
    double exponential = 0.0;      ///< exp(score - rowMax); the masked score itself without a softmax; 0 when masked
    double decay = 1.0;            ///< what is left of the score where weights fade
    double rowSum = 0.0;           ///< of the row's exponentials, a sink's with them
    double sinkPart = 0.0;         ///< of the sum: exp(the sink's logit - rowMax), no key's
    /// Of differential attention: the head's own share, the other's of its pair, and whether it is this head's that the other is taken
    /// from.
    struct Difference {
        double own = 0.0, other = 0.0, lambda = 0.0;
        bool first = true;
    };
    std::optional<Difference> difference;
    double weight = 0.0;         ///< exponential / rowSum, without a row sum exponential * decay; 0 in a row without allowed keys
    double weightInTrace = 0.0;  ///< what the model computed in float
};

/// What the steps need to know beside the trace.
struct SoftmaxQuestion {
    KernelKind kernel = KernelKind::softmax;
    /// KV+Pos: positionFactor(...); without it the split into factor and term is unknown and `positionFactor` is NaN.
    std::optional<double> positionFactor;
    bool positionMap = false;  ///< this block scores by KV+Pos
};

/// Asserts that the trace has intermediates of `block` and that head, query and key lie inside.
SoftmaxSteps softmaxSteps(const Trace& trace, const AttentionBlock& block, const SoftmaxQuestion& question, int head, int query, int key);

/// One key of a query's row.
struct RowWeight {
    int key = 0;
    float score = 0.0F;  ///< before the mask
    float weight = 0.0F;
    bool masked = false;
    double fromHere = 0.0;  ///< this weight and all smaller ones together

    bool operator==(const RowWeight&) const = default;
};

/// The row of a query from the largest weight down (equal ones by key); the first entry's `fromHere` is the row's sum.
std::vector<RowWeight> rowByWeight(const Trace& trace, const AttentionBlock& block, int head, int query);

/// The column of a key: the queries that look at it from the largest weight down, `key` being the query's index.
std::vector<RowWeight> columnByWeight(const Trace& trace, const AttentionBlock& block, int head, int key);

/// KV+Pos's s of a block under these weights; nothing in blocks without a position map.
std::optional<double> positionFactor(const ParameterLayout& layout, const Weights& weights, const AttentionBlock& block);

}  // namespace lab
