#pragma once

#include <vector>

#include "core/explain/statements/scene.h"

// What the listings compute, right and wrong, small and obvious: the program runs both on the same input. A test runs the listings
// themselves in NumPy and compares.

namespace lab::explain {

/// Queries, keys and values as a projection leaves them, positions first.
struct PositionHeads {
    int tokens = 0, heads = 0, kvHeads = 0, width = 0;
    std::vector<double> q;     ///< [T, H, d_h]
    std::vector<double> k, v;  ///< [T, G, d_h]
};
/// Each position mixes its own heads: [T, H, d_h].
std::vector<double> attentionOverHeads(const PositionHeads& input);
/// Each head mixes the positions, no mask: [T, H, d_h].
std::vector<double> attentionOverPositions(const PositionHeads& input);

/// softmax(q k^T / sqrt(d)), no position beyond the query's where `causal`.
Rows weightsOf(const Rows& q, const Rows& k, bool causal);
Rows mixed(const Rows& weights, const Rows& values);
/// Row m turned by m base^(-2p/d), channel p with channel p + d/2; d is even.
Rows rotated(const Rows& x, double base);

/// base^(-2i/d) / lambda_i.
std::vector<double> longRope(double base, int width, const std::vector<double>& lambda);
/// base^(2i/d scaling)
std::vector<double> scaledExponent(double base, int width, double scaling);
/// (base^(-2i/d))^(2i/d)
std::vector<double> exponentTwice(double base, int width);

/// What the listings read: which names, for the test that runs them.
namespace listings {
extern const Listing overHeads[2], rotation[2], mask[2], bag[2], longRope[3];
}

}  // namespace lab::explain
