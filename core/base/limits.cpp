#include "core/base/limits.h"

#include "core/base/number_text.h"

namespace lab {

bool Limits::contains(double value) const {
    return (minOpen ? value > min : value >= min) && (maxOpen ? value < max : value <= max);
}

std::string Limits::text() const {
    const bool below = max < std::numeric_limits<double>::infinity();
    const bool above = min > -std::numeric_limits<double>::infinity();
    const std::string upper = numberText(max);
    const std::string lower = numberText(min);
    if (above && below)
        return (minOpen ? "above " : "from ") + lower + (maxOpen ? " to below " : minOpen ? " and at most " : " to ") + upper;
    if (above) return (minOpen ? "above " : "at least ") + lower;
    if (below) return (maxOpen ? "below " : "at most ") + upper;
    return {};
}

}  // namespace lab
