#pragma once

#include <algorithm>
#include <cmath>

#include "core/bottlenecks/slot_parameters.h"

namespace lab::bottlenecks {

/// A choice among K codes: y = softmax(h / tau), the code is the largest, sent on as a row of zeros with a one.
template <class T>
struct Choice {
    static void relax(const SlotView<T>& slot, const T* h, T* y) {
        const T largest = *std::max_element(h, h + slot.codes);
        T sum = 0;
        for (int k = 0; k < slot.codes; ++k) sum += y[k] = std::exp((h[k] - largest) / slot.tau);
        for (int k = 0; k < slot.codes; ++k) y[k] /= sum;
    }
    static void relaxBackward(const SlotView<T>& slot, const T* y, const T* dy, T* dh) {
        T mean = 0;
        for (int k = 0; k < slot.codes; ++k) mean += y[k] * dy[k];
        for (int k = 0; k < slot.codes; ++k) dh[k] = y[k] * (dy[k] - mean) / slot.tau;
    }
    static int codeOf(const SlotView<T>& slot, const T* y) { return static_cast<int>(std::max_element(y, y + slot.codes) - y); }
    static void numbersOf(const SlotView<T>& slot, int code, T* z) {
        std::fill_n(z, slot.codes, T{0});
        z[code] = 1;
    }
    static void shares(const SlotView<T>& slot, const T* y, T* pi) { std::copy_n(y, slot.codes, pi); }
    static void sharesBackward(const SlotView<T>& slot, const T*, const T*, const T* dpi, T* dy) {
        for (int k = 0; k < slot.codes; ++k) dy[k] += dpi[k];
    }
};

/// Two rows with their ones at other places.
constexpr double apartByChoice = 1.41421356237309505;

}  // namespace lab::bottlenecks
