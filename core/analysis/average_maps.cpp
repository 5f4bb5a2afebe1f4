#include "core/analysis/average_maps.h"

#include <cassert>
#include <cmath>
#include <limits>

#include "core/analysis/tapped_evaluation.h"
#include "core/model/block_keys.h"

namespace lab {
namespace {

/// Mean and sum of squares about it, by Welford's recurrence: exact where all inputs agree.
struct Gathered {
    std::vector<double> mean, squares;

    void add(const float* values, std::size_t size, int inputs) {
        mean.resize(size);
        squares.resize(size);
        for (std::size_t i = 0; i < size; ++i) {
            const double value = static_cast<double>(values[i]), away = value - mean[i];
            mean[i] += away / inputs;
            squares[i] += away * (value - mean[i]);
        }
    }
};

}  // namespace

std::vector<Sample> samplesAsLongAs(const Sample& like, const std::vector<Sample>& samples, std::size_t most) {
    std::vector<Sample> result;
    for (const Sample& sample : samples) {
        if (result.size() == most) break;
        if (sample.tokens.size() == like.tokens.size() && sample.targetTokens.size() == like.targetTokens.size()) result.push_back(sample);
    }
    return result;
}

double mapBytes(const Model& model, const Sample& like) {
    double cells = 0;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const bool ofTarget = queriesAreTargets(block, !like.targetTokens.empty());
        const std::size_t queries = ofTarget ? like.targetTokens.size() : like.tokens.size();
        const int keys = keyCount(block, like.tokens.size(), like.targetTokens.size());
        cells += static_cast<double>(block.heads) * static_cast<double>(queries) * keys;
    }
    return sizeof(float) * cells;
}

std::optional<AverageMaps> averageMaps(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                       const std::function<bool()>& cancelled) {
    assert(!samples.empty());
    AverageMaps result;
    result.blocks.resize(model.attentionBlocks().size());
    std::vector<Gathered> gathered(result.blocks.size());
    WeightsTap tap(model, [&](std::size_t block, const std::vector<int>& shape, const float* values) {
        AverageMaps::Block& to = result.blocks[block];
        assert(result.inputs == 1 || (to.queries == shape[1] && to.keys == shape[2]));
        to.heads = shape[0];
        to.queries = shape[1];
        to.keys = shape[2];
        gathered[block].add(values, std::size_t(shape[0]) * std::size_t(shape[1]) * std::size_t(shape[2]), result.inputs);
    });
    if (!evaluateTapped(model, weights, samples, tap, cancelled, [&](std::size_t) { ++result.inputs; })) return std::nullopt;
    for (std::size_t b = 0; b < gathered.size(); ++b) {
        AverageMaps::Block& block = result.blocks[b];
        const Visibility& visibility = model.attentionBlocks()[b].visibility;
        for (int i = 0; i < block.queries; ++i)
            for (int j = 0; j < block.keys; ++j)
                block.allowed.push_back(visibility.mayAttend(i, j, block.keys) ? 0.0f : -std::numeric_limits<float>::infinity());
        result.blocks[b].mean.assign(gathered[b].mean.begin(), gathered[b].mean.end());
        for (const double squares : gathered[b].squares)
            result.blocks[b].spread.push_back(static_cast<float>(std::sqrt(std::max(0.0, squares) / result.inputs)));
    }
    return result;
}

}  // namespace lab
