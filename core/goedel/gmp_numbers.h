#pragma once

#include <gmpxx.h>

#include <cstdint>

// Only for sources of this room that work with GMP themselves.

namespace lab::goedel {

/// The double nearest to a number >= 0, ties to even; infinity beyond.
double nearestDouble(const mpz_class& number);

/// 2^bits ln n, n > 0, to a few units.
mpz_class scaledLogarithm(std::uint32_t n, unsigned bits);

}  // namespace lab::goedel
