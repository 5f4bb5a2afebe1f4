#pragma once

#include "core/ops/kernels_vector.inl.h"

// The product of one row with a matrix of bytes: what a cached token costs is the reading of the weights, and these are a quarter.

namespace lab {
namespace {

template <class T>
struct ByteTypes;
template <>
struct ByteTypes<float> {
    typedef signed char Unaligned __attribute__((vector_size(LAB_VECTOR_BYTES / 4), aligned(1)));
};
template <>
struct ByteTypes<double> {
    typedef signed char Unaligned __attribute__((vector_size(LAB_VECTOR_BYTES / 8), aligned(1)));
};

template <class T>
LAB_INLINE Vector<T> loadBytes(const signed char* p) {
    // GCC 12 takes a vector of bytes apart to convert it; the processor has an instruction for it.
#if LAB_VECTOR_BYTES == 64
    constexpr __mmask16 all = 0xffff;  // said: without it GCC 12 warns of its own header
    return _mm512_maskz_cvtepi32_ps(all, _mm512_maskz_cvtepi8_epi32(all, _mm_loadu_si128(reinterpret_cast<const __m128i_u*>(p))));
#elif LAB_VECTOR_BYTES == 32
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadu_si64(p)));
#else
    return __builtin_convertvector(*reinterpret_cast<const typename ByteTypes<T>::Unaligned*>(p), Vector<T>);
#endif
}

constexpr Index bytesAhead = 8192;  ///< as long as memory takes to answer

/// sums[r] = a W_r for some rows of W [., K].
template <int rows, class T>
LAB_INLINE void dotsOfBytes(int K, const T* a, const signed char* W, T* sums) {
    Vector<T> sum[rows] = {};
    Index k = 0;
    for (; k + width<T> <= K; k += width<T>) {
        const Vector<T> x = load(AllLanes{}, a + k);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) __builtin_prefetch(W + Index{r} * K + k + bytesAhead, 0, 2);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) sum[r] += x * loadBytes<T>(W + Index{r} * K + k);
    }
    sumsOfLanes<rows, T>(sum, sums);
    for (; k < K; ++k) {
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) sums[r] += a[k] * static_cast<T>(W[Index{r} * K + k]);
    }
}

template <class T>
void rowByBytes(int N, int K, const T* a, const signed char* W, const float* scales, T* y) {
    constexpr int atOnce = 4;
    int n = 0;
    for (; n + atOnce <= N; n += atOnce) {
        T sums[atOnce];
        dotsOfBytes<atOnce, T>(K, a, W + Index{n} * K, sums);
        LAB_UNROLL
        for (int r = 0; r < atOnce; ++r) y[n + r] = static_cast<T>(scales[n + r]) * sums[r];
    }
    for (; n < N; ++n) {
        T sum;
        dotsOfBytes<1, T>(K, a, W + Index{n} * K, &sum);
        y[n] = static_cast<T>(scales[n]) * sum;
    }
}

}  // namespace
}  // namespace lab
