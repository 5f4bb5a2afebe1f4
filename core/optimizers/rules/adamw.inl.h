#pragma once

#include "core/optimizers/rules/adam.inl.h"

namespace lab {
namespace {
namespace adamw {

constexpr ParameterSpec parameters[] = {optimizer::beta1, optimizer::beta2, optimizer::epsilon, optimizer::weightDecay};

template <class T>
void update(const UpdateStep& s, const double* numbers, const UpdatedParameter<T>& p) {
    adam::apply(s, s.learningRate, firstOf<3>(numbers), keptOf(p, s.learningRate, numbers[3]), p);
}

constexpr UpdateRule row = {
    .name = "adamw",
    .help = LAB_TEXT("optimizers", "adam with decoupled weight decay (Loshchilov and Hutter 2019)"),
    .parameters = parameters,
    .moments = 2,
    .explanation = {"AdamW", adam::formula, adam::text, adam::lines, decayedAfter, adam::notes},
};

}  // namespace adamw
}  // namespace
}  // namespace lab
