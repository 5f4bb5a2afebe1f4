#pragma once

#include <string_view>

namespace lab {

/// The value of a typed calculation: numbers, + - * / ^, parentheses, pi, and the functions exp, ln, sqrt, cos, sin, abs, round, sum, mean,
/// max, min, softmax(a, b, ...)[i], dot((a, b), (c, d)) and cosine((a, b), (c, d)). A list stands in parentheses; [i] takes one of it.
/// Throws InputError with the character where it is wrong.
double calculated(std::string_view expression);

}  // namespace lab
