#include "core/analysis/head_formation.h"

#include <cassert>
#include <cmath>

namespace lab {

std::optional<Formation> formationOf(std::span<const std::int64_t> steps, std::span<const double> values) {
    assert(steps.size() == values.size());
    if (values.empty() || !std::isfinite(values.back()) || values.back() <= 0.0) return std::nullopt;
    const double half = values.back() / 2.0;
    std::size_t first = values.size() - 1;
    while (first > 0 && values[first - 1] >= half) --first;
    if (first == 0) return std::nullopt;
    return Formation{steps[first], steps[first - 1], values.back()};
}

}  // namespace lab
