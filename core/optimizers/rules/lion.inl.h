#pragma once

#include "core/optimizers/rules/rule.inl.h"

namespace lab {
namespace {
namespace lion {

constexpr ParameterSpec parameters[] = {optimizer::beta1, optimizer::beta2, optimizer::weightDecay};

/// Chen et al. 2023 (arXiv 2302.06675), algorithm 2: w -= lr (sign(beta1 m + (1 - beta1) g) + decay w), then m = beta2 m + (1 - beta2) g.
template <class T>
void update(const UpdateStep& s, const double* numbers, const UpdatedParameter<T>& p) {
    const auto& [beta1, beta2, decay] = firstOf<3>(numbers);
    const T kept1 = static_cast<T>(beta1), new1 = static_cast<T>(1 - beta1), kept2 = static_cast<T>(beta2),
            new2 = static_cast<T>(1 - beta2);
    const T rate = static_cast<T>(s.learningRate), keep = static_cast<T>(keptOf(p, s.learningRate, decay));
    const T factor = static_cast<T>(s.gradientScale);
    forVectors<T>(p.size, [&](auto lanes, Index i) {
        // code: update lion
        const Vector<T> zero = {}, m = load(lanes, p.first + i), g = factor * load(lanes, p.gradient + i);
        const Vector<T> mixed = kept1 * m + new1 * g;
        const Vector<T> step = mixed > zero ? broadcast(rate) : mixed < zero ? broadcast(-rate) : zero;
        store(lanes, p.weights + i, load(lanes, p.weights + i) * keep - step);
        store(lanes, p.first + i, kept2 * m + new2 * g);
        // end code
    });
}

// ---- its row

using namespace arithmetic;

constexpr UpdateLine lines[] = {
    moment("m", 0, LAB_TEXT("optimizers", "the running mean of this run\u2019s gradients")),
    sum("c", term(number<optimizer::beta1>("\u03B2_{1}"), line("m")), term(rest<optimizer::beta1>("1 \u2212 \u03B2_{1}"), g)),
    root("its size", "|c|", term(line("c"), line("c"))),
    quotient("its sign", term(line("c")), term(line("its size"))),
    sum("m\u2032", term(number<optimizer::beta2>("\u03B2_{2}"), line("m")), term(rest<optimizer::beta2>("1 \u2212 \u03B2_{2}"), g)),
    sum("step", minus(rate, line("its sign"))),
};
constexpr UpdateNote notes[] = {
    {LAB_TEXT("optimizers", "The sign is taken of a mixture c that leans more on this gradient than the mean m\u2032 it keeps."), nullptr,
     [](const UpdateFacts& f) { return f[optimizer::beta1] < f[optimizer::beta2]; }},
    decayNote,
};

constexpr UpdateRule row = {
    .name = "lion",
    .help = LAB_TEXT("optimizers",
                     "w = w - lr (sign(beta1 m + (1 - beta1) g) + weight_decay w), then m = beta2 m + (1 - beta2) g (Chen 2023, who "
                     "uses beta2 = 0.99 and a learning rate 3 to 10 times below adam's)"),
    .parameters = parameters,
    .explanation = {"Lion", "w \u2190 w \u2212 \u03B7 sign(\u03B2_{1} m + (1 \u2212 \u03B2_{1}) g)",
                    LAB_TEXT("optimizers", "Lion asks only for a direction: every weight moves by \u03B7 = %1, up or down."), lines,
                    decayedAfter, notes},
};

}  // namespace lion
}  // namespace
}  // namespace lab
