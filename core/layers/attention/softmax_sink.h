#pragma once

#include <algorithm>
#include <cmath>

namespace lab {

/// exp(x_j) / (exp(sink) + sum_k exp(x_k)) of n scores in place; returns the share of the sink, exp(sink) over the same. Hidden scores are
/// -infinity.
template <class T>
T softmaxWithSink(int n, T sink, T* x) {
    // code: max,exp,sum,weights sinks
    const T largest = std::max(sink, *std::max_element(x, x + n));
    const T ofSink = std::exp(sink - largest);
    T sum = ofSink;
    for (int j = 0; j < n; ++j) sum += x[j] = std::exp(x[j] - largest);
    for (int j = 0; j < n; ++j) x[j] /= sum;
    return ofSink / sum;
    // end code
}

}  // namespace lab
