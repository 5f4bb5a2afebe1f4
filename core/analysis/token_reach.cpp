#include "core/analysis/token_reach.h"

#include <cmath>
#include <limits>

namespace lab {

TokenReach tokenReach(const Model& model, const Trace& trace, const std::string& side, int token) {
    constexpr float hidden = -std::numeric_limits<float>::infinity();
    TokenReach reach;
    const std::vector<AttentionBlock>& blocks = model.attentionBlocks();
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const AttentionBlock& block = blocks[b];
        if (block.cross || block.slotCount > 0 || block.side != side) continue;
        const Tensor& weights = trace.at(block.name + ".weights");
        const Tensor& masked = trace.at(block.name + ".masked_scores");
        const std::int64_t n = weights.extent(1);
        if (weights.extent(2) != n || token < 0 || token >= n) continue;  // with memory of earlier segments keys are others than queries
        reach.length = static_cast<int>(n);
        for (int head = 0; head < block.heads; ++head) {
            const auto value = [&](std::int64_t query, std::int64_t key) {
                const auto at = static_cast<std::size_t>((head * n + query) * n + key);
                return std::isinf(masked.values[at]) ? hidden : weights.values[at];
            };
            reach.heads.push_back({static_cast<int>(b), head});
            for (std::int64_t other = 0; other < n; ++other) reach.from.push_back(value(token, other));
            for (std::int64_t other = 0; other < n; ++other) reach.to.push_back(value(other, token));
        }
    }
    return reach;
}

}  // namespace lab
