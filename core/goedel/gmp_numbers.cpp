#include "core/goedel/gmp_numbers.h"

#include <bit>
#include <cassert>
#include <cmath>

namespace lab::goedel {
namespace {

/// 2^bits atanh(p / q), |p / q| <= 1/2: z + z^3/3 + z^5/5 + ...
mpz_class scaledAtanh(const mpz_class& p, const mpz_class& q, unsigned bits) {
    mpz_class power = (p << bits) / q, sum = power;
    for (unsigned long odd = 3; power != 0; odd += 2) {
        power = power * p * p / (q * q);
        sum += power / odd;
    }
    return sum;
}

}  // namespace

double nearestDouble(const mpz_class& number) {
    constexpr std::size_t window = 64, mantissa = 53;
    const std::size_t bits = number == 0 ? 0 : mpz_sizeinbase(number.get_mpz_t(), 2);
    if (bits <= mantissa) return number.get_d();
    // The first 64 binary digits, and whether anything stands behind them; GMP's own conversion cuts off.
    const std::size_t behind = bits > window ? bits - window : 0;
    const bool sticky = behind > 0 && mpz_scan1(number.get_mpz_t(), 0) < behind;
    const mpz_class top = number >> behind;
    std::uint64_t head = 0;
    mpz_export(&head, nullptr, -1, sizeof head, 0, 0, top.get_mpz_t());
    const std::size_t dropped = (bits - behind) - mantissa;
    if (dropped == 0) return std::ldexp(static_cast<double>(head), static_cast<int>(behind));
    const std::uint64_t half = std::uint64_t(1) << (dropped - 1), tail = head & (2 * half - 1);
    std::uint64_t kept = head >> dropped;
    if (tail > half || (tail == half && (sticky || kept % 2 == 1))) ++kept;
    return std::ldexp(static_cast<double>(kept), static_cast<int>(behind + dropped));
}

mpz_class scaledLogarithm(std::uint32_t n, unsigned bits) {
    assert(n > 0);
    // n = 2^k m with m near 1: ln n = k ln 2 + 2 atanh((m - 1)/(m + 1)); and ln 2 = 2 atanh(1/3).
    constexpr unsigned guard = 16;
    int k = std::bit_width(n) - 1;
    if (mpz_class(n) * 2 > (mpz_class(3) << static_cast<unsigned>(k))) ++k;
    const mpz_class power = mpz_class(1) << static_cast<unsigned>(k);
    const mpz_class twice = k * scaledAtanh(1, 3, bits + guard) + scaledAtanh(n - power, n + power, bits + guard);
    return twice >> (guard - 1);
}

}  // namespace lab::goedel
