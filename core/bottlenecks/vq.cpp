#include <algorithm>
#include <cmath>
#include <limits>

#include "core/bottlenecks/slot_parameters.h"

// Vector quantisation (van den Oord et al. 2017, arXiv 1711.00937): the nearest of K learned vectors, which all slots share.

namespace lab::bottlenecks {
namespace {

constexpr ParameterSpec parameters[] = {
    slotsParameter,
    codesParameter,
    {.key = "dim", .help = LAB_TEXT("fields", "vq: numbers of a code's vector."), .limits = {1, 256}, .standard = 8},
    {.key = "beta",
     .help = LAB_TEXT("fields",
                      "vq: weight of the commitment beta |y - sg(e)|^2 of a slot's numbers y to their code's vector e, beside |sg(y) - "
                      "e|^2, which moves e (means over slots); no gradient passes sg."),
     .limits = {0, 10},
     .standard = 0.25,
     .integer = false},
};

/// y = h; its shares are the softmax of minus the squared distances.
template <class T>
struct Vq {
    static void relax(const SlotView<T>& slot, const T* h, T* y) { std::copy_n(h, slot.width, y); }
    static void relaxBackward(const SlotView<T>& slot, const T*, const T* dy, T* dh) { std::copy_n(dy, slot.width, dh); }
    static int codeOf(const SlotView<T>& slot, const T* y) {
        int nearest = 0;
        T least = std::numeric_limits<T>::infinity();
        for (int k = 0; k < slot.codes; ++k)
            if (const T distance = squaredDistance(slot, y, k); distance < least) {
                least = distance;
                nearest = k;
            }
        return nearest;
    }
    static void numbersOf(const SlotView<T>& slot, int code, T* z) { std::copy_n(vector(slot, code), slot.width, z); }
    static void shares(const SlotView<T>& slot, const T* y, T* pi) {
        for (int k = 0; k < slot.codes; ++k) pi[k] = -squaredDistance(slot, y, k);
        const T largest = *std::max_element(pi, pi + slot.codes);
        T sum = 0;
        for (int k = 0; k < slot.codes; ++k) sum += pi[k] = std::exp(pi[k] - largest);
        for (int k = 0; k < slot.codes; ++k) pi[k] /= sum;
    }
    static void sharesBackward(const SlotView<T>& slot, const T* y, const T* pi, const T* dpi, T* dy) {
        T mean = 0;
        for (int k = 0; k < slot.codes; ++k) mean += pi[k] * dpi[k];
        for (int k = 0; k < slot.codes; ++k)
            for (int c = 0; c < slot.width; ++c) dy[c] -= 2 * pi[k] * (dpi[k] - mean) * (y[c] - vector(slot, k)[c]);
    }

private:
    static const T* vector(const SlotView<T>& slot, int code) { return slot.book + std::ptrdiff_t{code} * slot.width; }
    static T squaredDistance(const SlotView<T>& slot, const T* y, int code) {
        T sum = 0;
        for (int c = 0; c < slot.width; ++c) sum += (y[c] - vector(slot, code)[c]) * (y[c] - vector(slot, code)[c]);
        return sum;
    }
};

BottleneckShape shape(std::span<const double> numbers) {
    BottleneckShape shape{static_cast<int>(numbers[0]), static_cast<int>(numbers[1]), static_cast<int>(numbers[2])};
    shape.hasBook = true;
    shape.commitment = numbers[3];
    return shape;
}

}  // namespace

extern const BottleneckSpec vq;
constinit const BottleneckSpec vq{
    "vq",
    LAB_TEXT("bottlenecks", "Vector quantisation"),
    LAB_TEXT("fields",
             "the nearest of learned vectors, which all slots share (van den Oord et al. 2017, arXiv 1711.00937); the vectors follow by a "
             "loss of their own, without moving averages or restarts"),
    parameters,
    shape,
    ruleOf<Vq, float>(),
    ruleOf<Vq, double>()};

}  // namespace lab::bottlenecks
