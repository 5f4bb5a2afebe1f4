#pragma once

#include "core/ops/kernels_vector.inl.h"

#if defined(__SSE2__) && LAB_VECTOR_BYTES == 16
#include <emmintrin.h>
#endif

// Philox4x32-10 (Salmon et al. 2011), word for word lab::RandomStream(seed = key, stream = sample): element e is kept when word e % 4 of
// block e / 4 is >= rate 2^32. A vector holds one word of several blocks, in 64-bit lanes whose high halves are left dirty: the products
// read low halves only.

namespace lab {
namespace {

typedef std::uint64_t Words __attribute__((vector_size(LAB_VECTOR_BYTES)));

typedef std::uint32_t Halves __attribute__((vector_size(LAB_VECTOR_BYTES)));

constexpr int philoxLanes = LAB_VECTOR_BYTES / 8;              // blocks of a vector
constexpr int philoxVectors = LAB_VECTOR_BYTES == 64 ? 4 : 2;  // computed side by side, to hide the latency of a product
constexpr int philoxBlocks = philoxLanes * philoxVectors;

/// Low halves times constant, 64 bits.
LAB_INLINE Words multiplyLow(Words x, std::uint64_t constant) {
#if LAB_VECTOR_BYTES == 64
    return reinterpret_cast<Words>(
        _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(x), _mm512_set1_epi64(static_cast<long long>(constant))));
#elif LAB_VECTOR_BYTES == 32
    return reinterpret_cast<Words>(_mm256_mul_epu32(reinterpret_cast<__m256i>(x), _mm256_set1_epi64x(static_cast<long long>(constant))));
#elif defined(__SSE2__)
    return reinterpret_cast<Words>(_mm_mul_epu32(reinterpret_cast<__m128i>(x), _mm_set1_epi64x(static_cast<long long>(constant))));
#else
    return (x & 0xffffffffu) * constant;
#endif
}

/// Words 0, 1, 2, ... of `philoxBlocks` blocks from `first` on; aligned.
LAB_INLINE void philox(DropoutKey key, std::uint64_t first, std::uint32_t* words) {
    Words x0[philoxVectors], x1[philoxVectors], x2[philoxVectors], x3[philoxVectors];
    LAB_UNROLL
    for (int v = 0; v < philoxVectors; ++v) {
        LAB_UNROLL
        for (int i = 0; i < philoxLanes; ++i) x0[v][i] = static_cast<std::uint64_t>(v * philoxLanes + i);
        x0[v] += first;
        x1[v] = x0[v] >> 32;
        x2[v] = Words{} + key.sample;
        x3[v] = x2[v] >> 32;
    }
    std::uint32_t key0 = static_cast<std::uint32_t>(key.key), key1 = static_cast<std::uint32_t>(key.key >> 32);
    for (int round = 0; round < 10; ++round) {
        LAB_UNROLL
        for (int v = 0; v < philoxVectors; ++v) {
            const Words p = multiplyLow(x0[v], 0xD2511F53u), q = multiplyLow(x2[v], 0xCD9E8D57u);
            x0[v] = (q >> 32) ^ x1[v] ^ key0;
            x1[v] = q;
            x2[v] = (p >> 32) ^ x3[v] ^ key1;
            x3[v] = p;
        }
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    LAB_UNROLL
    for (int v = 0; v < philoxVectors; ++v) {
        const Words low = (x0[v] & 0xffffffffu) | (x1[v] << 32), high = (x2[v] & 0xffffffffu) | (x3[v] << 32);
        Halves* out = reinterpret_cast<Halves*>(words) + 2 * v;
#if LAB_VECTOR_BYTES == 64
        out[0] = reinterpret_cast<Halves>(__builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11));
        out[1] = reinterpret_cast<Halves>(__builtin_shufflevector(low, high, 4, 12, 5, 13, 6, 14, 7, 15));
#elif LAB_VECTOR_BYTES == 32
        out[0] = reinterpret_cast<Halves>(__builtin_shufflevector(low, high, 0, 4, 1, 5));
        out[1] = reinterpret_cast<Halves>(__builtin_shufflevector(low, high, 2, 6, 3, 7));
#else
        out[0] = reinterpret_cast<Halves>(__builtin_shufflevector(low, high, 0, 2));
        out[1] = reinterpret_cast<Halves>(__builtin_shufflevector(low, high, 1, 3));
#endif
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
