#include "core/tensor/arena.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <numeric>

#include "core/base/platform.h"

namespace lab {
namespace {

constexpr std::align_val_t pageAlignment{hugePageBytes};  // large passes would else wait for address translation

}  // namespace

void Arena::Chunk::Free::operator()(std::byte* memory) const {
    ::operator delete[](memory, pageAlignment);
}

Arena::Chunk::Chunk(std::size_t bytes) : m_size(bytes), m_memory(static_cast<std::byte*>(::operator new[](bytes, pageAlignment))) {
    adviseHugePages(m_memory.get(), m_size);
}

void* Arena::takeBytes(std::size_t bytes) {
    constexpr std::size_t line = 64;
    constexpr std::size_t smallestChunk = std::size_t{1} << 21;
    const std::size_t rounded = (bytes + line - 1) / line * line;
    while (m_inUse == 0 || m_used + rounded > m_chunks[m_inUse - 1].size()) {
        if (m_inUse == m_chunks.size()) m_chunks.emplace_back(std::max(rounded, smallestChunk));
        ++m_inUse;
        m_used = 0;
    }
    void* memory = m_chunks[m_inUse - 1].data() + m_used;
    m_used += rounded;
    m_total += rounded;
    m_peak = std::max(m_peak, m_total);
#ifndef NDEBUG
    std::memset(memory, 0xff, rounded);  // every float or double of it is NaN
#endif
    return memory;
}

void Arena::rewind(const Mark& mark) {
    m_inUse = mark.chunks;
    m_used = mark.used;
    m_total = mark.total;
}

std::size_t Arena::bytes() const {
    return std::accumulate(m_chunks.begin(), m_chunks.end(), std::size_t{0},
                           [](std::size_t sum, const Chunk& chunk) { return sum + chunk.size(); });
}

void Arena::reset() {
    if (m_chunks.size() > 1) {  // next time one chunk holds it all
        m_chunks.clear();
        m_chunks.emplace_back(m_peak);
    }
    m_inUse = std::min<std::size_t>(m_chunks.size(), 1);
    m_used = 0;
    m_total = 0;
}

}  // namespace lab
