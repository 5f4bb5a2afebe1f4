#pragma once

#include <limits>

#include "core/base/message.h"

namespace lab {

/// Ids, rows of a table and lengths of sequences are at most this; up to it floats are exact.
constexpr int mostRows = 1 << 24;
/// Seeds are at most 2^53 - 1, which every reader of JSON keeps exactly.
constexpr double largestSeed = 9007199254740991.0;
/// Steps and sequences are at most this many.
constexpr int mostCounted = 1000000000;

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
