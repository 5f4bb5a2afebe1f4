#include "core/goedel/sizes.h"

#include <QTest>
#include <cmath>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

bool isNear(double value, double expected, double tolerance) {
    return std::abs(value - expected) <= tolerance;
}

}  // namespace

class SizesTest : public QObject {
    Q_OBJECT

private slots:
    void knownSizes() {
        const Sizes sizes = sizesOf(piDigits, 10);
        QCOMPARE(sizes.length, std::size_t(8));
        QCOMPARE(sizes.goedelWhole, std::size_t(125));
        QCOMPARE(sizes.mixedBits, std::size_t(27));
        QVERIFY(isNear(sizes.goedelBits, 124.15314333108516, 1e-10));
        QVERIFY(isNear(sizes.information, 26.5754247590989, 1e-10));
        QVERIFY(isNear(sizes.ratio, 4.7036, 1e-4));
        QCOMPARE(mixedRadixNumber(piDigits, 10), Natural(62'951'413));
    }

    void smallCasesHaveSizes() {
        const Sizes empty = sizesOf({}, 10);
        QCOMPARE(empty.goedelWhole, std::size_t(1));
        QCOMPARE(empty.mixedBits, std::size_t(0));
        QCOMPARE(empty.information, 0.0);
        QVERIFY(std::isnan(empty.ratio));
        const Sizes single = sizesOf(Symbols(5), 1);
        QCOMPARE(single.mixedBits, std::size_t(0));
        QVERIFY(std::isnan(single.ratio));
        const Sizes power = sizesOf({1, 0, 1, 1}, 2);
        QCOMPARE(power.mixedBits, std::size_t(4));
        QCOMPARE(power.information, 4.0);
        QCOMPARE(sizesOf({7}, 8).mixedBits, std::size_t(3));
        QCOMPARE(sizesOf({7}, 9).mixedBits, std::size_t(4));
        QCOMPARE(sizesOf({7}, 8).goedelWhole, std::size_t(9));  // 2^8
    }

    void wholeBitsAreThoseOfTheNumber() {
        for (const int size : {2, 3, 10})
            for (const Symbols& symbols : allSequences(firstSymbols(size), size == 10 ? 3 : 6))
                QCOMPARE(sizesOf(symbols, size).goedelWhole, goedelNumber(symbols).bits());
    }

    void mixedRadixIsUndone() {
        for (const int size : {1, 2, 3, 7})
            for (const Symbols& symbols : allSequences(firstSymbols(size), 5)) {
                const Natural number = mixedRadixNumber(symbols, size);
                std::uint64_t slow = 0;
                for (auto symbol = symbols.rbegin(); symbol != symbols.rend(); ++symbol)
                    slow = slow * static_cast<std::uint64_t>(size) + static_cast<std::uint64_t>(*symbol);
                QCOMPARE(number, Natural(slow));
                QCOMPARE(fromMixedRadix(number, size, symbols.size()), symbols);
                QVERIFY(number.bits() <= sizesOf(symbols, size).mixedBits);
            }
        const Symbols many = someDigits(20'000);
        QVERIFY(fromMixedRadix(mixedRadixNumber(many, 10), 10, many.size()) == many);
    }

    void zerosAtTheEndLeaveNoTrace() {
        QCOMPARE(mixedRadixNumber({1, 2}, 10), mixedRadixNumber({1, 2, 0, 0}, 10));
        QVERIFY(goedelNumber({1, 2}) != goedelNumber({1, 2, 0, 0}));
    }

    void curvesGrowAsTheNumbersDo() {
        const SizeCurve curve = sizeCurve(16, 10);
        QCOMPARE(curve.largest.size(), std::size_t(16));
        QVERIFY(isNear(curve.largest.back(), 648.2102590189987, 1e-9));
        QVERIFY(isNear(curve.mean.back(), 356.51564246044927, 1e-9));
        QVERIFY(isNear(curve.needed.back(), 53.150849518197795, 1e-9));
        for (std::size_t n = 1; n <= 16; ++n) {
            QVERIFY(isNear(curve.largest[n - 1], goedelNumber(Symbols(n, 9)).log2(), 1e-9));
            QVERIFY(curve.needed[n - 1] <= curve.mean[n - 1] + 1e-12 || n == 1);
        }
        // The mean is that of all sequences.
        double sum = 0;
        for (int a = 0; a < 10; ++a)
            for (int b = 0; b < 10; ++b) sum += bitsOf(factorsOf({a, b}));
        QVERIFY(isNear(curve.mean[1], sum / 100, 1e-12 * sum));
        QVERIFY(sizeCurve(0, 10).mean.empty());
    }

    void tooLongSequencesAreRefused() {
        QVERIFY(errorOf([] { sizesOf(Symbols(30'000, 9), 10); }).startsWith("the number of 30000 symbols"));
        QVERIFY_THROWS_EXCEPTION(Cancelled, mixedRadixNumber(piDigits, 10, [] { return true; }));
    }
};

QTEST_APPLESS_MAIN(SizesTest)
#include "sizes_test.moc"
