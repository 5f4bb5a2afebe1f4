#pragma once

#include <QString>
#include <string>

namespace lab {

/// A product of powers as core writes it, "2^4 · 3^2 · 5^5", as a formula (formula_text.h); of more factors than fit into a cell the first.
QString powerText(const std::string& product);
/// A whole number for a cell: in groups of three, of longer ones the first and last digits.
QString cellDigits(const std::string& decimal);

}  // namespace lab
