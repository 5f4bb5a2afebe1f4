#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

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
    /// What it holds, taken or not.
    std::size_t bytes() const;

    /// Gives back what has been taken since `mark`, for temporaries that nobody reads any more: reused memory is still in cache.
    struct Mark {
        std::size_t chunks, used, total;
    };
    Mark mark() const { return {m_inUse, m_used, m_total}; }
    void rewind(const Mark& mark);

private:
    /// Memory of its own, freed with it.
    class Chunk {
    public:
        explicit Chunk(std::size_t bytes);
        std::byte* data() const { return m_memory.get(); }
        std::size_t size() const { return m_size; }

    private:
        struct Free {
            void operator()(std::byte* memory) const;
        };
        std::size_t m_size;
        std::unique_ptr<std::byte[], Free> m_memory;
    };
    void* takeBytes(std::size_t bytes);

    std::vector<Chunk> m_chunks;
    std::size_t m_inUse = 0;  ///< of the chunks, the first ones
    std::size_t m_used = 0;   ///< of the last chunk in use
    std::size_t m_total = 0;  ///< taken since reset() and not given back
    std::size_t m_peak = 0;   ///< the most of it
};

}  // namespace lab
