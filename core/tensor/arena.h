#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/tensor/weights.h"

namespace lab {

/// Working memory of a pass: taken piece by piece, given back all at once. After the first pass of a size nothing is allocated any more.
class Arena {
public:
    /// n values on a cache line of their own, uninitialised (NaN in debug builds); valid until reset().
    template <class T>
    T* take(std::size_t n) {
        return static_cast<T*>(takeBytes(n * sizeof(T)));
    }

    void reset();

private:
    using Chunk = AlignedVector<std::byte>;
    void* takeBytes(std::size_t bytes);

    std::vector<Chunk> m_chunks;
    std::size_t m_used = 0;   ///< of the last chunk
    std::size_t m_total = 0;  ///< taken since reset()
};

}  // namespace lab
