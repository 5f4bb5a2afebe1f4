#pragma once

#include <vector>

#include "core/goedel/goedel_number.h"

// How many bits the number takes, and how many a sequence needs.

namespace lab::goedel {

/// Σ_i s_i K^i: one digit a symbol in base K, the first symbol the lowest. A number of less than n log2 K bits; to be read back it needs
/// the length n beside it (symbols 0 at the end leave no trace). Throws Cancelled. Asserts that all symbols are below K.
Natural mixedRadixNumber(const Symbols& symbols, int alphabetSize, const CancelCheck& cancelled = {});
/// The sequence of this length. Asserts number < K^length.
Symbols fromMixedRadix(const Natural& number, int alphabetSize, std::size_t length);

struct Sizes {
    std::size_t length = 0;       ///< n
    double goedelBits = 0;        ///< log2 G
    std::size_t goedelWhole = 0;  ///< binary digits of G: floor(log2 G) + 1
    std::size_t mixedBits = 0;    ///< binary digits that hold any sequence of this length in mixed radix: ceil(n log2 K)
    double information = 0;       ///< n log2 K: of one of K^n sequences that are equally likely
    double ratio = 0;             ///< goedelWhole / information; NaN when that is 0
};
/// Cheap: nothing is multiplied but K^n. Throws InputError as goedelNumber when G would be too large.
Sizes sizesOf(const Symbols& symbols, int alphabetSize);

/// Bits of sequences of 1 .. longest symbols; entry n - 1 is of length n.
struct SizeCurve {
    std::vector<double> largest;  ///< log2 G when every symbol is K - 1: K Σ log2 p_i
    std::vector<double> mean;     ///< of equally likely symbols: (K + 1)/2 Σ log2 p_i
    std::vector<double> needed;   ///< n log2 K
};
SizeCurve sizeCurve(std::size_t longest, int alphabetSize);

}  // namespace lab::goedel
