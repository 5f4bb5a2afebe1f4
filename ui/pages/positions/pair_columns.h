#pragma once

namespace lab {

/// Columns that pairs share where circles stand above the bars that add up to the score: room for an axis at the left and for the whole
/// score at the right.
struct PairColumns {
    double left = 0, slot = 0;

    /// Slots are no wider than `widest`.
    static PairColumns in(int width, int pairs, double widest = 1e9);
    double start(int pair) const { return left + pair * slot; }
};

}  // namespace lab
