#pragma once

#include <vector>

#include "core/explain/walk.h"

namespace lab::explain {

/// A sum of products, or of numbers alone, as a picture has it: what is multiplied, and how the sum grows. Empty of any other expression.
struct Waterfall {
    Words leftName, rightName;  ///< of the factors, without their indices
    /// For each product: its first factor, the rest of it with its sign, both together, and the sum up to there. Of numbers alone there
    /// are no factors.
    std::vector<double> left, right, products, sums;
    std::vector<std::size_t> terms;  ///< which of the expression's these are
    double start = 0.0;              ///< what is added without being a product: a bias

    bool empty() const { return products.empty(); }
    double result() const { return sums.empty() ? start : sums.back(); }
};
Waterfall waterfallOf(const Expression& expression);

/// "W_{Q 3,1}" -> "W_{Q}", "x_{5,2}" -> "x", "o^{1}_{5,2}" -> "o"; sentences stay.
Words withoutIndex(const Words& name);

/// Whether a grid of the stage leads from products to sums, so that it can be shown as a picture.
bool hasMatrix(const Stage& stage);
/// The cell whose sum the picture of a matrix shows when `cell` is in hand: its row's result, or itself where rows have none.
CellRef summedCell(const Stage& stage, const CellRef& cell);

}  // namespace lab::explain
