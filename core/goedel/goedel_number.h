#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/goedel/alphabet.h"
#include "core/goedel/natural.h"

// G(s) = Π_i p_i^(s_i + 1), p_0 = 2, p_1 = 3, ... (after Gödel 1931, who has symbols numbered from 1 on; here + 1 keeps symbol 0 and the
// length). By the fundamental theorem of arithmetic no two sequences have the same number.

namespace lab::goedel {

/// The first `count` primes; at most 2 mostSymbols + 2.
std::vector<std::uint32_t> firstPrimes(std::size_t count);

/// One symbol's share in the number.
struct Factor {
    std::uint32_t prime = 2;
    int symbol = 0;
    double bits = 0;  ///< (symbol + 1) log2 prime

    int exponent() const { return symbol + 1; }
};

/// By position; their bits add up to log2 G. Cheap. Asserts symbols >= 0.
std::vector<Factor> factorsOf(const Symbols& symbols);
double bitsOf(const std::vector<Factor>& factors);

/// The number; of the empty sequence 1. Throws InputError that names length and digits when it would have more than mostDigits digits or
/// there are more than mostSymbols symbols; Cancelled.
Natural goedelNumber(const Symbols& symbols, const CancelCheck& cancelled = {});
/// The same sentence without the work: throws when goedelNumber would.
void checkSize(const Symbols& symbols);

/// One row of decoding: how often a prime divides what the primes before it left.
struct DecodeStep {
    std::uint32_t prime = 2;
    std::size_t times = 0;  ///< 0: it does not divide, the sequence ends before it

    int symbol() const { return static_cast<int>(times) - 1; }  ///< -1 at the end
};

/// Why a number is the number of no sequence.
enum class NoSequence {
    zero,      ///< 0 is divisible by every prime as often as one likes
    gap,       ///< a prime divides it, and one before does not
    noSymbol,  ///< a prime divides it more often than there are symbols
    tooLong    ///< more than mostSymbols primes divide it
};

struct DecodeFault {
    NoSequence why = NoSequence::zero;
    std::uint32_t prime = 0;  ///< of gap: the first that is missing; of noSymbol: the one with too many
    std::uint32_t later = 0;  ///< of gap: the smallest prime above that divides it; 0: it is above largestSoughtPrime
    Message sentence;         ///< "the number has the factor 29 without 23: ..."
};
/// What is left of a number with a gap is searched for factors up to here.
constexpr std::uint32_t largestSoughtPrime = 1'000'000;

/// A number divided down, prime by prime.
struct Decoded {
    std::vector<DecodeStep> steps;     ///< all primes that divide without a gap, and the first that does not (none of 0)
    Symbols symbols;                   ///< times - 1 of each but the last; those of a faulty number as far as they go
    Natural rest;                      ///< after the last step; 1: nothing is lost
    std::optional<DecodeFault> fault;  ///< none: `symbols` is the sequence

    bool isWhole() const { return !fault; }
};

/// Divides by 2, 3, 5, ... until one does not. 1 is the empty sequence. `alphabetSize`: how many symbols there are, at least 1. The steps
/// are complete even when there is a fault. Throws Cancelled.
Decoded decode(const Natural& number, int alphabetSize, const CancelCheck& cancelled = {});

/// Whether it is the number of a sequence of an alphabet: decode without its reasons, quicker.
bool isSequenceNumber(const Natural& number, int alphabetSize, const CancelCheck& cancelled = {});

/// What is left of the number after steps 0 .. step: of step -1 the number itself. Worked out anew: cheap for what fits on a screen.
Natural restAfter(const Decoded& decoded, std::ptrdiff_t step);

}  // namespace lab::goedel
