#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/model/model.h"

namespace lab {

/// Draws of which a distance is the mean.
constexpr int featureDraws = 20;

struct FeatureDistance {
    double mean = 0.0;    ///< over draws and rows: half of sum_j |a_ij - b_ij|, from 0 to 1
    double spread = 0.0;  ///< standard deviation of the draws' own means
};

/// How far weights of `features` drawn features (kernel performer) are from softmax(q . k / sqrt(head_dim)), for seeds firstSeed ..
/// firstSeed + featureDraws - 1 and all rows of q [rows, head_dim]; k [keys, head_dim], causal as many. In single precision, as a model has
/// them.
FeatureDistance featureDistance(std::span<const float> q, std::span<const float> k, int headDim, int features, bool causal,
                                std::uint64_t firstSeed = 1);

/// What a trace says of a head whose features are drawn.
struct ShownDistance {
    double ofRow = 0.0;
    double ofHead = 0.0;  ///< mean over its rows
};

/// Nothing of a block that draws no features.
std::optional<ShownDistance> shownDistance(const Trace& trace, const AttentionBlock& block, int head, int row);

}  // namespace lab
