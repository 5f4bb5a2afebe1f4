#pragma once

#include <string>
#include <vector>

#include "core/goedel/formula.h"
#include "core/goedel/goedel_number.h"

// Operations on sequences, done on their numbers: exponents are found by division and set by multiplication with powers of primes, and
// G(result) is what comes out.

namespace lab::goedel {

/// Exponents of consecutive primes that wander together: what stood at from .. from + count stands at to .. to + count afterwards.
enum class MoveSource { first, second };  ///< the number that is changed (s), or what is put in (t)
struct Move {
    MoveSource source = MoveSource::first;
    std::size_t from = 0, to = 0;  ///< position of the first
    std::vector<int> exponents;    ///< as divided out of the source

    std::size_t count() const { return exponents.size(); }
};

/// A number worked out of two others.
struct Worked {
    std::vector<Move> moves;  ///< in the order of the result's primes
    Natural number;           ///< Π over all moves of prime(to + k)^exponents[k]
};
/// "2^4 · 3^2", the factors that a move takes out of its source and those that it puts into the result.
std::string takenText(const Move& move);
std::string putText(const Move& move);

/// How many primes divide a Gödel number: its sequence's length. Throws InputError when it is none.
std::size_t lengthOf(const Natural& number, const CancelCheck& cancelled = {});

/// G(s t) = G(s) Π_j p_(n+j)^e_j, where p_j^e_j are the factors of G(t) and n = lengthOf(G(s)). Throws InputError when one of them is no
/// Gödel number ("the second number ...") or the result is too large.
Worked concatenated(const Natural& first, const Natural& second, const CancelCheck& cancelled = {});

/// Positions begin .. begin + length of a sequence.
struct Stretch {
    std::size_t begin = 0, length = 1;
};
/// Each of `places` (ascending, without overlap) of the first number's sequence gives way to the second's sequence, which may be empty (1).
/// Throws InputError as above, and when a place lies behind the end.
Worked replaced(const Natural& first, const std::vector<Stretch>& places, const Natural& second, const CancelCheck& cancelled = {});

/// Everywhere that a symbol stands: the primes whose exponent is symbol + 1.
std::vector<Stretch> placesOf(const Natural& number, int symbol, const CancelCheck& cancelled = {});

/// A variable's free occurrences in a formula give way to a term, both as numbers: Sub(formula, variable, term). Throws InputError when one
/// is no formula or term (with its fault) or a variable of the term would be bound where it is put ("capture").
Worked substituted(const Natural& formula, const Variable& variable, const Natural& term, const CancelCheck& cancelled = {});

/// A formula that speaks of the number g by its numeral S...S0 is long: that numeral alone has g + 1 symbols, so the formula's number has
/// at least about 2 g log2 g bits (S is symbol 1; Σ log2 p_i over g primes is about g log2 g, by the prime number theorem). The logarithm
/// to base 2 of that many bits. Why diagonal sentences are described and never written out. Asserts that the number is above 1.
double log2OfNumeralBits(const Natural& number);

}  // namespace lab::goedel
