#include "core/analysis/feature_distance.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/layers/attention/random_features.h"

namespace lab {
namespace {

/// The keys that row i may compare.
std::size_t seenBy(std::size_t i, std::size_t keys, bool causal) {
    return causal ? i + 1 : keys;
}

/// b_ij = softmax over j of q_i . k_j / sqrt(head_dim), [rows, keys] in double precision; 0 where hidden.
std::vector<double> exactWeights(std::span<const float> q, std::span<const float> k, std::size_t headDim, bool causal) {
    const std::size_t rows = q.size() / headDim, keys = k.size() / headDim;
    std::vector<double> weights(rows * keys);
    for (std::size_t i = 0; i < rows; ++i) {
        double* row = weights.data() + i * keys;
        double largest = -INFINITY, sum = 0.0;
        for (std::size_t j = 0; j < seenBy(i, keys, causal); ++j) {
            for (std::size_t c = 0; c < headDim; ++c) row[j] += double{q[i * headDim + c]} * double{k[j * headDim + c]};
            row[j] /= std::sqrt(static_cast<double>(headDim));
            largest = std::max(largest, row[j]);
        }
        for (std::size_t j = 0; j < seenBy(i, keys, causal); ++j) sum += row[j] = std::exp(row[j] - largest);
        for (std::size_t j = 0; j < seenBy(i, keys, causal); ++j) row[j] /= sum;
    }
    return weights;
}

/// phi of all rows of x; of keys with what was subtracted.
std::vector<float> featuresOf(const RandomFeatures& features, std::span<const float> x, int headDim, bool causal, std::vector<float>* top) {
    Scratch scratch;
    Pass<float> pass{kernels<float>(), nullptr, nullptr, nullptr, scratch};
    const int rows = static_cast<int>(x.size()) / headDim, width = features.width();
    std::vector<float> phi(static_cast<std::size_t>(rows) * static_cast<std::size_t>(width));
    features.exponents(pass, rows, x.data(), headDim, phi.data(), width);
    if (top)
        features.ofKeys(pass, rows, causal, phi.data(), width, top->data());
    else
        features.ofQueries(pass, rows, phi.data(), width);
    return phi;
}

/// Mean over rows of half the sum of differences.
double distanceOf(const RandomFeatures& features, std::span<const float> q, std::span<const float> k, int headDim, bool causal,
                  const std::vector<double>& exact) {
    const std::size_t d = static_cast<std::size_t>(headDim), rows = q.size() / d, keys = k.size() / d,
                      m = static_cast<std::size_t>(features.width());
    std::vector<float> top(keys);
    const std::vector<float> phiK = featuresOf(features, k, headDim, causal, &top),
                             phiQ = featuresOf(features, q, headDim, causal, nullptr);
    double total = 0.0;
    std::vector<double> row(keys);
    for (std::size_t i = 0; i < rows; ++i) {
        double sum = 0.0;
        for (std::size_t j = 0; j < seenBy(i, keys, causal); ++j) {
            row[j] = 0.0;
            for (std::size_t f = 0; f < m; ++f) row[j] += double{phiQ[i * m + f]} * double{phiK[j * m + f]};
            if (causal) row[j] *= std::exp(double{top[j]} - double{top[i]});
            sum += row[j];
        }
        for (std::size_t j = 0; j < seenBy(i, keys, causal); ++j)
            total += std::abs((sum > 0.0 ? row[j] / sum : 0.0) - exact[i * keys + j]) / 2;
    }
    return total / static_cast<double>(rows);
}

}  // namespace

FeatureDistance featureDistance(std::span<const float> q, std::span<const float> k, int headDim, int features, bool causal,
                                std::uint64_t firstSeed) {
    const std::vector<double> exact = exactWeights(q, k, static_cast<std::size_t>(headDim), causal);
    FeatureDistance result;
    double squares = 0.0;
    for (int draw = 0; draw < featureDraws; ++draw) {
        const RandomFeatures own(headDim, features, firstSeed + static_cast<std::uint64_t>(draw), "feature_distance");
        const double distance = distanceOf(own, q, k, headDim, causal, exact);
        result.mean += distance / featureDraws;
        squares += distance * distance / featureDraws;
    }
    result.spread = std::sqrt(std::max(0.0, squares - result.mean * result.mean));
    return result;
}

std::optional<ShownDistance> shownDistance(const Trace& trace, const AttentionBlock& block, int head, int row) {
    const Tensor* distances = trace.find(block.name + ".weights_distance");
    if (!distances || head >= distances->extent(0) || row >= distances->extent(1)) return std::nullopt;
    const float* ofHead = distances->values.data() + head * distances->extent(1);
    ShownDistance shown{double{ofHead[row]}, 0.0};
    for (std::int64_t i = 0; i < distances->extent(1); ++i) shown.ofHead += double{ofHead[i]} / static_cast<double>(distances->extent(1));
    return shown;
}

}  // namespace lab
