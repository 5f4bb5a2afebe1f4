#pragma once

#include <cstdint>

// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 mantissa bits.

namespace lab {

float fromHalf(std::uint16_t bits);

/// The largest finite one.
constexpr float largestHalf = 65504.0f;

/// The nearest one that is not above (not below) `value`, which is finite and within largestHalf.
std::uint16_t halfBelow(float value);
std::uint16_t halfAbove(float value);

}  // namespace lab
