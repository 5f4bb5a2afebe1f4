#pragma once

#include <vector>

namespace lab {

/// Slope of each head (Press et al. 2022, arXiv 2108.12409): 2^(-8 (h + 1) / H) for H a power of two, else the published interleaving rule.
std::vector<double> alibiSlopes(int heads);

}  // namespace lab
