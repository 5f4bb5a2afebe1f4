#pragma once

#include <algorithm>
#include <vector>

#include "ui/runs/run.h"

namespace lab {

/// The order in which a curve over kept steps is measured: the last one, then each 64th, then each 32nd, and so on. The next one last.
inline std::vector<CheckpointPtr> coarseFirst(const std::vector<CheckpointPtr>& missing) {
    std::vector<CheckpointPtr> order;
    std::vector<bool> taken(missing.size(), false);
    const auto take = [&](std::size_t i) {
        if (!taken[i]) order.push_back(missing[i]);
        taken[i] = true;
    };
    if (!missing.empty()) take(missing.size() - 1);
    for (std::size_t stride = 64; stride > 0; stride /= 2)
        for (std::size_t i = 0; i < missing.size(); i += stride) take(i);
    std::reverse(order.begin(), order.end());
    return order;
}

}  // namespace lab
