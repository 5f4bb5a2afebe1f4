#include <algorithm>
#include <cmath>

#include "core/bottlenecks/slot_parameters.h"

// Finite scalar quantisation (Mentzer et al. 2023, arXiv 2309.15505): each slot is one number, bounded and rounded to L levels.

namespace lab::bottlenecks {
namespace {

constexpr ParameterSpec parameters[] = {
    slotsParameter,
    {.key = "levels",
     .help = LAB_TEXT("fields",
                      "fsq: levels L that a slot's number is rounded to; L = 2 has hardly a slope near 0, where numbers begin: use bits."),
     .limits = {2, 64},
     .standard = 4}};

/// y = (half tanh(h + shift) - off) / floor(L / 2), half = (L - 1)(1 + eps) / 2, off = 1/2 for even L, shift = atanh(off / half).
template <class T>
struct Fsq {
    struct Bound {
        T half, off, shift, unit;
    };
    static Bound boundOf(int levels) {
        const T half = static_cast<T>((levels - 1) * (1 + 1e-3) / 2);
        const T off = levels % 2 == 0 ? T{0.5} : T{0};
        return {half, off, std::atanh(off / half), static_cast<T>(levels / 2)};
    }

    static void relax(const SlotView<T>& slot, const T* h, T* y) {
        const Bound b = boundOf(slot.codes);
        y[0] = (b.half * std::tanh(h[0] + b.shift) - b.off) / b.unit;
    }
    static void relaxBackward(const SlotView<T>& slot, const T* y, const T* dy, T* dh) {
        const Bound b = boundOf(slot.codes);
        const T t = (y[0] * b.unit + b.off) / b.half;
        dh[0] = dy[0] * b.half / b.unit * (1 - t * t);
    }
    static int codeOf(const SlotView<T>& slot, const T* y) {
        const T unit = static_cast<T>(slot.codes / 2), level = std::nearbyint(y[0] * unit) + unit;
        return static_cast<int>(std::fmin(std::fmax(level, T{0}), static_cast<T>(slot.codes - 1)));  // a number that is none has a code too
    }
    static void numbersOf(const SlotView<T>& slot, int code, T* z) {
        const int unit = slot.codes / 2;
        z[0] = static_cast<T>(code - unit) / static_cast<T>(unit);
    }
    /// Between the two levels that it lies between, by how near it is to each.
    static void shares(const SlotView<T>& slot, const T* y, T* pi) {
        for (int k = 0; k < slot.codes; ++k) pi[k] = std::max(T{0}, 1 - std::abs(placeOf(slot, y) - static_cast<T>(k)));
    }
    static void sharesBackward(const SlotView<T>& slot, const T* y, const T* pi, const T* dpi, T* dy) {
        const T unit = static_cast<T>(slot.codes / 2);
        for (int k = 0; k < slot.codes; ++k)
            if (pi[k] > 0 && isInside(slot, y)) dy[0] += placeOf(slot, y) < static_cast<T>(k) ? dpi[k] * unit : -dpi[k] * unit;
    }

private:
    static bool isInside(const SlotView<T>& slot, const T* y) {
        const T raw = (y[0] + 1) * static_cast<T>(slot.codes / 2);
        return raw > 0 && raw < static_cast<T>(slot.codes - 1);
    }
    /// 0 .. codes - 1; the bound reaches a thousandth of the range over the outermost levels.
    static T placeOf(const SlotView<T>& slot, const T* y) {
        return std::clamp((y[0] + 1) * static_cast<T>(slot.codes / 2), T{0}, static_cast<T>(slot.codes - 1));
    }
};

BottleneckShape shape(std::span<const double> numbers) {
    BottleneckShape shape{static_cast<int>(numbers[0]), static_cast<int>(numbers[1]), 1};
    shape.margin = 1.0 / (shape.codes / 2);
    return shape;
}

}  // namespace

extern const BottleneckSpec fsq;
constinit const BottleneckSpec fsq{
    "fsq",
    LAB_TEXT("bottlenecks", "Finite scalar quantisation"),
    LAB_TEXT("fields", "one number a slot, bounded by tanh and rounded to one of its levels (Mentzer et al. 2023, arXiv 2309.15505)"),
    parameters,
    shape,
    ruleOf<Fsq, float>(),
    ruleOf<Fsq, double>()};

}  // namespace lab::bottlenecks
