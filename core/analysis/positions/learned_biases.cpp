#include "core/analysis/positions/learned_biases.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/config/model_config.h"
#include "core/layers/position/distance_vectors.h"
#include "core/layers/position/relative_buckets.h"

namespace lab {
namespace {

/// `block` of the model has this table, [buckets, heads].
DistanceBias ofBuckets(const Model& model, const Parameter& table, const float* numbers, const AttentionBlock& block, int farthest) {
    const PositionConfig& position = model.config().position;
    const auto bucketOf = [&](int offset) {
        return relativeBucket(offset, position.buckets, position.max_distance, block.visibility.causal());
    };
    DistanceBias bias;
    bias.farthest = farthest;
    bias.heads.resize(static_cast<std::size_t>(block.heads));
    for (int offset = -farthest, last = -1; offset <= farthest; ++offset) {
        const int bucket = bucketOf(offset);
        if (bucket != last) bias.begins.push_back(offset);
        last = bucket;
        for (int h = 0; h < block.heads; ++h)
            bias.heads[static_cast<std::size_t>(h)].push_back(static_cast<double>(numbers[bucket * table.shape[1] + h]));
    }
    bias.shareFrom = position.max_distance;
    while (bias.shareFrom > 0 && bucketOf(1 - bias.shareFrom) == bucketOf(-bias.shareFrom)) --bias.shareFrom;
    bias.inLayers = std::ranges::count_if(model.attentionBlocks(),
                                          [&](const AttentionBlock& each) { return !each.cross && each.side == block.side; }) > 1;
    return bias;
}

/// v_h W_h first, which meets every R: [d_model].
std::vector<double> askedOfPlaces(const float* v, const float* map, int headDim, int d) {
    std::vector<double> asked(static_cast<std::size_t>(d));
    for (int c = 0; c < headDim; ++c)
        for (int e = 0; e < d; ++e)
            asked[static_cast<std::size_t>(e)] += static_cast<double>(v[c]) * static_cast<double>(map[std::ptrdiff_t{c} * d + e]);
    return asked;
}

DistanceBias ofVectors(const Model& model, const Weights& weights, const AttentionBlock& block, int farthest) {
    const Parameter *map = model.layout().find(block.name + ".relative.weight"),
                    *position = model.layout().find(block.name + ".position_bias");
    const int d = map->shape[1], headDim = position->shape[1];
    DistanceVectors<double> vectors;
    vectors.reach(d, farthest);
    DistanceBias bias;
    bias.farthest = farthest;
    bias.inLayers = map->shared;
    for (int h = 0; h < block.heads; ++h) {
        const std::ptrdiff_t first = std::ptrdiff_t{h} * headDim;
        const std::vector<double> asked = askedOfPlaces(at(weights, *position) + first, at(weights, *map) + first * d, headDim, d);
        std::vector<double>& curve = bias.heads.emplace_back();
        for (int offset = -farthest; offset <= farthest; ++offset) {
            const double* R = vectors.rows(-offset);
            double sum = 0;
            for (int e = 0; e < d; ++e) sum += asked[static_cast<std::size_t>(e)] * R[e];
            curve.push_back(sum / std::sqrt(static_cast<double>(headDim)));
        }
    }
    return bias;
}

}  // namespace

std::optional<DistanceBias> distanceBias(const Model& model, const Weights& weights, const AttentionBlock& block, int farthest) {
    if (block.cross) return std::nullopt;
    if (const Parameter* table = model.layout().find(block.side + ".0.attention.relative_bias.weight"))
        return ofBuckets(model, *table, at(weights, *table), block, farthest);
    if (specOf(model.config().position.kind).vectors) return ofVectors(model, weights, block, farthest);
    return std::nullopt;
}

std::vector<float> biasOfPairs(const DistanceBias& bias, int head, int queries, int keys, const Visibility& visibility) {
    std::vector<float> pairs;
    for (int i = 0; i < queries; ++i)
        for (int j = 0; j < keys; ++j)
            pairs.push_back(visibility.mayAttend(i, j, keys) ? static_cast<float>(bias.at(head, j - i))
                                                             : -std::numeric_limits<float>::infinity());
    return pairs;
}

}  // namespace lab
