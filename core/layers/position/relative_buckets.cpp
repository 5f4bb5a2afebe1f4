#include "core/layers/position/relative_buckets.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace lab {

int relativeBucket(int offset, int buckets, int maxDistance, bool causal) {
    const int side = causal ? buckets : buckets / 2;
    const int first = !causal && offset > 0 ? side : 0;
    const int distance = causal ? std::max(0, -offset) : std::abs(offset);
    const int exact = side / 2;
    if (distance < exact) return first + distance;
    if (exact == 0 || maxDistance <= exact) return first + side - 1;
    const double share = std::log(static_cast<double>(distance) / exact) / std::log(static_cast<double>(maxDistance) / exact);
    constexpr double rounding = 1e-9;  // a distance where a bucket begins is in it
    return first + std::min(side - 1, exact + static_cast<int>(share * (side - exact) + rounding));
}

}  // namespace lab
