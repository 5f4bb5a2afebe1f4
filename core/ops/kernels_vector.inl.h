#pragma once

#include "core/ops/kernels.h"

#if LAB_VECTOR_BYTES > 16
#include <immintrin.h>
#endif

// Vectors as wide as this object's instruction set, by GCC's vector extensions (clang has them too). A loop over n elements runs over
// whole vectors and then once over the first lanes of a last one, so no loop has a scalar tail and sums are always taken in one order.

#define LAB_INLINE inline __attribute__((always_inline))
#define LAB_APART __attribute__((noinline))   // its frame or registers would burden the caller
#define LAB_FLATTEN __attribute__((flatten))  // every call inside is inlined: bodies of loops are lambdas
#ifdef __clang__
#define LAB_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LAB_UNROLL _Pragma("GCC unroll 32")
#endif

namespace lab {
namespace {

#if LAB_VECTOR_BYTES == 64
constexpr const char* isaName = "v4";
#elif LAB_VECTOR_BYTES == 32
constexpr const char* isaName = "v3";
#else
constexpr const char* isaName = "generic";
#endif

using Index = std::int64_t;

/// A number as a type (std::integral_constant without the standard library).
template <int n>
struct Constant {
    static constexpr int value = n;
};

template <class T>
constexpr int width = LAB_VECTOR_BYTES / static_cast<int>(sizeof(T));

template <class T>
struct VectorTypes;
template <>
struct VectorTypes<float> {
    typedef float Value __attribute__((vector_size(LAB_VECTOR_BYTES)));
    typedef float Unaligned __attribute__((vector_size(LAB_VECTOR_BYTES), aligned(4)));
    typedef std::uint32_t Bits __attribute__((vector_size(LAB_VECTOR_BYTES)));
};
template <>
struct VectorTypes<double> {
    typedef double Value __attribute__((vector_size(LAB_VECTOR_BYTES)));
    typedef double Unaligned __attribute__((vector_size(LAB_VECTOR_BYTES), aligned(8)));
    typedef std::uint64_t Bits __attribute__((vector_size(LAB_VECTOR_BYTES)));
};

template <class T>
using Vector = typename VectorTypes<T>::Value;

template <class T>
LAB_INLINE Vector<T> broadcast(T x) {
    return x - Vector<T>{};  // x - 0 is x for every x, x + 0 is not for -0
}

// ---- loads and stores of all lanes or of the first few

// FirstLanes: load puts 0 into the lanes behind the first, store leaves them alone, only(lanes, x, rest) puts `rest` there.

struct AllLanes {};

template <class T>
LAB_INLINE Vector<T> load(AllLanes, const T* p) {
    return *reinterpret_cast<const typename VectorTypes<T>::Unaligned*>(p);
}

template <class T>
LAB_INLINE void store(AllLanes, T* p, Vector<T> x) {
    *reinterpret_cast<typename VectorTypes<T>::Unaligned*>(p) = x;
}

template <class V, class T>
LAB_INLINE V only(AllLanes, V x, T) {
    return x;
}

#if LAB_VECTOR_BYTES == 64

struct FirstLanes {
    __mmask16 mask;
    LAB_INLINE explicit FirstLanes(int count) : mask(static_cast<__mmask16>((1u << count) - 1u)) {}
};

LAB_INLINE Vector<float> load(FirstLanes lanes, const float* p) {
    return _mm512_maskz_loadu_ps(lanes.mask, p);
}

LAB_INLINE void store(FirstLanes lanes, float* p, Vector<float> x) {
    _mm512_mask_storeu_ps(p, lanes.mask, x);
}

LAB_INLINE Vector<float> only(FirstLanes lanes, Vector<float> x, float rest) {
    return _mm512_mask_mov_ps(broadcast(rest), lanes.mask, x);
}

#elif LAB_VECTOR_BYTES == 32

constexpr int laneMasks[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

struct FirstLanes {
    __m256i mask;
    LAB_INLINE explicit FirstLanes(int count) : mask(_mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(laneMasks + 8 - count))) {}
};

LAB_INLINE Vector<float> load(FirstLanes lanes, const float* p) {
    return _mm256_maskload_ps(p, lanes.mask);
}

LAB_INLINE void store(FirstLanes lanes, float* p, Vector<float> x) {
    _mm256_maskstore_ps(p, lanes.mask, x);
}

LAB_INLINE Vector<float> only(FirstLanes lanes, Vector<float> x, float rest) {
    return _mm256_blendv_ps(broadcast(rest), x, _mm256_castsi256_ps(lanes.mask));
}

#else

struct FirstLanes {
    int count;
    LAB_INLINE explicit FirstLanes(int n) : count(n) {}
};

template <class T>
LAB_INLINE Vector<T> load(FirstLanes lanes, const T* p) {
    Vector<T> x = {p[0]};
    if constexpr (width<T> == 4) {
        if (lanes.count > 1) x[1] = p[1];
        if (lanes.count > 2) x[2] = p[2];
    }
    return x;
}

template <class T>
LAB_INLINE void store(FirstLanes lanes, T* p, Vector<T> x) {
    p[0] = x[0];
    if constexpr (width<T> == 4) {
        if (lanes.count > 1) p[1] = x[1];
        if (lanes.count > 2) p[2] = x[2];
    }
}

template <class V, class T>
LAB_INLINE V only(FirstLanes lanes, V x, T rest) {
    LAB_UNROLL
    for (int i = 1; i < width<T>; ++i) x[i] = i < lanes.count ? x[i] : rest;
    return x;
}

#endif

template <class Lanes>
constexpr bool isWhole = false;
template <>
constexpr bool isWhole<AllLanes> = true;

/// body(lanes, i) for every vector of [0, n).
template <class T, class Body>
LAB_INLINE void forVectors(Index n, Body&& body) {
    Index i = 0;
    for (; i + width<T> <= n; i += width<T>) body(AllLanes{}, i);
    if (i < n) body(FirstLanes(static_cast<int>(n - i)), i);
}

// ---- over the lanes of one vector

/// 0, 1, 2, ...
template <class T>
LAB_INLINE Vector<T> laneNumbers() {
    Vector<T> x = {};
    LAB_UNROLL
    for (int i = 0; i < width<T>; ++i) x[i] = static_cast<T>(i);
    return x;
}

template <class V>
LAB_INLINE V larger(V a, V b) {
    return a > b ? a : b;
}

struct Sum {
    template <class V>
    LAB_INLINE V operator()(V a, V b) const {
        return a + b;
    }
};
struct Largest {
    template <class V>
    LAB_INLINE V operator()(V a, V b) const {
        return a > b ? a : b;
    }
};

/// Folds halves onto each other until one lane is left.
template <class Fold>
LAB_INLINE float foldLanes(Vector<float> x, Fold fold) {
#if LAB_VECTOR_BYTES == 64
    const auto eight =
        fold(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15));
#elif LAB_VECTOR_BYTES == 32
    const auto eight = x;
#endif
#if LAB_VECTOR_BYTES > 16
    const auto four = fold(__builtin_shufflevector(eight, eight, 0, 1, 2, 3), __builtin_shufflevector(eight, eight, 4, 5, 6, 7));
#else
    const auto four = x;
#endif
    const auto two = fold(four, __builtin_shufflevector(four, four, 2, 3, 0, 1));
    const auto one = fold(two, __builtin_shufflevector(two, two, 1, 0, 3, 2));
    return one[0];
}

#if LAB_VECTOR_BYTES == 16
template <class Fold>
LAB_INLINE double foldLanes(Vector<double> x, Fold fold) {
    return fold(x, __builtin_shufflevector(x, x, 1, 0))[0];
}
#endif

template <class V>
LAB_INLINE auto sumOfLanes(V x) {
    return foldLanes(x, Sum{});
}

/// sums[r] = sumOfLanes(x[r]), by the same additions; four vectors at once take less than half of the work.
template <int rows, class T>
LAB_INLINE void sumsOfLanes(const Vector<T>* x, T* sums) {
#if LAB_VECTOR_BYTES == 64
    if constexpr (rows == 4) {
        const auto halves = [](Vector<T> a, Vector<T> b) {  // the eight sums of each, side by side
            return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                   __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
        };
        const Vector<T> ab = halves(x[0], x[1]), cd = halves(x[2], x[3]);
        const Vector<T> four = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
                               __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        const Vector<T> two = four + __builtin_shufflevector(four, four, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
        const Vector<T> one = two + __builtin_shufflevector(two, two, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        LAB_UNROLL
        for (int r = 0; r < rows; ++r) sums[r] = one[4 * r];
        return;
    }
#endif
    LAB_UNROLL
    for (int r = 0; r < rows; ++r) sums[r] = sumOfLanes(x[r]);
}

template <class V>
LAB_INLINE auto largestLane(V x) {
    return foldLanes(x, Largest{});
}

}  // namespace
}  // namespace lab
