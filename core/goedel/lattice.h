#pragma once

#include <cstdint>
#include <vector>

#include "core/goedel/natural.h"

namespace lab::goedel {

/// Short whole-number vectors d for which Σ_i d_i weights_i is small as well: of the lattice of all (d, Σ d_i weights_i) a basis reduced by
/// the algorithm of Lenstra, Lenstra and Lovász (1982) with whole numbers only. As many vectors as weights, each [weights].
/// weights_i = round(2^scale ln numbers_i). Throws Cancelled.
std::vector<std::vector<std::int64_t>> smallRelations(const std::vector<std::uint32_t>& numbers, unsigned scale,
                                                      const CancelCheck& cancelled = {});

}  // namespace lab::goedel
