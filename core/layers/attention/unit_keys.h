#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lab {

// Keys divided by their lengths, as Reformer's shared queries and keys are (Kitaev 2020, arXiv 2001.04451, section 2: k_j = q_j / |q_j|): a
// token's own key is then no longer its best by mere length.

/// No vector is divided by less.
inline constexpr double leastKeyLength = 1e-12;

/// x [n] becomes u = x / |x|; returns what it was divided by.
template <class T>
T divideByLength(int n, T* x) {
    // code: divide
    double square = 0;
    for (int c = 0; c < n; ++c) square += static_cast<double>(x[c]) * static_cast<double>(x[c]);
    const T length = static_cast<T>(std::max(std::sqrt(square), leastKeyLength));
    for (int c = 0; c < n; ++c) x[c] /= length;
    // end code
    return length;
}

/// dx [n]: gradient of u in, of x out: (du - u (u . du)) / |x|.
template <class T>
void divideByLengthBackward(int n, const T* unit, T length, T* dx) {
    // code: d_divide,d_l_keys unit
    T along = 0;
    for (int c = 0; c < n; ++c) along += unit[c] * dx[c];
    if (length <= static_cast<T>(leastKeyLength)) along = 0;  // divided by a constant
    for (int c = 0; c < n; ++c) dx[c] = (dx[c] - along * unit[c]) / length;
    // end code
}

}  // namespace lab
