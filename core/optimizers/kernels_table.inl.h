#pragma once

// Everything one per-ISA object holds, as in core/ops: kernels in an anonymous namespace, nothing inline of the standard library.

#include "core/optimizers/kernel_tables.h"
#include "core/optimizers/rules.inl.h"

namespace lab {
namespace {

#define LAB_KERNEL_OF(rule) &rule::update<T>,
template <class T>
constexpr UpdateKernel<T> updateKernels[] = {LAB_UPDATE_RULES(LAB_KERNEL_OF)};
#undef LAB_KERNEL_OF

}  // namespace
}  // namespace lab
