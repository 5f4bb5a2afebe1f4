#include "core/goedel/sizes.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

namespace lab::goedel {
namespace {

std::uint64_t baseOf(int alphabetSize) {
    assert(alphabetSize >= 1);
    return static_cast<std::uint64_t>(alphabetSize);
}

/// Halves first: numbers of the same length are multiplied quicker than a long one by K again and again.
Natural digitsToNumber(const int* symbols, std::size_t count, std::uint64_t base, const CancelCheck& cancelled) {
    if (count == 0) return {};
    if (count == 1) return static_cast<std::uint64_t>(symbols[0]);
    throwIfCancelled(cancelled);
    const std::size_t low = count / 2;
    return digitsToNumber(symbols, low, base, cancelled) +
           digitsToNumber(symbols + low, count - low, base, cancelled) * Natural::power(base, low);
}

void numberToDigits(const Natural& number, std::uint64_t base, std::size_t count, int* symbols) {
    if (count == 0) return;
    if (count == 1) {
        symbols[0] = static_cast<int>(number.toU64());
        return;
    }
    const std::size_t low = count / 2;
    Natural rest;
    const Natural high = number.dividedBy(Natural::power(base, low), &rest);
    numberToDigits(rest, base, low, symbols);
    numberToDigits(high, base, count - low, symbols + low);
}

/// floor(log2 G) + 1 of log2 G; exactly, also where a double's rounding could cross a whole number.
std::size_t wholeBits(const Symbols& symbols, double bits) {
    constexpr double doubt = 1e-6;
    if (std::abs(bits - std::round(bits)) < doubt) return goedelNumber(symbols).bits();
    return static_cast<std::size_t>(std::floor(bits)) + 1;
}

}  // namespace

Natural mixedRadixNumber(const Symbols& symbols, int alphabetSize, const CancelCheck& cancelled) {
    assert(std::ranges::all_of(symbols, [&](int symbol) { return symbol >= 0 && symbol < alphabetSize; }));
    return digitsToNumber(symbols.data(), symbols.size(), baseOf(alphabetSize), cancelled);
}

Symbols fromMixedRadix(const Natural& number, int alphabetSize, std::size_t length) {
    assert(number < Natural::power(baseOf(alphabetSize), length));
    Symbols symbols(length);
    numberToDigits(number, baseOf(alphabetSize), length, symbols.data());
    return symbols;
}

Sizes sizesOf(const Symbols& symbols, int alphabetSize) {
    checkSize(symbols);
    Sizes sizes;
    sizes.length = symbols.size();
    sizes.goedelBits = bitsOf(factorsOf(symbols));
    sizes.goedelWhole = wholeBits(symbols, sizes.goedelBits);
    sizes.information = static_cast<double>(symbols.size()) * std::log2(alphabetSize);
    // 2^bits >= K^n: one binary digit less than K^n has when that is a power of two.
    const std::size_t bits = Natural::power(baseOf(alphabetSize), symbols.size()).bits();
    sizes.mixedBits = std::has_single_bit(baseOf(alphabetSize)) || symbols.empty() ? bits - 1 : bits;
    sizes.ratio =
        sizes.information > 0 ? static_cast<double>(sizes.goedelWhole) / sizes.information : std::numeric_limits<double>::quiet_NaN();
    return sizes;
}

SizeCurve sizeCurve(std::size_t longest, int alphabetSize) {
    SizeCurve curve;
    const double size = alphabetSize;
    double primorial = 0;  // Σ log2 p_i
    for (const Factor& factor : factorsOf(Symbols(longest))) {
        primorial += factor.bits;
        curve.largest.push_back(size * primorial);
        curve.mean.push_back((size + 1) / 2 * primorial);
        curve.needed.push_back(static_cast<double>(curve.needed.size() + 1) * std::log2(size));
    }
    return curve;
}

}  // namespace lab::goedel
