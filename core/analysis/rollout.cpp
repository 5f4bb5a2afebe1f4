#include "core/analysis/rollout.h"

#include <cmath>

#include "core/analysis/weight_shares.h"

namespace lab {
namespace {

/// Of weights that are no shares the sizes count.
AttentionMatrix withResidual(const Tensor& weights, bool shares) {
    const auto heads = weights.extent(0);
    AttentionMatrix result{static_cast<int>(weights.extent(1)), {}};
    const int n = result.n;
    result.values.assign(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), 0.0);
    for (int i = 0; i < n; ++i) {
        double sum = 1.0;
        for (int j = 0; j < n; ++j) {
            double mean = 0.0;
            for (std::int64_t h = 0; h < heads; ++h) {
                const float weight = weights.values[static_cast<std::size_t>((h * n + i) * n + j)];
                mean += static_cast<double>(shares ? weight : std::abs(weight));
            }
            mean /= static_cast<double>(heads);
            result(i, j) = mean + (i == j ? 1.0 : 0.0);
            sum += mean;
        }
        for (int j = 0; j < n; ++j) result(i, j) /= sum;
    }
    return result;
}

AttentionMatrix product(const AttentionMatrix& a, const AttentionMatrix& b) {
    AttentionMatrix result{a.n, std::vector<double>(a.values.size(), 0.0)};
    for (int i = 0; i < a.n; ++i)
        for (int k = 0; k < a.n; ++k) {
            const double share = a(i, k);
            if (share == 0.0) continue;
            for (int j = 0; j < a.n; ++j) result(i, j) += share * b(k, j);
        }
    return result;
}

}  // namespace

std::vector<AttentionMatrix> residualAttention(const Model& model, const Trace& trace, const std::string& side) {
    std::vector<AttentionMatrix> layers;
    for (const AttentionBlock& block : model.attentionBlocks())
        if (block.side == side && !block.cross) layers.push_back(withResidual(trace.at(block.name + ".weights"), areShares(block)));
    return layers;
}

std::vector<AttentionMatrix> rollout(const std::vector<AttentionMatrix>& layers) {
    std::vector<AttentionMatrix> result;
    for (const AttentionMatrix& layer : layers) result.push_back(result.empty() ? layer : product(layer, result.back()));
    return result;
}

}  // namespace lab
