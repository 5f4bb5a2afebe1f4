#include "core/goedel/in_double.h"

#include <cmath>
#include <limits>

#include "core/goedel/gmp_numbers.h"

namespace lab::goedel {
namespace {

/// Between a finite double and the next larger one.
double spacingAt(double value) {
    return std::nextafter(value, std::numeric_limits<double>::infinity()) - value;
}

std::optional<std::size_t> firstDifference(const Symbols& symbols, const Decoded& decoded) {
    for (std::size_t i = 0; i < symbols.size(); ++i)
        if (i >= decoded.steps.size() || decoded.steps[i].symbol() != symbols[i]) return i;
    if (decoded.symbols != symbols || decoded.fault) return symbols.size();
    return std::nullopt;
}

}  // namespace

double nearestLogarithm(const Symbols& symbols) {
    constexpr unsigned scale = 192;
    mpz_class sum;
    for (const Factor& factor : factorsOf(symbols)) sum += (mpz_class(factor.symbol) + 1) * scaledLogarithm(factor.prime, scale);
    return std::ldexp(nearestDouble(sum), -static_cast<int>(scale));
}

InDouble inDouble(const Symbols& symbols, int alphabetSize, const CancelCheck& cancelled) {
    const Natural number = goedelNumber(symbols, cancelled);
    InDouble result;
    result.value = number.toDouble();
    result.spacing = std::numeric_limits<double>::infinity();
    if (std::isfinite(result.value)) {
        result.spacing = spacingAt(result.value);
        result.kept = Natural::fromDouble(result.value);
        result.error = Natural::distance(result.kept, number);
        result.exact = result.error.isZero();
        result.decoded = decode(result.kept, alphabetSize, cancelled);
        result.firstWrong = firstDifference(symbols, *result.decoded);
    }
    result.logarithm = nearestLogarithm(symbols);
    result.logSpacing = spacingAt(result.logarithm);
    result.log2Sharers = number.log2() + std::log2(result.logSpacing);
    return result;
}

}  // namespace lab::goedel
