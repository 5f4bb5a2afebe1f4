#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "core/base/platform.h"
#include "core/tensor/parameter_layout.h"

namespace lab {

/// Allocator of memory that starts on a cache line, and in huge pages where it is as large as one: products of large models would else
/// wait for address translation.
template <class T>
struct AlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t alignmentOf(std::size_t bytes) {
        return std::align_val_t{bytes >= hugePageBytes ? hugePageBytes : 64};
    }

    AlignedAllocator() = default;
    template <class U>
    AlignedAllocator(const AlignedAllocator<U>&) noexcept {}

    T* allocate(std::size_t n) {
        const std::size_t bytes = n * sizeof(T);
        void* memory = ::operator new(bytes, alignmentOf(bytes));
        if (bytes >= hugePageBytes) adviseHugePages(memory, bytes);
        return static_cast<T*>(memory);
    }
    void deallocate(T* p, std::size_t n) noexcept { ::operator delete(p, alignmentOf(n * sizeof(T))); }
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
