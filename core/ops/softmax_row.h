#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace lab {

/// softmax(scores / temperature) of one row in double precision, with what lies between: for drawing a token and for looking. Training's
/// rows are kernels' (core/ops/kernels.h). Infinite scores take no part.
struct SoftmaxRow {
    double largest = -std::numeric_limits<double>::infinity();  ///< of the scores that take part
    std::vector<double> exponentials;                           ///< exp((score - largest) / temperature)
    double sum = 0.0;                                           ///< of the exponentials; 0 when nothing takes part

    double probability(std::size_t i) const { return sum > 0.0 ? exponentials[i] / sum : 0.0; }
};

template <class T>
SoftmaxRow softmaxRow(std::span<const T> scores, double temperature = 1.0) {
    SoftmaxRow row;
    for (const T score : scores)
        if (!std::isinf(score)) row.largest = std::max(row.largest, static_cast<double>(score));
    row.exponentials.reserve(scores.size());
    for (const T score : scores) {
        row.exponentials.push_back(std::isinf(score) ? 0.0 : std::exp((static_cast<double>(score) - row.largest) / temperature));
        row.sum += row.exponentials.back();
    }
    return row;
}

}  // namespace lab
