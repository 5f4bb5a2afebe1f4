#pragma once

#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// How rotary position embedding (Su et al. 2021, arXiv 2104.09864) turns the pairs of a head.
struct RopeFrequencies {
    std::vector<double> theta;  ///< [head_dim / 2] radians a position
    double scale = 1.0;         ///< factor on cos and sin (YaRN's and LongRoPE's temperature)
};

/// Frequencies for a sequence of `length` tokens (only LongRoPE depends on it). Scalings: linear (arXiv 2306.15595), ntk (base b
/// s^(d/(d-2))), yarn (arXiv 2309.00071), longrope (arXiv 2402.13753), llama3 (Llama 3.1, arXiv 2407.21783).
RopeFrequencies ropeFrequencies(const RopeConfig& rope, int headDim, int length);

/// cos and sin of positions first .. first + rows - 1, [rows, head_dim / 2] each.
template <class T>
void ropeTables(const RopeFrequencies& frequencies, int first, int rows, T* cos, T* sin);

}  // namespace lab
