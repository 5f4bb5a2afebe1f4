#include "core/analysis/weight_moved.h"

#include "core/analysis/run_comparison.h"

namespace lab {

std::vector<std::optional<double>> weightMoved(const Model& a, const Trace& ofA, const Model& b, const Trace& ofB) {
    std::vector<std::optional<double>> moved;
    for (const HeadPlace& place : headPlaces(a)) {
        moved.emplace_back();
        const auto block = static_cast<std::size_t>(place.block);
        if (block >= b.attentionBlocks().size() || place.head >= b.attentionBlocks()[block].heads) continue;
        const Tensor* one = ofA.find(a.attentionBlocks()[block].name + ".weights");
        const Tensor* other = ofB.find(b.attentionBlocks()[block].name + ".weights");
        if (!one || !other || one->extent(1) != other->extent(1) || one->extent(2) != other->extent(2)) continue;
        const MapShape shape{static_cast<int>(one->extent(1)), static_cast<int>(one->extent(2))};
        const auto cells = static_cast<std::size_t>(shape.queries) * static_cast<std::size_t>(shape.keys);
        const std::size_t first = static_cast<std::size_t>(place.head) * cells;
        moved.back() = 1 - mapOverlap(std::span(one->values).subspan(first, cells), std::span(other->values).subspan(first, cells), shape);
    }
    return moved;
}

}  // namespace lab
