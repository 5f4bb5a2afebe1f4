#pragma once

#include "core/optimizers/rules/rule.inl.h"

namespace lab {
namespace {
namespace adam {

struct Factors {
    double learningRate, beta1, beta2, epsilon;
    double gradientScale;
    double keep;                      ///< of each weight before the step
    double correction1, correction2;  ///< 1 - beta^t
};

/// PyTorch's order: decay, moments, then w -= lr / c1 * m / (sqrt(v) / sqrt(c2) + epsilon).
template <class T>
void apply(Index n, const Factors& factors, const T* gradient, T* weights, T* first, T* second) {
    const T beta1 = static_cast<T>(factors.beta1), rest1 = static_cast<T>(1 - factors.beta1);
    const T beta2 = static_cast<T>(factors.beta2), rest2 = static_cast<T>(1 - factors.beta2);
    const T gradientScale = static_cast<T>(factors.gradientScale);
    const T keep = static_cast<T>(factors.keep);
    const T step = static_cast<T>(factors.learningRate / factors.correction1);
    const T rootScale = static_cast<T>(1 / __builtin_sqrt(factors.correction2));
    const T epsilon = static_cast<T>(factors.epsilon);
#pragma omp simd
    for (Index i = 0; i < n; ++i) {
        // code: update adam; update adamw
        const T g = gradient[i] * gradientScale;
        const T m = beta1 * first[i] + rest1 * g;
        const T v = beta2 * second[i] + rest2 * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] = weights[i] * keep - step * m / (squareRoot(v) * rootScale + epsilon);
        // end code
    }
}

template <class T>
void apply(const UpdateStep& s, double learningRate, const double (&numbers)[3], double keep, const UpdatedParameter<T>& p) {
    const auto& [beta1, beta2, epsilon] = numbers;
    const double t = static_cast<double>(s.step);
    const Factors factors{
        learningRate, beta1, beta2, epsilon, s.gradientScale, keep, 1 - __builtin_pow(beta1, t), 1 - __builtin_pow(beta2, t)};
    apply(p.size, factors, p.gradient, p.weights, p.first, p.second);
}

constexpr ParameterSpec parameters[] = {optimizer::beta1, optimizer::beta2, optimizer::epsilon};

template <class T>
void update(const UpdateStep& s, const double* numbers, const UpdatedParameter<T>& p) {
    apply(s, s.learningRate, firstOf<3>(numbers), 1.0, p);
}

// ---- its row

using namespace arithmetic;

constexpr UpdateOperand kept1 = number<optimizer::beta1>("\u03B2_{1}");
constexpr UpdateOperand kept2 = number<optimizer::beta2>("\u03B2_{2}");
constexpr UpdateOperand new1 = rest<optimizer::beta1>("1 \u2212 \u03B2_{1}");
constexpr UpdateOperand new2 = rest<optimizer::beta2>("1 \u2212 \u03B2_{2}");

inline double correction(double beta, std::int64_t t) {
    return 1.0 - __builtin_pow(beta, static_cast<double>(t));
}

constexpr UpdateLine lines[] = {
    moment("m", 0, LAB_TEXT("optimizers", "the running mean of this run\u2019s gradients")),
    moment("v", 1, LAB_TEXT("optimizers", "the running mean of their squares")),
    sum("m\u2032", term(kept1, line("m")), term(new1, g)),
    sum("v\u2032", term(kept2, line("v")), term(new2, g, g)),
    quotient("m\u2032 corrected", term(line("m\u2032")),
             term(number("1 \u2212 \u03B2_{1}^{t}", [](const UpdateFacts& f) { return correction(f[optimizer::beta1], f.step); }))),
    quotient("v\u2032 corrected", term(line("v\u2032")),
             term(number("1 \u2212 \u03B2_{2}^{t}", [](const UpdateFacts& f) { return correction(f[optimizer::beta2], f.step); }))),
    root("its root", "\u221Av", term(line("v\u2032 corrected"))),
    quotient("step", minus(rate, line("m\u2032 corrected")), term(line("its root")), &parameters[2]),
};
constexpr const char* formula = "w \u2190 w \u2212 \u03B7 m\u2032 / (\u221Av\u2032 + \u03B5), both corrected";
constexpr SourceText text =
    LAB_TEXT("optimizers",
             "Adam divides a running mean m of the gradients by the root of their running mean square v, so a weight mostly moves by "
             "about \u03B7 = %1 or less, however small its gradient is. When gradients come back after a long rest, the first step is "
             "\u03B7 (1 \u2212 \u03B2_{1}) / \u221A(1 \u2212 \u03B2_{2}), and the next ones can be longer.");
constexpr UpdateNote notes[] = {
    {LAB_TEXT("optimizers", "Both means began at 0; dividing by 1 \u2212 \u03B2^{t} corrects for that.")},
    decayNote,
};

constexpr UpdateRule row = {.name = "adam",
                            .help = LAB_TEXT("optimizers",
                                             "w = w - lr m / (sqrt(v) + epsilon), m and v running means of the gradient and of its square, "
                                             "both bias-corrected (Kingma and Ba 2015)"),
                            .parameters = parameters,
                            .moments = 2,
                            .explanation = {"Adam", formula, text, lines, plainAfter, std::span(notes).first(1)}};

}  // namespace adam
}  // namespace
}  // namespace lab
