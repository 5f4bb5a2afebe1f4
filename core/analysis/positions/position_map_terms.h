#pragma once

#include <optional>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// KV+Pos taken apart (SPEC.md 1.3): the score S'_ij = s S_ij + row_i + g_j + b, of which row_i and b cancel in the softmax.
struct PositionMapTerms {
    std::vector<double> weights;  ///< [pos_dim]
    int rowChannels = 0;          ///< the first of them depend on the query only
    double bias = 0;
    double s = 0;                ///< sum of the weights: one factor on all scores, possibly negative
    std::vector<double> row;     ///< [n] what the query's channels add: cancels
    std::vector<double> column;  ///< [n] g(j)
};

/// Nothing in blocks without a position map.
std::optional<PositionMapTerms> positionMapTerms(const ParameterLayout& layout, const Weights& weights, const AttentionBlock& block,
                                                 int length);

/// Channel c of P, [n, n].
std::vector<float> gridChannel(int posDim, int channel, int length);

/// What the positions add to the scores, [n, n]: row_i + g_j + b, or g_j alone, which is all that the softmax keeps of it.
std::vector<float> positionPart(const PositionMapTerms& terms, bool keptAlone);

/// One query's row of a head with and without the terms that cancel. `slope` of the head: ALiBi's, else 0.
struct CancelledRow {
    std::vector<double> plain;    ///< S_ij = q . k / sqrt(head_dim)
    std::vector<double> full;     ///< S'_ij with every term
    std::vector<double> reduced;  ///< s S_ij + g(j) - slope |i - j|
    std::vector<double> fullWeights, reducedWeights;
    std::vector<double> modelWeights;  ///< as the trace holds them
    double difference = 0;             ///< largest between fullWeights and reducedWeights
    double differenceToModel = 0;      ///< largest between reducedWeights and modelWeights
    double scoreDifference = 0;        ///< largest between `full` and the trace's scores
    bool scoresAgree = false;          ///< within what float rounding of the terms allows
    bool weightsAgree = false;
};
CancelledRow cancelledRow(const PositionMapTerms& terms, const Trace& trace, const AttentionBlock& block, int head, int query,
                          double slope = 0);

}  // namespace lab
