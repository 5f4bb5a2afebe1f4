#include "core/analysis/spans.h"

#include <algorithm>
#include <numeric>

#include "core/config/model_config.h"
#include "core/layers/attention/span.h"

namespace lab {

double BlockSpans::mean() const {
    return spans.empty() ? 0 : std::reduce(spans.begin(), spans.end()) / static_cast<double>(spans.size());
}

double BlockSpans::longest() const {
    return spans.empty() ? 0 : *std::ranges::max_element(spans);
}

std::vector<BlockSpans> spansOf(const Model& model, const Weights& weights) {
    std::vector<BlockSpans> all;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const Parameter* shares = model.layout().find(block.name + ".span");
        if (!shares) continue;
        BlockSpans found{block.name, {}};
        const float* share = at(weights, *shares);
        for (std::size_t h = 0; h < shares->size; ++h)
            found.spans.push_back(spanOfShare(static_cast<double>(share[h]), *model.config().attention.max_span));
        all.push_back(std::move(found));
    }
    return all;
}

}  // namespace lab
