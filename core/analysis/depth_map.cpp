#include "core/analysis/depth_map.h"

#include <cmath>
#include <map>
#include <numeric>

#include "core/model/model.h"

namespace lab {
namespace {

StackDepth stackDepth(const Trace& trace, Side side, int limit, const std::vector<int>& tokens) {
    const std::string name(nameOf(side));
    StackDepth depth{side, limit, tokens, {}, trace.at(name + ".ponder").values, {}};
    for (const float n : trace.at(name + ".steps").values) depth.steps.push_back(static_cast<int>(std::lround(n)));
    for (int t = 0; t < limit; ++t) depth.shares.push_back(trace.at(name + "." + std::to_string(t) + ".share").values);
    return depth;
}

template <class KeyOf>
std::vector<TokenDepth> depthBy(std::span<const StackDepth> depths, KeyOf keyOf) {
    std::map<int, TokenDepth> found;
    for (const StackDepth& depth : depths)
        for (std::size_t i = 0; i < depth.steps.size(); ++i) {
            TokenDepth& own = found[keyOf(depth, i)];
            ++own.count;
            own.steps += depth.steps[i];
        }
    std::vector<TokenDepth> result;
    for (const auto& [key, sum] : found) result.push_back({key, sum.count, sum.steps / sum.count});
    return result;
}

}  // namespace

double StackDepth::meanSteps() const {
    return steps.empty() ? 0.0 : std::accumulate(steps.begin(), steps.end(), 0.0) / static_cast<double>(steps.size());
}

std::vector<StackDepth> depthsOf(const ModelConfig& model, const Trace& trace) {
    std::vector<StackDepth> depths;
    if (!specOf(model.depth.kind).halts) return depths;
    const bool twoSides = specOf(model.architecture).twoSides();
    for (const Side side : {Side::encoder, Side::decoder})
        if (const auto limit = static_cast<int>(layersOf(model, side).size()); limit > 0)
            depths.push_back(stackDepth(trace, side, limit, trace.tokensOf(twoSides && side == Side::decoder)));
    return depths;
}

std::vector<StackDepth> depthsOf(const Model& model, const Weights& weights, const Input& input) {
    if (!specOf(model.config().depth.kind).halts) return {};
    return depthsOf(model.config(), model.trace(weights, input));
}

std::vector<TokenDepth> depthByToken(std::span<const StackDepth> depths) {
    return depthBy(depths, [](const StackDepth& depth, std::size_t i) { return depth.tokens[i]; });
}

std::vector<TokenDepth> depthByPosition(std::span<const StackDepth> depths) {
    return depthBy(depths, [](const StackDepth&, std::size_t i) { return static_cast<int>(i); });
}

}  // namespace lab
