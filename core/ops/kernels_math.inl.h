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

/// 1/2 + x P(x^2) / Q(x^2) for |x| <= bound, and what it is at the bounds beyond.
template <int degree>
LAB_INLINE Vector<float> halfPlusRational(Vector<float> x, float bound, const float (&p)[degree + 1], const float (&q)[degree + 1]) {
    const Vector<float> below = x > bound ? broadcast(bound) : x;
    const Vector<float> inside = below < -bound ? broadcast(-bound) : below;
    const Vector<float> t = inside * inside;
    Vector<float> numerator = broadcast(p[degree]), denominator = broadcast(q[degree]);
    LAB_UNROLL
    for (int k = degree - 1; k >= 0; --k) {
        numerator = numerator * t + p[k];
        denominator = denominator * t + q[k];
    }
    return 0.5f + inside * numerator / denominator;
}

// Fitted by iteratively reweighted least squares (Lawson) in long double.

/// The normal distribution function Phi, within 1.4e-7; exactly 0 far below.
LAB_INLINE Vector<float> normalCumulative(Vector<float> x) {
    constexpr float p[] = {3.989422540781e-01f, 3.293582990174e-02f, 4.627996773192e-03f,
                           1.603350674616e-04f, 6.379072157491e-06f, 2.405029347524e-08f};
    constexpr float q[] = {1.0f, 2.492241113575e-01f, 2.813885180328e-02f, 1.836574616960e-03f, 7.135254503200e-05f, 1.237168950190e-06f};
    return x < -5.3f ? Vector<float>{} : halfPlusRational<5>(x, 5.3f, p, q);
}

/// (x Phi(x))', within 2.6e-7.
LAB_INLINE Vector<float> geluSlope(Vector<float> x) {
    constexpr float p[] = {7.978853582019e-01f, -3.099182407074e-02f, 1.422951297530e-02f,
                           1.932289617161e-05f, 3.594550760443e-05f,  1.927888245620e-07f};
    constexpr float q[] = {1.0f, 2.944990639890e-01f, 4.098095474492e-02f, 3.522972488314e-03f, 1.920407040877e-04f, 8.947941456678e-06f};
    return halfPlusRational<5>(x, 5.7f, p, q);
}

#if LAB_VECTOR_BYTES == 16
LAB_INLINE Vector<double> normalCumulative(Vector<double> x) {
    const Vector<double> y = x * -0.70710678118654752440;
    return Vector<double>{0.5 * __builtin_erfc(y[0]), 0.5 * __builtin_erfc(y[1])};
}

LAB_INLINE Vector<double> geluSlope(Vector<double> x) {
    return normalCumulative(x) + x * exponential<double>(x * x * -0.5) * 0.39894228040143267794;
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
