#pragma once

#include "core/patterns/window.h"

// A window and the first positions as globals: longformer, and what builds on it. The globals are a row's second number.

namespace lab::patterns {

inline int globalsOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[1]);
}

inline bool withinWindowOrGlobal(const PatternFrame& frame, int i, int j) {
    return withinWindow(frame, i, j) || i < globalsOf(frame) || j < globalsOf(frame);
}

/// Rows that see everything get tiles of their own.
inline int queriesOfGlobals(const PatternFrame& frame, int first) {
    const int height = queriesOfWindow(frame);
    return first < globalsOf(frame) ? std::min(height, globalsOf(frame) - first) : height;
}

inline void addWindowAndGlobals(const PatternFrame& frame, Tile& tile) {
    const int limit = tile.limit(frame);
    const int globals = std::min(globalsOf(frame), limit);
    if (tile.firstQuery < globals) return tile.add(0, limit);
    const auto [low, high] = windowOf(frame, tile);
    tile.add(0, globals);
    tile.add(std::max(low, globals), high);
}

}  // namespace lab::patterns
