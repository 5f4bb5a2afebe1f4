#include "core/base/limits.h"

namespace lab {

bool Limits::contains(double value) const {
    return (minOpen ? value > min : value >= min) && (maxOpen ? value < max : value <= max);
}

Message Limits::text() const {
    const bool below = max < std::numeric_limits<double>::infinity();
    const bool above = min > -std::numeric_limits<double>::infinity();
    if (above && below) {
        const SourceText both = minOpen && maxOpen ? LAB_TEXT("limits", "above %1 to below %2")
                                : minOpen          ? LAB_TEXT("limits", "above %1 and at most %2")
                                : maxOpen          ? LAB_TEXT("limits", "from %1 to below %2")
                                                   : LAB_TEXT("limits", "from %1 to %2");
        return Message(both).arg(min).arg(max);
    }
    if (above) return Message(minOpen ? LAB_TEXT("limits", "above %1") : LAB_TEXT("limits", "at least %1")).arg(min);
    if (below) return Message(maxOpen ? LAB_TEXT("limits", "below %1") : LAB_TEXT("limits", "at most %1")).arg(max);
    return {};
}

}  // namespace lab
