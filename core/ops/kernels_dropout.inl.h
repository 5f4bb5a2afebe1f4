#pragma once

#include "core/ops/kernels_vector.inl.h"

// Philox4x32-10 (Salmon et al. 2011), word for word lab::RandomStream(seed = key, stream = sample): element e is kept when word e % 4 of
// block e / 4 is >= rate 2^32.

namespace lab {
namespace {

constexpr int philoxBlocks = 64;  // computed at a time

/// Words 4 i .. 4 i + 3 of block `first` + i.
inline void philox(DropoutKey key, std::uint64_t first, std::uint32_t* words) {
#pragma omp simd
    for (int i = 0; i < philoxBlocks; ++i) {
        const std::uint64_t number = first + static_cast<std::uint64_t>(i);
        std::uint32_t x0 = static_cast<std::uint32_t>(number), x1 = static_cast<std::uint32_t>(number >> 32);
        std::uint32_t x2 = static_cast<std::uint32_t>(key.sample), x3 = static_cast<std::uint32_t>(key.sample >> 32);
        std::uint32_t key0 = static_cast<std::uint32_t>(key.key), key1 = static_cast<std::uint32_t>(key.key >> 32);
        LAB_UNROLL
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t p = std::uint64_t{x0} * 0xD2511F53u;
            const std::uint64_t q = std::uint64_t{x2} * 0xCD9E8D57u;
            x0 = static_cast<std::uint32_t>(q >> 32) ^ x1 ^ key0;
            x1 = static_cast<std::uint32_t>(q);
            x2 = static_cast<std::uint32_t>(p >> 32) ^ x3 ^ key1;
            x3 = static_cast<std::uint32_t>(p);
            key0 += 0x9E3779B9u;
            key1 += 0xBB67AE85u;
        }
        words[4 * i] = x0;
        words[4 * i + 1] = x1;
        words[4 * i + 2] = x2;
        words[4 * i + 3] = x3;
    }
}

template <class T>
void dropout(Index n, double rate, DropoutKey key, T* x) {
    if (!(rate > 0)) return;
    const double bound = __builtin_ceil(rate * 0x1p32);
    const bool dropAll = bound >= 0x1p32;
    const std::uint32_t threshold = dropAll ? 0 : static_cast<std::uint32_t>(bound);
    const T factor = dropAll ? T(0) : static_cast<T>(1 / (1 - rate));
    constexpr Index chunk = 4 * philoxBlocks;
    alignas(64) std::uint32_t words[chunk];
    for (Index begin = 0; begin < n; begin += chunk) {
        philox(key, static_cast<std::uint64_t>(begin / 4), words);
        const Index count = n - begin < chunk ? n - begin : chunk;
        T* part = x + begin;
#pragma omp simd
        for (Index i = 0; i < count; ++i) part[i] = words[i] >= threshold ? part[i] * factor : T(0);
    }
}

}  // namespace
}  // namespace lab
