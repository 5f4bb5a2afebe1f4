#include "core/layers/position/rope.h"

#include <QtTest>
#include <cmath>
#include <numbers>

using namespace lab;

// Each scaling against its published formula, written out pair by pair.

namespace {

constexpr double pi = std::numbers::pi;

RopeConfig scaled(Kind<RopeScalingSpec> kind, double base, double factor, int original) {
    RopeConfig rope;
    rope.base = base;
    rope.scaling.kind = kind;
    rope.scaling.factor = factor;
    rope.scaling.original_max_seq_len = original;
    rope.scaling.low_freq_factor = 1;
    rope.scaling.high_freq_factor = 4;
    return rope;
}

double plain(double base, int headDim, std::size_t pair) {
    return std::pow(base, -2.0 * static_cast<double>(pair) / headDim);
}

/// As the transformers library writes it: by wavelength, with three cases.
double llama3Twin(const RopeConfig& rope, int headDim, std::size_t pair) {
    const RopeScalingConfig& s = rope.scaling;
    const double theta = plain(rope.base, headDim, pair), wavelength = 2 * pi / theta;
    const double lowWavelength = *s.original_max_seq_len / *s.low_freq_factor;
    const double highWavelength = *s.original_max_seq_len / *s.high_freq_factor;
    if (wavelength < highWavelength) return theta;
    if (wavelength > lowWavelength) return theta / *s.factor;
    const double smooth = (*s.original_max_seq_len / wavelength - *s.low_freq_factor) / (*s.high_freq_factor - *s.low_freq_factor);
    return (1 - smooth) * theta / *s.factor + smooth * theta;
}

bool close(double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::abs(b);
}

}  // namespace

class RopeTest : public QObject {
    Q_OBJECT

private slots:
    /// Nothing changes up to the original length; behind it the base is that of the transformers library's formula.
    void dynamicGrowsTheBaseWithTheLength() {
        const RopeConfig rope = scaled("dynamic", 10000, 4, 64);
        for (const int length : {1, 64, 65, 100, 1000}) {
            const double growth = length <= 64 ? 1 : 4.0 * length / 64 - 3, base = 10000 * std::pow(growth, 8.0 / 6.0);
            const RopeFrequencies found = ropeFrequencies(rope, 8, length);
            QCOMPARE(found.scale, 1.0);
            for (std::size_t p = 0; p < 4; ++p) QVERIFY(close(found.theta[p], plain(base, 8, p)));
        }
    }

    void llama3IsTheThreeCasesOfItsWavelengths_data() {
        QTest::addColumn<double>("base");
        QTest::addColumn<int>("headDim");
        QTest::addColumn<double>("factor");
        QTest::addColumn<int>("original");
        QTest::newRow("Llama 3.1") << 500000.0 << 128 << 8.0 << 8192;
        QTest::newRow("Llama 3.2") << 500000.0 << 64 << 32.0 << 8192;
        QTest::newRow("small") << 10000.0 << 16 << 4.0 << 33;
        QTest::newRow("one pair") << 10000.0 << 2 << 4.0 << 16;
    }
    void llama3IsTheThreeCasesOfItsWavelengths() {
        QFETCH(double, base);
        QFETCH(int, headDim);
        QFETCH(double, factor);
        QFETCH(int, original);
        const RopeConfig rope = scaled("llama3", base, factor, original);
        const RopeFrequencies result = ropeFrequencies(rope, headDim, 4 * original);
        QCOMPARE(result.scale, 1.0);
        QCOMPARE(result.theta.size(), static_cast<std::size_t>(headDim / 2));
        for (std::size_t p = 0; p < result.theta.size(); ++p) QVERIFY(close(result.theta[p], llama3Twin(rope, headDim, p)));
    }

    void llama3KeepsRampsAndInterpolates() {
        // Llama 3.1: base 500 000, 64 pairs, L 8192. Wavelengths below 2048 are kept, above 8192 eight times as long.
        const RopeFrequencies result = ropeFrequencies(scaled("llama3", 500000, 8, 8192), 128, 131072);
        int kept = 0, between = 0, interpolated = 0;
        for (std::size_t p = 0; p < result.theta.size(); ++p) {
            const double ratio = result.theta[p] / plain(500000, 128, p);
            ++(close(ratio, 1) ? kept : close(ratio, 0.125) ? interpolated : between);
        }
        // 2 pi 500000^(p / 64) < 2048 up to p = 28; > 8192 from p = 35.
        QCOMPARE(kept, 29);
        QCOMPARE(between, 6);
        QCOMPARE(interpolated, 29);
    }

    void linearAndNtkAreTheirFormulas() {
        const RopeFrequencies linear = ropeFrequencies(scaled("linear", 10000, 4, 16), 16, 64);
        const RopeFrequencies ntk = ropeFrequencies(scaled("ntk", 10000, 4, 16), 16, 64);
        for (std::size_t p = 0; p < 8; ++p) {
            QVERIFY(close(linear.theta[p], plain(10000, 16, p) / 4));
            QVERIFY(close(ntk.theta[p], plain(10000 * std::pow(4.0, 16.0 / 14.0), 16, p)));
        }
        QVERIFY(close(ntk.theta[7], plain(10000, 16, 7) / 4));
    }

    void yarnsTemperatureAndRampAreThePublishedOnes() {
        RopeConfig rope = scaled("yarn", 10000, 1, 4096);
        for (const auto& [factor, expected] : {std::pair(2.0, 1.069), {4.0, 1.139}, {8.0, 1.208}, {16.0, 1.277}, {32.0, 1.347}}) {
            rope.scaling.factor = factor;
            const RopeFrequencies result = ropeFrequencies(rope, 128, 8192);
            QVERIFY(std::abs(result.scale - expected) < 5e-4);
            for (std::size_t p = 0; p < 64; ++p) {  // a ramp in the index from 20 to 46
                const double ramp = std::clamp((static_cast<double>(p) - 20) / 26, 0.0, 1.0);
                QVERIFY(close(result.theta[p], plain(10000, 128, p) * (1 - ramp + ramp / factor)));
            }
        }
    }

    void longropeChoosesItsFactorsByTheLength() {
        RopeConfig rope = scaled("longrope", 10000, 1, 4096);
        rope.scaling.short_factors = {1, 1.5};
        rope.scaling.long_factors = {2, 8};
        for (const auto& [stretch, expected] : {std::pair(8, 1.118), {32, 1.190}}) {
            rope.scaling.max_seq_len = 4096 * stretch;
            QVERIFY(std::abs(ropeFrequencies(rope, 4, 100).scale - expected) < 5e-4);
        }
        QVERIFY(close(ropeFrequencies(rope, 4, 4096).theta[1], 0.01 / 1.5));
        QVERIFY(close(ropeFrequencies(rope, 4, 4097).theta[1], 0.01 / 8));
    }

    void tablesAreCosinesTimesTheScale() {
        const RopeFrequencies frequencies = ropeFrequencies(scaled("yarn", 100, 4, 16), 8, 64);
        std::vector<double> cos(12), sin(12);
        ropeTables(frequencies, 5, 3, cos.data(), sin.data());
        for (std::size_t row = 0; row < 3; ++row) {
            for (std::size_t p = 0; p < 4; ++p) {
                const double angle = static_cast<double>(5 + row) * frequencies.theta[p];
                QVERIFY(std::abs(cos[4 * row + p] - std::cos(angle) * frequencies.scale) < 1e-12);
                QVERIFY(std::abs(sin[4 * row + p] - std::sin(angle) * frequencies.scale) < 1e-12);
            }
        }
    }
};

QTEST_APPLESS_MAIN(RopeTest)
#include "rope_test.moc"
