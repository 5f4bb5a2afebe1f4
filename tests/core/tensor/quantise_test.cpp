#include "core/tensor/quantise.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/base/errors.h"
#include "core/tensor/half.h"

using namespace lab;

namespace {

/// One matrix [rows, columns] as a layout of its own.
ParameterLayout layoutOf(int rows, int columns, ParameterRole role = ParameterRole::linear) {
    ParameterLayout layout;
    layout.add("matrix", {rows, columns}, role, rows, columns);
    return layout;
}

Weights drawn(const ParameterLayout& layout, unsigned seed, float size = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, size);
    Weights weights(layout.flatSize(), 0.0f);
    for (const Parameter& parameter : layout.parameters())
        for (std::size_t i = 0; i < parameter.size; ++i) at(weights, parameter)[i] = normal(random);
    return weights;
}

/// Slow and obvious: each number by trying all that its row (its group) can stand for.
float nearestOf(double value, const std::vector<double>& values) {
    double best = values.front();
    for (const double each : values)
        if (std::abs(each - value) < std::abs(best - value)) best = each;
    return static_cast<float>(best);
}

std::vector<double> bytesOf(const float* row, int columns) {
    double largest = 0;
    for (int c = 0; c < columns; ++c) largest = std::max(largest, std::abs(double{row[c]}));
    const double scale = static_cast<float>(largest / 127);
    std::vector<double> values;
    for (int code = -127; code <= 127; ++code) values.push_back(code * scale);
    return values;
}

/// By trying all halves.
float halfNotAbove(double value) {
    float best = -std::numeric_limits<float>::infinity();
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        const float half = fromHalf(static_cast<std::uint16_t>(bits));
        if (std::isfinite(half) && half <= value && half > best) best = half;
    }
    return best;
}

std::vector<double> nibblesOf(const float* group, int count) {
    const double minimum = halfNotAbove(*std::min_element(group, group + count));
    const double scale = -double{halfNotAbove(-(*std::max_element(group, group + count) - minimum) / 15)};
    std::vector<double> values;
    for (int code = 0; code < 16; ++code) values.push_back(minimum + code * scale);
    return values;
}

QString refusalOf(const Weights& weights, const ParameterLayout& layout, const QuantisationScheme& scheme) {
    try {
        quantised(weights, layout, scheme);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

const QuantisationScheme& int8 = *findQuantisation("int8");
const QuantisationScheme& int4 = *findQuantisation("int4");

}  // namespace

class QuantiseTest : public QObject {
    Q_OBJECT

private slots:
    /// All 65 536, and what lies between and beside them.
    void halvesAreRoundedDownAndUp() {
        for (unsigned bits = 0; bits < 0x7C00; ++bits) {
            const float half = fromHalf(static_cast<std::uint16_t>(bits));
            for (const float value : {half, -half}) {
                QCOMPARE(fromHalf(halfBelow(value)), value);
                QCOMPARE(fromHalf(halfAbove(value)), value);
            }
            if (bits + 1 == 0x7C00) break;
            const float next = fromHalf(static_cast<std::uint16_t>(bits + 1));
            for (const float value : {std::nextafter(half, next), (half + next) / 2, std::nextafter(next, half)}) {
                QCOMPARE(fromHalf(halfBelow(value)), half);
                QCOMPARE(fromHalf(halfAbove(value)), next);
                QCOMPARE(fromHalf(halfBelow(-value)), -next);
                QCOMPARE(fromHalf(halfAbove(-value)), -half);
            }
        }
        QCOMPARE(fromHalf(halfAbove(std::numeric_limits<float>::denorm_min())), 0x1p-24f);
        QCOMPARE(fromHalf(halfBelow(-std::numeric_limits<float>::denorm_min())), -0x1p-24f);
    }

    void schemesAreFound() {
        QCOMPARE(QuantisationScheme::table().size(), std::size_t{2});
        for (const QuantisationScheme& scheme : QuantisationScheme::table()) {
            QCOMPARE(findQuantisation(scheme.name), &scheme);
            QCOMPARE(findQuantisation(scheme.bits), &scheme);
        }
        QVERIFY(!findQuantisation("int2") && !findQuantisation(3));
    }

    void bytesAgreeWithTheSlowTwin() {
        for (const int columns : {1, 7, 32, 33, 100}) {
            const ParameterLayout layout = layoutOf(5, columns);
            const Weights weights = drawn(layout, 3), back = quantised(weights, layout, int8);
            for (int r = 0; r < 5; ++r) {
                const float* row = weights.data() + r * columns;
                const std::vector<double> values = bytesOf(row, columns);
                const double half = (values[1] - values[0]) / 2;
                for (int c = 0; c < columns; ++c) {
                    QVERIFY(std::abs(back[static_cast<std::size_t>(r * columns + c)] - nearestOf(row[c], values)) < 1e-6);
                    QVERIFY(std::abs(double{back[static_cast<std::size_t>(r * columns + c)]} - row[c]) <= half * 1.00001);
                }
            }
        }
    }

    /// Rows that are no multiple of 32 end with a shorter group.
    void nibblesAgreeWithTheSlowTwin() {
        for (const int columns : {1, 7, 31, 32, 33, 70}) {
            const ParameterLayout layout = layoutOf(2, columns);
            const Weights weights = drawn(layout, 4, 0.05f), back = quantised(weights, layout, int4);
            for (int r = 0; r < 2; ++r)
                for (int first = 0; first < columns; first += 32) {
                    const int count = std::min(32, columns - first);
                    const float* group = weights.data() + r * columns + first;
                    const std::vector<double> values = nibblesOf(group, count);
                    const double half = (values[1] - values[0]) / 2;
                    for (int i = 0; i < count; ++i) {
                        const double is = back[static_cast<std::size_t>(r * columns + first + i)];
                        QVERIFY(std::abs(is - nearestOf(group[i], values)) < 1e-7);
                        QVERIFY(std::abs(is - group[i]) <= half * 1.00001);
                    }
                }
        }
    }

    void whatAScaleCannotSpoilStaysAsItIs() {
        const ParameterLayout layout = layoutOf(3, 40);
        Weights weights(layout.flatSize(), 0.0f);
        for (const QuantisationScheme& scheme : QuantisationScheme::table()) QCOMPARE(quantised(weights, layout, scheme), weights);
        std::fill_n(weights.begin(), 120, 0.375f);  // a half
        for (const QuantisationScheme& scheme : QuantisationScheme::table()) {
            const Weights back = quantised(weights, layout, scheme);
            for (std::size_t i = 0; i < 120; ++i) QVERIFY(std::abs(back[i] - 0.375f) < 1e-7f);
        }
        std::fill_n(weights.begin(), 120, -0.1f);  // none: one step away at most
        const Weights back = quantised(weights, layout, int4);
        for (std::size_t i = 0; i < 120; ++i) QVERIFY(std::abs(back[i] + 0.1f) < 1e-5f);
    }

    /// Zeros of a pruned matrix are zeros at 8 bits.
    void aByteKeepsZero() {
        const ParameterLayout layout = layoutOf(4, 9);
        Weights weights = drawn(layout, 5);
        for (std::size_t i = 0; i < 36; i += 3) weights[i] = 0;
        const Weights back = quantised(weights, layout, int8);
        for (std::size_t i = 0; i < 36; i += 3) QCOMPARE(back[i], 0.0f);
    }

    void extremesStayWithinHalfAStep() {
        const ParameterLayout layout = layoutOf(2, 32);
        Weights weights(layout.flatSize(), 0.0f);
        weights[0] = -largestHalf;
        weights[1] = largestHalf;
        weights[33] = std::numeric_limits<float>::denorm_min();
        const Weights four = quantised(weights, layout, int4);
        QVERIFY(std::abs(four[0] - weights[0]) <= 4370 && std::abs(four[1] - weights[1]) <= 4370 && std::abs(four[2]) <= 4370);
        QVERIFY(std::abs(four[33]) <= 0x1p-24f);
        weights[0] = -std::numeric_limits<float>::max();
        const Weights eight = quantised(weights, layout, int8);
        QVERIFY(std::isfinite(eight[0]) && std::abs(eight[0] / weights[0] - 1) < 1e-6f);
        QCOMPARE(eight[1], 0.0f);
    }

    void whatIsNoNumberIsRefused() {
        const ParameterLayout layout = layoutOf(2, 4);
        for (const QuantisationScheme& scheme : QuantisationScheme::table()) {
            Weights weights = drawn(layout, 6);
            weights[5] = std::numeric_limits<float>::quiet_NaN();
            QCOMPARE(refusalOf(weights, layout, scheme), QStringLiteral("matrix: value 5, nan, is not finite"));
            weights[5] = -std::numeric_limits<float>::infinity();
            QCOMPARE(refusalOf(weights, layout, scheme), QStringLiteral("matrix: value 5, -inf, is not finite"));
        }
        Weights weights = drawn(layout, 6);
        weights[2] = 65536;
        QCOMPARE(refusalOf(weights, layout, int4), QStringLiteral("matrix: value 2, 65536, is too large for a 16-bit minimum"));
        QCOMPARE(refusalOf(weights, layout, int8), QString());
    }

    /// Embeddings and logits at 8 bits in both; norms, biases, what is one row and what is learned of distances stay floats.
    void eachParameterHasItsCode() {
        ParameterLayout layout;
        layout.add("table", {6, 40}, ParameterRole::tokenTable, 40, 6);
        layout.add("positions", {6, 40}, ParameterRole::positionTable, 40, 6);
        layout.add("output", {6, 40}, ParameterRole::outputHead, 6, 40);
        layout.add("query", {6, 40}, ParameterRole::attentionInput, 6, 40);
        layout.add("norm", {40}, ParameterRole::normWeight, 40, 40);
        layout.add("bias", {40}, ParameterRole::linearBias, 40, 40);
        layout.add("map", {1, 40}, ParameterRole::positionMap, 1, 40);
        layout.add("distances", {6, 40}, ParameterRole::scoreBias, 40, 40);
        const Weights weights = drawn(layout, 7), eight = quantised(weights, layout, int8), four = quantised(weights, layout, int4);
        const auto same = [](const Weights& a, const Weights& b, const Parameter& p) {
            return std::equal(at(a, p), at(a, p) + p.size, at(b, p));
        };
        for (const char* name : {"table", "positions", "output"}) QVERIFY(same(eight, four, *layout.find(name)));
        QVERIFY(!same(eight, four, *layout.find("query")) && !same(eight, weights, *layout.find("query")));
        for (const char* name : {"norm", "bias", "map", "distances"}) {
            QVERIFY(same(four, weights, *layout.find(name)) && same(eight, weights, *layout.find(name)));
            QVERIFY(!codeOf(int4, *layout.find(name)) && !codeOf(int8, *layout.find(name)));
        }
        const std::size_t floats = 4 * (120 + 240);
        QCOMPARE(storedBytes(layout, nullptr), std::size_t{4 * 4 * 240} + floats);
        QCOMPARE(storedBytes(layout, &int8), std::size_t{4 * (240 + 6 * 4)} + floats);
        QCOMPARE(storedBytes(layout, &int4), std::size_t{3 * (240 + 6 * 4) + (120 + 6 * 2 * 4)} + floats);
    }

    void aWeightOf4BitsTakes5() {
        const ParameterLayout layout = layoutOf(16, 128);
        QCOMPARE(storedBytes(layout, &int4) * 8, std::size_t{5 * 16 * 128});
    }
};

QTEST_APPLESS_MAIN(QuantiseTest)
#include "quantise_test.moc"
