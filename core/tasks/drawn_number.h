#pragma once

#include <algorithm>
#include <span>

// Numbers of any range from a task's symbols, which are drawn uniformly.

namespace lab {

/// How many symbols make a number that is uniform to 2^-32.
inline int digitsOfADraw(int symbols) {
    int digits = 0;
    for (double reach = 1; reach < 4294967296.0; reach *= symbols) ++digits;
    return digits;
}

/// A number from `low` to `high`: the symbols are its digits behind the point.
inline int numberOf(std::span<const int> digits, int symbols, int low, int high) {
    double share = 0;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) share = (share + *digit) / symbols;
    return std::min(low + static_cast<int>(share * (high - low + 1)), high);
}

}  // namespace lab
