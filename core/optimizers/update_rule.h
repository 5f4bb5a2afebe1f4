#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/message.h"
#include "core/base/parameters.h"
#include "core/optimizers/update_explanation.h"
#include "core/optimizers/update_kernel.h"

namespace lab {

/// How a step is made of a gradient. Each rule is one file in rules/, a namespace with
/// its kernel `update` and its `row`, named in rules.inl.h.
struct UpdateRule {
    std::string_view name;  ///< "adamw"
    SourceText help;
    std::span<const ParameterSpec> parameters;  ///< its own beside the learning rate
    int moments = 1;                            ///< 1 or 2 flat vectors that it keeps from step to step
    /// Whether a moment's numbers are those of the weights in their places; else a weight of 0 with a gradient behind it must not come to
    /// be, since no moment tells it from one that has always been 0 (training.keep_zeros).
    bool momentOfEachWeight = true;
    /// Numbers of scratch that it needs for a matrix; null: none.
    std::int64_t (*scratch)(int rows, int columns) = nullptr;
    UpdateExplanation explanation;

    static std::span<const UpdateRule* const> table();
};

/// A rule's kernel for the instruction set of `kernels`. Double exists in the generic build only.
template <class T>
UpdateKernel<T> updateKernel(const UpdateRule& rule, const Kernels<T>& kernels);
template <>
UpdateKernel<float> updateKernel(const UpdateRule& rule, const Kernels<float>& kernels);
template <>
UpdateKernel<double> updateKernel(const UpdateRule& rule, const Kernels<double>& kernels);

}  // namespace lab
