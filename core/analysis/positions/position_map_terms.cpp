#include "core/analysis/positions/position_map_terms.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/layers/position/sinusoidal.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

/// Entries of `allowed` that are -inf take no part.
std::vector<double> softmaxOf(std::vector<double> scores, const float* allowed) {
    for (std::size_t j = 0; j < scores.size(); ++j)
        if (std::isinf(allowed[j])) scores[j] = -std::numeric_limits<double>::infinity();
    const SoftmaxRow row = softmaxRow(std::span<const double>(scores));
    for (std::size_t j = 0; j < scores.size(); ++j) scores[j] = row.probability(j);
    return scores;
}

double largestDifference(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

}  // namespace

std::optional<PositionMapTerms> positionMapTerms(const ParameterLayout& layout, const Weights& weights, const AttentionBlock& block,
                                                 int length) {
    const Parameter* map = layout.find(block.name + ".position_map.weight");
    const Parameter* bias = layout.find(block.name + ".position_map.bias");
    if (!map || !bias) return std::nullopt;
    PositionMapTerms terms;
    terms.weights.assign(at(weights, *map), at(weights, *map) + map->size);
    terms.bias = *at(weights, *bias);
    const int channels = static_cast<int>(map->size);
    const GridEncoding grid(channels);
    terms.rowChannels = grid.rowChannels();
    for (const double w : terms.weights) terms.s += w;
    for (int i = 0; i < length; ++i) {
        double row = 0, column = 0;
        for (int c = 0; c < channels; ++c)
            (c < terms.rowChannels ? row : column) += terms.weights[static_cast<std::size_t>(c)] * grid.channel(c, i, i);
        terms.row.push_back(row);
        terms.column.push_back(column);
    }
    return terms;
}

std::vector<float> gridChannel(int posDim, int channel, int length) {
    const GridEncoding grid(posDim);
    std::vector<float> values;
    for (int i = 0; i < length; ++i)
        for (int j = 0; j < length; ++j) values.push_back(static_cast<float>(grid.channel(channel, i, j)));
    return values;
}

std::vector<float> positionPart(const PositionMapTerms& terms, bool keptAlone) {
    std::vector<float> values;
    values.reserve(terms.row.size() * terms.column.size());
    for (const double row : terms.row)
        for (const double column : terms.column) values.push_back(static_cast<float>(keptAlone ? column : row + column + terms.bias));
    return values;
}

CancelledRow cancelledRow(const PositionMapTerms& terms, const Trace& trace, const AttentionBlock& block, int head, int query,
                          double slope) {
    const Tensor& q = trace.at(block.name + ".query");
    const Tensor& k = trace.at(block.name + ".key");
    const Tensor& scores = trace.at(block.name + ".scores");
    const Tensor& masked = trace.at(block.name + ".masked_scores");
    const Tensor& weights = trace.at(block.name + ".weights");
    const std::int64_t keys = scores.extent(2), d = q.extent(2);
    assert(query < scores.extent(1) && static_cast<std::size_t>(keys) == terms.column.size());
    const std::size_t at = static_cast<std::size_t>((head * scores.extent(1) + query) * keys);
    const float* queryRow = q.values.data() + (head * q.extent(1) + query) * d;
    const float* keyRows = k.values.data() + (head * block.kvHeads / block.heads) * k.extent(1) * d;
    CancelledRow result;
    for (std::int64_t j = 0; j < keys; ++j) {
        double product = 0;
        for (std::int64_t c = 0; c < d; ++c) product += static_cast<double>(queryRow[c]) * keyRows[j * d + c];
        const double plain = product / std::sqrt(static_cast<double>(d));
        const double reduced =
            terms.s * plain + terms.column[static_cast<std::size_t>(j)] - slope * std::abs(static_cast<double>(j - query));
        result.plain.push_back(plain);
        result.reduced.push_back(reduced);
        result.full.push_back(reduced + terms.row[static_cast<std::size_t>(query)] + terms.bias);
        result.modelWeights.push_back(weights.values[at + static_cast<std::size_t>(j)]);
        result.scoreDifference =
            std::max(result.scoreDifference, std::abs(result.full.back() - scores.values[at + static_cast<std::size_t>(j)]));
    }
    result.fullWeights = softmaxOf(result.full, masked.values.data() + at);
    result.reducedWeights = softmaxOf(result.reduced, masked.values.data() + at);
    result.difference = largestDifference(result.fullWeights, result.reducedWeights);
    result.differenceToModel = largestDifference(result.reducedWeights, result.modelWeights);
    double largest = 1;
    for (const double score : result.full) largest = std::max(largest, std::abs(score));
    result.scoresAgree = result.scoreDifference <= 1e-5 * largest;
    result.weightsAgree = result.differenceToModel <= 1e-5 * largest;
    return result;
}

}  // namespace lab
