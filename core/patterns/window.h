#pragma once

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/patterns/tile.h"

// What the patterns around a window share. For core/patterns' own sources; a row that uses these has the window as its first number.

namespace lab::patterns {

inline constexpr ParameterSpec windowParameter{
    "window",
    LAB_TEXT("fields", "How far a query sees: keys with |i - j| <= window, of pattern dilated window keys to each side."),
    {0, mostRows},
    {},
    true,
    {},
    64};
inline constexpr ParameterSpec globalsParameter{
    "globals", LAB_TEXT("fields", "The first so many positions see all and are seen by all."), {0, mostRows}, {}, true, {}, 4};

inline int windowOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[0]);
}

inline bool withinWindow(const PatternFrame& frame, int i, int j) {
    return std::abs(i - j) <= windowOf(frame);
}

/// First key, and the one behind the last, that the windows of a tile's queries reach.
inline std::pair<int, int> windowOf(const PatternFrame& frame, const Tile& tile) {
    const int limit = tile.limit(frame);
    return {std::clamp(tile.firstQuery - windowOf(frame), 0, limit), std::clamp(tile.lastQuery() + windowOf(frame) + 1, 0, limit)};
}

/// Low tiles, so that little of them is blank.
inline int queriesOfWindow(const PatternFrame& frame) {
    return std::clamp(windowOf(frame), 8, 64);
}

}  // namespace lab::patterns
