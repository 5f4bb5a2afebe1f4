#pragma once

#include "core/ops/kernels_vector.inl.h"

// Transcendental functions of vectors, our own so that the bits depend on the instruction set alone and never on the C library.

namespace lab {
namespace {

template <class T>
struct ExpConstants;
template <>
struct ExpConstants<float> {
    static constexpr float lowest = -87.0f, highest = 88.0f;
    static constexpr float roundingShift = 0x1.8p23f;  // adding it leaves the nearest integer in the low bits
    static constexpr float ln2High = 0.693359375f, ln2Low = -2.12194440e-4f;
    static constexpr int exponentBias = 127, mantissaBits = 23;
    // Cephes' expf: relative error 8e-8
    static constexpr float polynomial[] = {
        1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f, 1.0f, 1.0f};
};
template <>
struct ExpConstants<double> {
    static constexpr double lowest = -708.0, highest = 709.0;
    static constexpr double roundingShift = 0x1.8p52;
    static constexpr double ln2High = 6.93145751953125e-1, ln2Low = 1.42860682030941723212e-6;
    static constexpr int exponentBias = 1023, mantissaBits = 52;
    // 1 / k!, k = 13 .. 0: |r| <= ln(2) / 2 leaves a relative error of 4e-18
    static constexpr double polynomial[] = {
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
        1.0 / 720,        1.0 / 120,       1.0 / 24,       1.0 / 6,       0.5,          1.0,         1.0};
};

/// e^x; 0 below ExpConstants::lowest (for -infinity too), e^highest above it, NaN for NaN.
template <class T>
LAB_INLINE Vector<T> exponential(Vector<T> x) {
    using Constants = ExpConstants<T>;
    using Bits = typename VectorTypes<T>::Bits;
    const Vector<T> bounded = x > Constants::highest ? broadcast(Constants::highest) : x;
    const Vector<T> shifted = bounded * T(1.4426950408889634) + Constants::roundingShift;
    const Vector<T> power = shifted - Constants::roundingShift;
    const Vector<T> r = bounded - power * Constants::ln2High - power * Constants::ln2Low;
    Vector<T> p = broadcast(Constants::polynomial[0]);
    LAB_UNROLL
    for (unsigned k = 1; k < sizeof(Constants::polynomial) / sizeof(T); ++k) p = p * r + Constants::polynomial[k];
    const Bits scale = (reinterpret_cast<Bits>(shifted) + Constants::exponentBias) << Constants::mantissaBits;
    return x < Constants::lowest ? Vector<T>{} : p * reinterpret_cast<Vector<T>>(scale);
}

template <class T>
LAB_INLINE Vector<T> sigmoid(Vector<T> x) {
    return T(1) / (T(1) + exponential<T>(-x));
}

/// The normal distribution's density and distribution function.
template <class T>
struct Normal {
    Vector<T> density, cumulative;
};

LAB_INLINE Normal<float> normal(Vector<float> x) {
    // Abramowitz & Stegun 7.1.26: erf within 1.5e-7
    const Vector<float> z = (x < 0.0f ? -x : x) * 0.70710678f;
    const Vector<float> bell = exponential<float>(-z * z);
    const Vector<float> t = 1.0f / (1.0f + 0.3275911f * z);
    const Vector<float> tail =
        0.5f * bell * t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    return {bell * 0.39894228f, x < 0.0f ? tail : 1.0f - tail};
}

#if LAB_VECTOR_BYTES == 16
LAB_INLINE Normal<double> normal(Vector<double> x) {
    const Vector<double> y = x * -0.70710678118654752440;
    const Vector<double> cumulative = {0.5 * __builtin_erfc(y[0]), 0.5 * __builtin_erfc(y[1])};
    return {exponential<double>(x * x * -0.5) * 0.39894228040143267794, cumulative};
}
#endif

LAB_INLINE float squareRoot(float x) {
    return __builtin_sqrtf(x);
}
LAB_INLINE double squareRoot(double x) {
    return __builtin_sqrt(x);
}

/// Natural logarithm of a normal positive number, within 2e-16 or so: 2 atanh((m - 1) / (m + 1)) + e ln 2 with x = m 2^e.
inline double logarithm(double x) {
    std::uint64_t bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    constexpr std::uint64_t rootHalf = 0x3fe6a09e667f3bcd;  // m in [sqrt(1/2), sqrt(2))
    const std::int64_t exponent = static_cast<std::int64_t>(bits - rootHalf) >> 52;
    bits -= static_cast<std::uint64_t>(exponent) << 52;
    double m;
    __builtin_memcpy(&m, &bits, sizeof m);
    const double s = (m - 1) / (m + 1);
    const double q = s * s;
    double series = 0;
    LAB_UNROLL
    for (int k = 21; k >= 3; k -= 2) series = (series + 1.0 / k) * q;
    return static_cast<double>(exponent) * 0.693147180559945309417 + 2 * (s + s * series);
}

}  // namespace
}  // namespace lab
