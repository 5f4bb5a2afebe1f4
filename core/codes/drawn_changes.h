#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "core/base/random.h"

namespace lab::codes {

/// `count` different ones of 0 .. possible - 1, rising, each set of them alike (Floyd, in Bentley and Floyd 1987, "A sample of
/// brilliance"); all when there are no more.
inline std::vector<std::int64_t> drawnOf(std::int64_t possible, std::int64_t count, std::uint64_t seed) {
    std::set<std::int64_t> drawn;
    const RandomStream stream(seed, "codes.changes");
    for (std::int64_t last = std::max<std::int64_t>(0, possible - count); last < possible; ++last) {
        const auto number = static_cast<std::int64_t>(stream.uniform(static_cast<std::uint64_t>(last)) * static_cast<double>(last + 1));
        if (!drawn.insert(std::min(number, last)).second) drawn.insert(last);
    }
    return {drawn.begin(), drawn.end()};
}

}  // namespace lab::codes
