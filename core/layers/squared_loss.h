#pragma once

#include <cstddef>

// Half the mean square of y - t: what models that answer numbers are trained by. Few numbers a sequence: plain loops will do.

namespace lab {

/// Sums over rows that count; divide by `counted` for the mean.
struct SquaredSums {
    double loss = 0;     ///< 1/2 of each row's mean of (y - t)^2 over its outputs
    double squares = 0;  ///< 1/2 of each row's mean of t^2: what the answer 0 would cost
    int counted = 0;
};

/// y [rows, ldy], t [rows, outputs]; rows whose `targets` is negative do not count. dy [rows, ldy] (or null) becomes weight times the
/// gradient of the sum, (y - t) / outputs, and 0 in columns of padding and in rows that do not count; it may be y.
template <class T>
SquaredSums squaredLoss(int rows, int outputs, const T* y, int ldy, const int* targets, const float* t, T weight, T* dy) {
    SquaredSums sums;
    for (int r = 0; r < rows; ++r) {
        const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(r) * ldy;
        const bool counts = targets[r] >= 0;
        sums.counted += counts;
        for (int c = 0; c < ldy; ++c) {
            const bool asked = counts && c < outputs;
            // code: loss numbers
            const T difference = asked ? y[row + c] - static_cast<T>(t[static_cast<std::ptrdiff_t>(r) * outputs + c]) : T{0};
            sums.loss += 0.5 / outputs * static_cast<double>(difference) * static_cast<double>(difference);
            // end code
            if (asked) {
                const auto target = static_cast<double>(t[static_cast<std::ptrdiff_t>(r) * outputs + c]);
                sums.squares += 0.5 / outputs * target * target;
            }
            // code: d_logits numbers
            if (dy) dy[row + c] = weight / static_cast<T>(outputs) * difference;
            // end code
        }
    }
    return sums;
}

}  // namespace lab
