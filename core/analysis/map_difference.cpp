#include "core/analysis/map_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lab {

std::vector<float> mapDifference(const float* before, const float* beforeAllowed, const float* after, const float* afterAllowed,
                                 std::size_t count) {
    std::vector<float> difference(count, -std::numeric_limits<float>::infinity());
    const auto takesPart = [](const float* allowed, std::size_t i) { return !allowed || std::isfinite(allowed[i]); };
    for (std::size_t i = 0; i < count; ++i) {
        const bool any = takesPart(beforeAllowed, i) || takesPart(afterAllowed, i);
        if (any && std::isfinite(before[i]) && std::isfinite(after[i])) difference[i] = after[i] - before[i];
    }
    return difference;
}

std::vector<MapChange> largestChanges(const float* before, const float* after, int rows, int columns, std::size_t most) {
    std::vector<MapChange> changes;
    const auto size = [](const MapChange& change) { return std::abs(change.after - change.before); };
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column, ++before, ++after) {
            const MapChange change{row, column, *before, *after};
            if (!std::isfinite(*before) || !std::isfinite(*after) || !(size(change) > 0.0F)) continue;
            if (changes.size() == most && (most == 0 || size(change) <= size(changes.back()))) continue;
            const auto place = std::upper_bound(changes.begin(), changes.end(), change,
                                                [&](const MapChange& a, const MapChange& b) { return size(a) > size(b); });
            changes.insert(place, change);
            if (changes.size() > most) changes.pop_back();
        }
    return changes;
}

}  // namespace lab
