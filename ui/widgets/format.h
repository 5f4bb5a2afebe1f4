#pragma once

#include <QString>
#include <cstdint>

// Numbers for people: fixed decimals, true minus (U+2212), thin group space (U+202F), the decimal point of the language in use.

namespace lab {

/// 3900 -> "3 900".
QString grouped(std::int64_t value);
/// 0.03149, 3 -> "0.031"; -1.5, 1 -> "−1.5"; "−∞", "∞" and "not a number" for what is not finite. Never "−0.000".
/// 264046.1, 3 -> "2.64e5": from 100 000 on decimals say nothing, and the digits would not fit.
QString fixed(double value, int decimals);
/// As fixed, with "+" before what is positive or zero.
QString signedFixed(double value, int decimals);
/// 0.9981, 1 -> "99.8 %".
QString percent(double fraction, int decimals = 1);
/// A weight in a cell: 0.6 -> ".60", 1 -> "1.0", -0.25 -> "−.25".
QString cellNumber(double value, int decimals = 2);
/// Some three digits: 412345 -> "412 k", 1234567 -> "1.23 M", 87 -> "87".
QString compact(double value);
/// 0.0005, 2 -> "5.00e−4".
QString scientific(double value, int decimals);
/// The shortest of fixed and scientific that keeps `digits` significant digits: a learning rate, a tolerance.
QString significant(double value, int digits = 3);
/// The same without zeros at its end: 0.5, 3 -> "0.5".
QString brief(double value, int digits = 3);
/// 44 -> "0:44", 3700 -> "1:01:40".
QString duration(double seconds);

}  // namespace lab
