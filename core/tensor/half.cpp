#include "core/tensor/half.h"

#include <bit>
#include <cassert>
#include <cmath>

namespace lab {

float fromHalf(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1Fu;
    const std::uint32_t mantissa = bits & 0x3FFu;
    if (exponent == 0) {  // zero and subnormals: mantissa * 2^-24
        const float size = std::ldexp(static_cast<float>(mantissa), -24);
        return sign != 0 ? -size : size;
    }
    const std::uint32_t widened = exponent == 0x1F ? 0xFFu : exponent - 15 + 127;
    return std::bit_cast<float>(sign | (widened << 23) | (mantissa << 13));
}

namespace {

/// Bits of the largest half that is not beyond `size`, which is from 0 to largestHalf: the numbers stand in the order of their bits.
std::uint16_t towardsZero(float size) {
    int exponent = 0;
    std::frexp(size, &exponent);  // size = [0.5, 1) * 2^exponent
    const int step = size == 0.0f || exponent < -13 ? -24 : exponent - 11;
    const auto units = static_cast<std::uint32_t>(std::ldexp(size, -step));  // 1024 .. 2047, of subnormals fewer
    return static_cast<std::uint16_t>(units + (static_cast<std::uint32_t>(step + 24) << 10));
}

}  // namespace

std::uint16_t halfBelow(float value) {
    assert(std::abs(value) <= largestHalf);
    if (value >= 0.0f) return towardsZero(value);
    return static_cast<std::uint16_t>(halfAbove(-value) | 0x8000u);
}

std::uint16_t halfAbove(float value) {
    assert(std::abs(value) <= largestHalf);
    if (value < 0.0f) return static_cast<std::uint16_t>(towardsZero(-value) | 0x8000u);
    const std::uint16_t below = towardsZero(value);
    return fromHalf(below) < value ? static_cast<std::uint16_t>(below + 1) : below;
}

}  // namespace lab
