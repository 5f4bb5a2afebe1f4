#pragma once

#include "core/config/activation.h"
#include "core/ops/kernels.h"

namespace lab {

/// The kernels of one activation: of one projection, or gated.
template <class T>
struct ActivationKernels {
    void (*Kernels<T>::*forward)(std::int64_t n, const T* x, T* y) = nullptr;
    void (*Kernels<T>::*backward)(std::int64_t n, const T* x, const T* dy, T* dx) = nullptr;
    void (*Kernels<T>::*gatedForward)(std::int64_t n, const T* gate, const T* up, T* y) = nullptr;
    void (*Kernels<T>::*gatedBackward)(std::int64_t n, const T* gate, const T* up, const T* dy, T* dgate, T* dup) = nullptr;
};

template <class T>
const ActivationKernels<T>& kernelsOf(Activation activation) {
    using K = Kernels<T>;
    static constexpr ActivationKernels<T> rows[] = {
        {&K::reluForward, &K::reluBackward},           {&K::geluForward, &K::geluBackward},
        {&K::geluTanhForward, &K::geluTanhBackward},   {nullptr, nullptr, &K::swigluForward, &K::swigluBackward},
        {&K::quickGeluForward, &K::quickGeluBackward}, {&K::reluSquaredForward, &K::reluSquaredBackward}};
    return rows[static_cast<std::size_t>(activation)];
}

}  // namespace lab
