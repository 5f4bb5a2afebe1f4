#pragma once

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/ops/kernels.h"

// Helpers of the kernel tests: guarded matrices, random contents, and the loop over every table this machine can run.

namespace lab::testing {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// A matrix whose gaps between rows and surroundings hold a sentinel; intact() tells whether somebody wrote there.
template <class T>
class Guarded {
public:
    Guarded(int rows, int columns, int gap = 0, int shift = 1)
        : m_rows(rows),
          m_columns(columns),
          m_ld(columns + gap),
          m_begin(margin + shift),
          m_values(m_begin + rows * m_ld + margin, sentinel) {}

    T* data() { return m_values.data() + m_begin; }
    const T* data() const { return m_values.data() + m_begin; }
    int rows() const { return m_rows; }
    int columns() const { return m_columns; }
    int ld() const { return m_ld; }
    T& operator()(int r, int c) { return data()[r * m_ld + c]; }
    T operator()(int r, int c) const { return data()[r * m_ld + c]; }

    /// Normal numbers, the same for float and double up to rounding.
    Guarded& fill(std::uint64_t seed, double size = 1) {
        const RandomStream random(seed, "kernel test");
        for (int r = 0; r < m_rows; ++r) {
            for (int c = 0; c < m_columns; ++c) (*this)(r, c) = static_cast<T>(size * random.normal(r * m_columns + c));
        }
        return *this;
    }

    bool intact() const {
        for (int i = 0; i < static_cast<int>(m_values.size()); ++i) {
            const int at = i - m_begin;
            const bool inside = at >= 0 && at < m_rows * m_ld && at % m_ld < m_columns;
            if (!inside && m_values[i] != sentinel) return false;
        }
        return true;
    }

private:
    static constexpr int margin = 70;
    static constexpr T sentinel = T(-12345);
    int m_rows, m_columns, m_ld, m_begin;
    std::vector<T> m_values;
};

template <class T>
std::vector<double> row(const Guarded<T>& m, int r) {
    std::vector<double> values;
    for (int c = 0; c < m.columns(); ++c) values.push_back(m(r, c));
    return values;
}

/// Runs body(kernels, tolerance): float tables with 1e-5, the double one with 1e-13.
template <class Body>
void forEachTable(Body body) {
    for (const char* isa : {"generic", "v3", "v4"}) {
        if (const Kernels<float>* table = kernelsFor(isa)) {
            QCOMPARE(std::string(table->isa), std::string(isa));
            body(*table, 1e-5);
        }
    }
    body(kernels<double>(), 1e-13);
}

/// Within tolerance, relative for numbers above 1; equal infinities and NaNs match.
inline bool near(double actual, double expected, double tolerance) {
    if (std::isnan(expected) || std::isinf(expected)) return std::isnan(expected) ? std::isnan(actual) : actual == expected;
    return std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

#define LAB_NEAR(actual, expected, tolerance)                         \
    QVERIFY2(::lab::testing::near((actual), (expected), (tolerance)), \
             qPrintable(QStringLiteral("%1 instead of %2 (%3)").arg((actual), 0, 'g', 17).arg((expected), 0, 'g', 17).arg(k.isa)))

}  // namespace lab::testing
