#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "core/tensor/parameter_layout.h"

namespace lab {

/// Allocator of memory that starts on a cache line.
template <class T>
struct AlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};

    AlignedAllocator() = default;
    template <class U>
    AlignedAllocator(const AlignedAllocator<U>&) noexcept {}

    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
    void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, alignment); }
    template <class U>
    bool operator==(const AlignedAllocator<U>&) const noexcept {
        return true;
    }
};

template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

/// All parameters of a model (or their gradients, or an optimizer's moments) as one flat vector in the layout's order.
/// Gaps between parameters stay zero.
template <class T>
using BasicWeights = AlignedVector<T>;
using Weights = BasicWeights<float>;

template <class T>
T* at(BasicWeights<T>& weights, const Parameter& parameter) {
    return weights.data() + parameter.offset;
}
template <class T>
const T* at(const BasicWeights<T>& weights, const Parameter& parameter) {
    return weights.data() + parameter.offset;
}

}  // namespace lab
