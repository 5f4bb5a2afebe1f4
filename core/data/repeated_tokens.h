#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/tensor/batch.h"

namespace lab {

/// Tokens drawn evenly from `alphabet`, `length` of them, and the same once more; `first`, where there is one, stands before. What comes
/// in the second half can be told from the first alone. Every token but the first is asked for.
std::vector<Sample> repeatedTokens(const std::vector<int>& alphabet, std::optional<int> first, int length, int count, std::uint64_t seed);

}  // namespace lab
