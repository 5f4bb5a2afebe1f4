#include "core/analysis/kept_map.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/analysis/head_metrics.h"
#include "core/analysis/weight_shares.h"

namespace lab {
namespace {

constexpr int levels = 255;

KeptMap shrunk(const AttentionBlock& block, const Tensor& weights, int head) {
    const int queries = static_cast<int>(weights.extent(1)), keys = static_cast<int>(weights.extent(2));
    const auto perCell = [](int count) { return (count + KeptMap::largest - 1) / KeptMap::largest; };
    const int rowStep = perCell(queries), columnStep = perCell(keys);
    KeptMap map{(queries + rowStep - 1) / rowStep, (keys + columnStep - 1) / columnStep, {}};
    map.weights.resize(static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns));
    const std::vector<float> shares = weightShares(block, weights, head);
    const float* values = shares.data();
    for (int i = 0; i < queries; ++i) {
        const int averaged = std::min(rowStep, queries - i / rowStep * rowStep);
        for (int j = 0; j < keys; ++j)
            map.weights[static_cast<std::size_t>(i / rowStep * map.columns + j / columnStep)] += *values++ / static_cast<float>(averaged);
    }
    return map;
}

std::optional<int> takeNumber(std::string_view& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 1 || value > KeptMap::largest) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
    return value;
}

}  // namespace

KeptMap sharpestMap(const Model& model, const TaskConfig& task, const Trace& trace) {
    const auto& blocks = model.attentionBlocks();
    const std::vector<HeadMetrics> metrics = allHeadMetrics(model, task, trace);
    const bool anyCross = std::ranges::any_of(blocks, [](const AttentionBlock& block) { return block.cross; });
    const AttentionBlock* sharpest = nullptr;
    int sharpestHead = 0;
    double least = 2;
    std::size_t measured = 0;
    for (const AttentionBlock& block : blocks) {
        const Tensor* weights = trace.find(block.name + ".weights");  // [H, T, S]
        for (int head = 0; head < static_cast<int>(weights->extent(0)); ++head) {
            const double entropy = metrics[measured++][HeadMetric::entropy];
            const bool first = !sharpest && !areShares(block);  // which have no entropy
            if (anyCross != block.cross || !(entropy < least || first)) continue;
            least = entropy;
            sharpest = &block;
            sharpestHead = head;
        }
    }
    return sharpest ? shrunk(*sharpest, trace.at(sharpest->name + ".weights"), sharpestHead) : KeptMap();
}

std::string keptMapText(const KeptMap& map) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = std::to_string(map.rows) + ' ' + std::to_string(map.columns) + ' ';
    for (const float weight : map.weights) {
        const auto level = static_cast<std::size_t>(std::lround(std::clamp(weight, 0.0F, 1.0F) * levels));
        text += {digits[level / 16], digits[level % 16]};
    }
    return text;
}

std::optional<KeptMap> parseKeptMap(std::string_view text) {
    const auto rows = takeNumber(text), columns = rows ? takeNumber(text) : std::nullopt;
    if (!columns || text.size() != 2 * static_cast<std::size_t>(*rows) * static_cast<std::size_t>(*columns)) return std::nullopt;
    KeptMap map{*rows, *columns, {}};
    for (std::size_t at = 0; at < text.size(); at += 2) {
        int level = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, level, 16);
        if (error != std::errc() || end != text.data() + at + 2) return std::nullopt;
        map.weights.push_back(static_cast<float>(level) / levels);
    }
    return map;
}

}  // namespace lab
