#include <cmath>

#include "core/bottlenecks/slot_parameters.h"

// A sign a slot: the integer of a sequence in binary.

namespace lab::bottlenecks {
namespace {

constexpr ParameterSpec parameters[] = {
    {.key = "count", .help = LAB_TEXT("fields", "bits: how many, a slot each."), .limits = {1, mostSlots}, .standard = 24}};

/// y = tanh h; the code is whether it is positive, sent on as -1 or 1.
template <class T>
struct Bits {
    static void relax(const SlotView<T>&, const T* h, T* y) { y[0] = std::tanh(h[0]); }
    static void relaxBackward(const SlotView<T>&, const T* y, const T* dy, T* dh) { dh[0] = dy[0] * (1 - y[0] * y[0]); }
    static int codeOf(const SlotView<T>&, const T* y) { return y[0] >= 0 ? 1 : 0; }
    static void numbersOf(const SlotView<T>&, int code, T* z) { z[0] = static_cast<T>(2 * code - 1); }
    static void shares(const SlotView<T>&, const T* y, T* pi) {
        pi[0] = (1 - y[0]) / 2;
        pi[1] = (1 + y[0]) / 2;
    }
    static void sharesBackward(const SlotView<T>&, const T*, const T*, const T* dpi, T* dy) { dy[0] += (dpi[1] - dpi[0]) / 2; }
};

BottleneckShape shape(std::span<const double> numbers) {
    BottleneckShape shape{static_cast<int>(numbers[0]), 2, 1};
    shape.margin = 2;
    return shape;
}

}  // namespace

extern const BottleneckSpec bits;
constinit const BottleneckSpec bits{"bits",
                                    LAB_TEXT("bottlenecks", "Sign bits"),
                                    LAB_TEXT("fields", "one sign a slot, with the slope of tanh on the way back"),
                                    parameters,
                                    shape,
                                    ruleOf<Bits, float>(),
                                    ruleOf<Bits, double>()};

}  // namespace lab::bottlenecks
