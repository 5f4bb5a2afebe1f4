#pragma once

#include <QString>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "core/base/errors.h"
#include "core/goedel/formula.h"
#include "core/goedel/goedel_number.h"

// What tests of Gödel numbers share.

namespace lab::goedel::testing {

inline QString errorOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

/// All sequences of up to `longest` of these symbols, the shorter first.
inline std::vector<Symbols> allSequences(const Symbols& of, std::size_t longest) {
    std::vector<Symbols> all{{}};
    for (std::size_t begin = 0, length = 1; length <= longest; ++length) {
        const std::size_t end = all.size();
        for (; begin < end; ++begin)
            for (const int symbol : of) {
                all.push_back(all[begin]);
                all.back().push_back(symbol);
            }
    }
    return all;
}

inline Symbols firstSymbols(int count) {
    Symbols symbols;
    for (int symbol = 0; symbol < count; ++symbol) symbols.push_back(symbol);
    return symbols;
}

inline Symbols together(Symbols first, const Symbols& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// Any digits, the same ones every time.
inline Symbols someDigits(std::size_t count, int alphabetSize = 10) {
    Symbols symbols;
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < count; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        symbols.push_back(static_cast<int>((state >> 33) % static_cast<std::uint64_t>(alphabetSize)));
    }
    return symbols;
}

inline Natural decimal(const char* digits) {
    return Natural::fromDecimal(digits);
}

/// The C library rounds decimal digits to the nearest double.
inline double roundedByLibrary(const Natural& number) {
    return std::strtod(number.toDecimal().c_str(), nullptr);
}

/// Qt takes doubles that are nearly equal for equal.
inline std::uint64_t binary(double value) {
    return std::bit_cast<std::uint64_t>(value);
}

inline Symbols formulaOf(const char* text) {
    return formulaAlphabet.alphabet().read(text);
}

inline const Symbols piDigits{3, 1, 4, 1, 5, 9, 2, 6};
inline const char* const piNumber = "23649403906255588433130602566272150000";

}  // namespace lab::goedel::testing
