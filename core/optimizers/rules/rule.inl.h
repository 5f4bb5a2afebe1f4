#pragma once

#include "core/ops/kernels_math.inl.h"
#include "core/optimizers/shared_parameters.h"
#include "core/optimizers/update_rule.h"

// What the files of the rules share.

namespace lab {
namespace {

/// The first n of a rule's numbers, to be named: const auto& [beta1, beta2] = firstOf<2>(numbers);
template <int n>
LAB_INLINE const double (&firstOf(const double* numbers))[n] {
    return *reinterpret_cast<const double(*)[n]>(numbers);
}

/// Decoupled weight decay (Loshchilov & Hutter 2019): what is left of a weight. Matrices decay, vectors do not.
template <class T>
LAB_INLINE double keptOf(const UpdatedParameter<T>& p, double learningRate, double decay) {
    return p.rows > 0 ? 1 - learningRate * decay : 1.0;
}

/// "w after" with it, and what is said of it.
constexpr UpdateLine decayedAfter = {
    .label = "w after",
    .name = "w\u2032",
    .terms = {arithmetic::term(arithmetic::w),
              arithmetic::term(arithmetic::step),
              {{arithmetic::rate, arithmetic::number<optimizer::weightDecay>("\u03BB"), arithmetic::w}, true, [](const UpdateFacts& f) {
                   return f[optimizer::weightDecay] > 0.0;
               }}}};
constexpr UpdateNote decayNote = {
    LAB_TEXT("optimizers", "Matrices also shrink at each step, by their learning rate times \u03BB of themselves, \u03BB = %1."),
    [](const UpdateFacts& f) { return f[optimizer::weightDecay]; }, [](const UpdateFacts& f) { return f[optimizer::weightDecay] > 0.0; }};

}  // namespace
}  // namespace lab
