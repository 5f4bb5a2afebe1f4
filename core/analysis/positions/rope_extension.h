#pragma once

#include <vector>

#include "core/layers/position/rope.h"

namespace lab {

/// What an extension does to a pair: its turning per position is kept, interpolated in full (theta / factor), or something between.
enum class PairFate { kept, between, interpolated };

/// One way to read longer sequences with rotary positions.
struct RopeExtension {
    RopeConfig rope;
    RopeFrequencies frequencies;  ///< for sequences longer than the original length
    std::vector<double> ratio;    ///< theta'_p / theta_p
    std::vector<PairFate> fates;

    int count(PairFate fate) const;
};

/// Base (unscaled) and every scaling side by side (SPEC.md 3) for a model of base `rope` trained on
/// `originalLength` tokens and stretched by `factor` >= 1. LongRoPE takes `longFactors` where given; else those of `rope` itself when it is
/// LongRoPE, else those from which its search starts, s^(2p/(d-2)) as NTK's. A scaling whose formula does
/// not exist for such a model is left out: NTK and LongRoPE need head_dim > 2.
std::vector<RopeExtension> ropeExtensions(const RopeConfig& rope, int headDim, int originalLength, double factor,
                                          const std::vector<double>& longFactors = {});

}  // namespace lab
