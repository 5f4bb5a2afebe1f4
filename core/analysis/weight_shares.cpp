#include "core/analysis/weight_shares.h"

#include <cassert>
#include <cmath>

namespace lab {

bool areShares(const AttentionBlock& block) {
    return block.shares;
}

std::vector<float> weightShares(const AttentionBlock& block, const Tensor& weights, int head) {
    assert(head < weights.extent(0));
    const std::int64_t queries = weights.extent(1), keys = weights.extent(2);
    const float* first = weights.values.data() + head * queries * keys;
    std::vector<float> shares(first, first + queries * keys);
    if (areShares(block)) return shares;
    for (float* row = shares.data(); row != shares.data() + shares.size(); row += keys) {
        float sum = 0.0F;
        for (std::int64_t j = 0; j < keys; ++j) sum += row[j] = std::abs(row[j]);
        for (std::int64_t j = 0; j < keys && sum > 0.0F; ++j) row[j] /= sum;
    }
    return shares;
}

}  // namespace lab
