#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

// Whole numbers of any size, exactly. The library behind them (GMP) is seen by natural.cpp alone.

namespace lab::goedel {

/// Asked every few milliseconds of longer work; when it says so the work ends with Cancelled. May be empty.
using CancelCheck = std::function<bool()>;
/// Thrown by what was cancelled on its way; no error.
struct Cancelled {};
void throwIfCancelled(const CancelCheck& cancelled);

/// Numbers of more decimal digits are neither read nor worked out. A single operation on numbers of that size takes some tenths of a second
/// at the most, on 100,000 digits some hundredths.
constexpr std::size_t mostDigits = 1'000'000;
/// The same in bits: 10^mostDigits has as many.
constexpr std::size_t mostBits = 3'321'929;

/// A whole number of 0, 1, 2, ... A value: copies are independent; copying a large one costs its bytes.
class Natural {
public:
    Natural();                     ///< 0
    Natural(std::uint64_t value);  // NOLINT(google-explicit-constructor): a whole number is a whole number
    ~Natural();
    Natural(const Natural& other);
    Natural(Natural&& other) noexcept;  ///< `other` may then only be destroyed or assigned to
    Natural& operator=(const Natural& other);
    Natural& operator=(Natural&& other) noexcept;

    /// Reads decimal digits; blanks, line ends and thin spaces around and between them are skipped, as a number that was wrapped or grouped
    /// has them. Throws InputError that names the first character which is none, its place counted in characters from 1; a sign, a point,
    /// nothing at all and more than mostDigits digits have sentences of their own.
    static Natural fromDecimal(std::string_view text);
    /// The whole number that a double stands for, exactly. Asserts that it is one: finite, not negative, without a fraction.
    static Natural fromDouble(double value);

    std::string toDecimal() const;
    std::size_t bits() const;    ///< floor(log2 n) + 1; 0 for 0
    std::size_t digits() const;  ///< decimal, exact; 1 for 0
    /// The nearest double, ties to even as IEEE 754 says; infinity from 2^1024 - 2^970 on.
    double toDouble() const;
    double log2() const;  ///< to a few units of the last place; -infinity for 0
    bool isZero() const;
    bool fitsU64() const;
    std::uint64_t toU64() const;  ///< asserts fitsU64()

    bool isDivisibleBy(std::uint32_t divisor) const;  ///< 0 is by all; asserts divisor > 0
    std::uint64_t modulo(std::uint32_t divisor) const;
    /// How often `prime` divides it. Asserts that it is not 0 and prime > 1.
    std::size_t timesDivisibleBy(std::uint32_t prime) const;
    /// Divides by `prime` until it does so no more; how often that was. Asserts as above.
    std::size_t removeFactor(std::uint32_t prime);

    Natural& operator+=(const Natural& other);
    Natural& operator*=(const Natural& other);
    friend Natural operator+(Natural a, const Natural& b) { return a += b; }
    friend Natural operator*(Natural a, const Natural& b) { return a *= b; }
    /// |a - b|
    static Natural distance(const Natural& a, const Natural& b);
    /// Rounded down, with the rest if asked for. Asserts divisor > 0.
    Natural dividedBy(const Natural& divisor, Natural* rest = nullptr) const;
    static Natural power(std::uint64_t base, std::size_t exponent);
    static Natural greatestCommonDivisor(const Natural& a, const Natural& b);

    bool operator==(const Natural& other) const;
    std::strong_ordering operator<=>(const Natural& other) const;

private:
    struct Value;
    std::unique_ptr<Value> m_value;
};

/// For showing: digits in groups of three parted by `separator` (a thin space when not given); of more than `most` digits the first and
/// last `edge` with an ellipsis between, the first up to the end of a group. Call it with toDecimal().
std::string groupedDigits(std::string_view decimal, std::size_t most = 400, std::size_t edge = 60, std::string_view separator = "\u2009");

}  // namespace lab::goedel
