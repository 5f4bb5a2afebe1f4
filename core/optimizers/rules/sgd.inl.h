#pragma once

#include "core/optimizers/rules/rule.inl.h"

namespace lab {
namespace {
namespace sgd {

constexpr ParameterSpec parameters[] = {optimizer::momentum};

/// As PyTorch's: v = momentum v + g; w -= lr v
template <class T>
void update(const UpdateStep& s, const double* numbers, const UpdatedParameter<T>& p) {
    const T rate = static_cast<T>(s.learningRate), kept = static_cast<T>(numbers[0]), factor = static_cast<T>(s.gradientScale);
    forVectors<T>(p.size, [&](auto lanes, Index i) {
        // code: update sgd
        const Vector<T> v = kept * load(lanes, p.first + i) + factor * load(lanes, p.gradient + i);
        store(lanes, p.first + i, v);
        store(lanes, p.weights + i, load(lanes, p.weights + i) - rate * v);
        // end code
    });
}

// ---- its row

using namespace arithmetic;

constexpr UpdateLine lines[] = {
    moment("velocity", 0, LAB_TEXT("optimizers", "the gathered momentum of this run")),
    sum("velocity\u2032", term(number<optimizer::momentum>("\u03BC"), line("velocity")), term(g)),
    sum("step", minus(rate, line("velocity\u2032"))),
};

constexpr UpdateRule row = {
    .name = "sgd",
    .help = LAB_TEXT("optimizers", "v = momentum v + g, w = w - lr v"),
    .parameters = parameters,
    .explanation = {"SGD", "w \u2190 w \u2212 \u03B7 velocity\u2032",
                    LAB_TEXT("optimizers", "A step against the gathered gradients, \u03B7 = %1 times as long."), lines, plainAfter},
};

}  // namespace sgd
}  // namespace
}  // namespace lab
