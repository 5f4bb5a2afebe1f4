#pragma once

#include <optional>

#include "core/goedel/goedel_number.h"

// What floating point keeps of a Gödel number. ln G = Σ_i (s_i + 1) ln p_i is linear in the symbols, with weights that only depend on the
// position, and tells all sequences apart as a real number; a double holds 53 binary digits of it.

namespace lab::goedel {

/// A sequence's number as a double.
struct InDouble {
    double value = 0;                ///< the double nearest to G; infinity: larger than any
    bool exact = false;              ///< value is G
    double spacing = 0;              ///< between the doubles at `value` (of the larger neighbour)
    Natural kept;                    ///< the whole number that `value` is; 0 when it is infinite
    Natural error;                   ///< |kept - G|; 0 when it is infinite
    std::optional<Decoded> decoded;  ///< of `kept`; empty when it is infinite
    /// The first position at which `decoded` has another symbol than the sequence, or a prime is missing. Empty: all of it is right.
    std::optional<std::size_t> firstWrong;

    double logarithm = 0;   ///< the double nearest to ln G
    double logSpacing = 0;  ///< between the doubles at `logarithm`
    /// How many whole numbers have a logarithm nearer to `logarithm` than to another double, about: G logSpacing, as its log2. Below 0:
    /// one.
    double log2Sharers = 0;
};
/// Throws as goedelNumber.
InDouble inDouble(const Symbols& symbols, int alphabetSize, const CancelCheck& cancelled = {});

/// The double nearest to Σ_i (s_i + 1) ln p_i, from logarithms of 192 binary digits.
double nearestLogarithm(const Symbols& symbols);

/// What two sequences share.
enum class DoubleOf { number, logarithm };

/// Two sequences of the same length that become the same double.
struct Twins {
    DoubleOf of = DoubleOf::number;
    Symbols first, second;
    std::size_t appended = 0;                       ///< so many symbols behind the given sequence, in both
    double shared = 0;                              ///< the double that both become; finite
    Natural firstNumber, secondNumber, difference;  ///< exact; difference = |first - second| > 0
    double spacing = 0;                             ///< between the doubles at `shared`
    int differing = 0;                              ///< positions at which they differ
};

/// Twins of longer sequences are not sought.
constexpr std::size_t longestWithTwins = 1000;

/// Twins near a sequence: another one of the same length when there is such among those tried, else both begin with the sequence and go on.
/// Found by reducing the lattice of the exponents' differences d, Σ d_i ln p_i being small (Lenstra, Lenstra, Lovász 1982), and proved by
/// exact comparison. Empty when none was found: never for one symbol, nor for two, not when the number itself is too large for a
/// double (then all such sequences become infinity) or the sequence longer than longestWithTwins. Tenths of a second at the most. Throws
/// InputError when the sequence's own number is too large; Cancelled.
std::optional<Twins> findTwins(const Symbols& near, int alphabetSize, DoubleOf of, const CancelCheck& cancelled = {});

/// True when the two become the same double, checked without anything that findTwins used.
bool areTwins(const Twins& twins);

}  // namespace lab::goedel
