#pragma once

#include <cstdint>
#include <vector>

#include "core/goedel/natural.h"

// Only for sources of this room: many primes, and products of their powers.

namespace lab::goedel {

struct PrimePower {
    std::uint32_t prime = 2;
    std::size_t exponent = 0;
};

/// Π prime^exponent by a tree of products, whose factors are as long as each other. Throws Cancelled.
Natural productOf(const std::vector<PrimePower>& powers, const CancelCheck& cancelled = {});
Natural productOf(const std::vector<std::uint32_t>& primes);

/// All primes up to `limit`.
std::vector<std::uint32_t> primesUpTo(std::uint32_t limit);

/// 2, 3, 5, ... as far as they are asked for.
class PrimeSource {
public:
    /// The index-th prime, 2 is prime 0.
    std::uint32_t operator[](std::size_t index);

private:
    std::vector<std::uint32_t> m_primes;
};

}  // namespace lab::goedel
