#pragma once

#include <string>
#include <vector>

#include "core/memory/modern.h"

namespace lab {

/// How the weights of (X X^T) X come from the dot products.
enum class GramWeights {
    raw,       ///< the dot products themselves
    softmax,   ///< each row's softmax
    withBeta,  ///< softmax of beta times them
};

/// (X X^T) X for the rows x_0 .. of X: compare every vector with every one, then mix all by what the comparison gave. Attention without
/// any projection; with the softmax each row is one update of the continuous Hopfield network whose patterns are the rows (SPEC.md 6).
struct GramMixing {
    int count = 0, dimension = 0;
    std::vector<double> products;  ///< [count, count] X X^T: symmetric
    std::vector<double> weights;   ///< [count, count] after the softmax where there is one
    std::vector<double> mixed;     ///< [count, dimension]
    std::vector<double> rowSums;   ///< [count] of the weights
    /// X^T X [dimension, dimension], the sum over the rows of x x^T: Hebb's matrix of them, diagonal kept.
    std::vector<double> hebb;
    /// |X (X^T X) - mixed|, the largest: 0 but for rounding in the raw form, where both are one product, bracketed differently.
    double differenceToHebb = 0;
};

GramMixing gramMixing(const StoredVectors& x, GramWeights kind, double beta);

/// One number by hand: "1 · 1 + 0 · 2 = 1".
std::string productByHand(const StoredVectors& x, int row, int column);
/// "0.7 · 1 + 0.2 · 0 + 0.1 · 1 = 0.8" with the weights of this row.
std::string mixtureByHand(const StoredVectors& x, const GramMixing& mixing, int row, int channel);

}  // namespace lab
