#pragma once

#include <limits>

#include "core/base/message.h"

namespace lab {

/// Where a number must lie; an open end is excluded.
struct Limits {
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();
    bool minOpen = false;
    bool maxOpen = false;

    bool contains(double value) const;
    /// "at least 1", "above 0", "from 0 to below 1"; empty when anything goes.
    Message text() const;
};

}  // namespace lab
