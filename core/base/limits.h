#pragma once

#include <limits>

#include "core/base/message.h"

namespace lab {

/// Ids, rows of a table and lengths of sequences are at most this; up to it floats are exact.
constexpr int mostRows = 1 << 24;
/// A task's symbols, the lengths of its sequences and the sequences of a batch are at most this many.
constexpr int mostAtOnce = 1 << 20;
/// 2^53 - 1: doubles tell the whole numbers up to it apart.
constexpr double largestWhole = 9007199254740991.0;
/// Seeds are at most this, which every reader of JSON keeps exactly.
constexpr double largestSeed = largestWhole;
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
