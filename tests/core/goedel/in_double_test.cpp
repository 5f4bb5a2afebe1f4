#include "core/goedel/in_double.h"

#include <QTest>
#include <cmath>

#include "core/goedel/lattice.h"
#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

class InDoubleTest : public QObject {
    Q_OBJECT

private slots:
    void whatADoubleKeepsOfAKnownNumber() {
        const InDouble kept = inDouble(piDigits, 10);
        QCOMPARE(binary(kept.value), binary(23649403906255588433130602566272150000.0));
        QVERIFY(!kept.exact);
        QCOMPARE(kept.kept.toDecimal(), std::string("23649403906255590513500406610881675264"));
        QCOMPARE(kept.error.toDecimal(), std::string("2080369804044609525264"));
        QCOMPARE(binary(kept.spacing), binary(std::ldexp(1.0, 124 - 52)));
        QVERIFY(kept.error.toDouble() <= kept.spacing / 2);
        // 2^72 * 3 * ...: nothing of the sequence is left.
        QVERIFY(kept.decoded && kept.decoded->fault);
        QCOMPARE(kept.decoded->steps.size(), std::size_t(3));
        QCOMPARE(kept.decoded->steps[0].times, std::size_t(72));
        QCOMPARE(kept.decoded->steps[1].times, std::size_t(1));
        QCOMPARE(kept.decoded->rest, Natural(1'669'318'690'960'253u));
        QCOMPARE(kept.firstWrong, std::optional<std::size_t>(0));
        QCOMPARE(binary(kept.logarithm), binary(86.05640125759645));
        QCOMPARE(binary(kept.logSpacing), binary(std::ldexp(1.0, -46)));
        QVERIFY(std::abs(kept.log2Sharers - 78.15314333108516) < 1e-9);
    }

    void smallNumbersAreKept() {
        for (const Symbols& symbols : allSequences({0, 1, 2, 9}, 3)) {
            const InDouble kept = inDouble(symbols, 10);
            QVERIFY(kept.exact && kept.error.isZero() && !kept.firstWrong);
            QVERIFY(kept.decoded && kept.decoded->symbols == symbols);
        }
        const InDouble empty = inDouble({}, 10);
        QCOMPARE(empty.value, 1.0);
        QCOMPARE(empty.logarithm, 0.0);
        QVERIFY(!empty.firstWrong);
    }

    void largeNumbersAreInfinite() {
        const InDouble kept = inDouble(Symbols(30, 9), 10);
        QVERIFY(std::isinf(kept.value) && std::isinf(kept.spacing) && !kept.exact && !kept.decoded && !kept.firstWrong);
        QVERIFY(std::isfinite(kept.logarithm));
    }

    void logarithmsAreTheNearest() {
        QCOMPARE(binary(nearestLogarithm({})), binary(0.0));
        QCOMPARE(binary(nearestLogarithm({0})), binary(0.6931471805599453));
        QCOMPARE(binary(nearestLogarithm({1})), binary(1.3862943611198906));
        QCOMPARE(binary(nearestLogarithm({0, 0, 0})), binary(3.4011973816621555));
        QCOMPARE(binary(nearestLogarithm(piDigits)), binary(86.05640125759645));
        QCOMPARE(binary(nearestLogarithm(Symbols(16, 9))), binary(449.3051134490508));
        QCOMPARE(binary(nearestLogarithm(Symbols(40, 9))), binary(1570.8615126398677));
        // Of the number itself, which a long double holds well enough.
        for (const Symbols& symbols : allSequences({0, 3, 8}, 5)) {
            const auto whole = static_cast<long double>(goedelNumber(symbols).toDouble());
            const double logarithm = nearestLogarithm(symbols);
            QVERIFY(std::abs(static_cast<double>(std::log(whole)) - logarithm) <= 4e-16 * std::max(1.0, logarithm));
        }
    }

    void relationsAreSmall() {
        const std::vector<std::uint32_t> primes = firstPrimes(20);
        const auto relations = smallRelations(primes, 57);
        QCOMPARE(relations.size(), std::size_t(20));
        for (const auto& relation : relations) {
            long double sum = 0;
            for (std::size_t i = 0; i < relation.size(); ++i) {
                QVERIFY(std::abs(relation[i]) <= 12);
                sum += static_cast<long double>(relation[i]) * std::log(static_cast<long double>(primes[i]));
            }
            QVERIFY(relation.size() == 20 && std::abs(sum) < 1e-14L);
            QVERIFY(relation != std::vector<std::int64_t>(20));
        }
        QVERIFY(smallRelations({}, 57).empty());
        QCOMPARE(smallRelations({2}, 57), (std::vector<std::vector<std::int64_t>>{{1}}));
        QVERIFY_THROWS_EXCEPTION(Cancelled, smallRelations(primes, 57, [] { return true; }));
    }

    void twinsBecomeOneDouble_data() {
        QTest::addColumn<QVector<int>>("near");
        QTest::addColumn<int>("size");
        const auto row = [](const char* name, const Symbols& near, int size) {
            QTest::newRow(name) << QVector<int>(near.begin(), near.end()) << size;
        };
        row("digits of pi", piDigits, 10);
        row("nothing", {}, 10);
        row("all 0", Symbols(8), 10);
        row("many 0", Symbols(30), 10);
        row("all 9", Symbols(16, 9), 10);
        row("long enough for itself", {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4}, 10);
        row("letters", {0, 19, 19, 4, 13, 3}, 26);
        row("a formula", formulaOf("Ax(x+0)=x"), signCount);
        row("words", Symbols(6, 20), 50);
        row("three symbols", {0, 1, 2}, 3);
    }

    void twinsBecomeOneDouble() {
        QFETCH(QVector<int>, near);
        QFETCH(int, size);
        const Symbols sequence(near.begin(), near.end());
        for (const DoubleOf of : {DoubleOf::number, DoubleOf::logarithm}) {
            const auto twins = findTwins(sequence, size, of);
            QVERIFY(twins);
            QVERIFY(areTwins(*twins));
            QVERIFY(twins->of == of && twins->first != twins->second && twins->first.size() == twins->second.size());
            QCOMPARE(twins->first.size(), sequence.size() + twins->appended);
            QVERIFY(std::equal(sequence.begin(), sequence.end(), twins->first.begin()));
            if (twins->appended > 0) QVERIFY(std::equal(sequence.begin(), sequence.end(), twins->second.begin()));
            for (const Symbols& symbols : {twins->first, twins->second})
                for (const int symbol : symbols) QVERIFY(symbol >= 0 && symbol < size);
            // Again, by other means.
            const Natural first = goedelNumber(twins->first), second = goedelNumber(twins->second);
            QVERIFY(first == twins->firstNumber && second == twins->secondNumber && first != second);
            QCOMPARE(Natural::distance(first, second), twins->difference);
            int differing = 0;
            for (std::size_t i = 0; i < twins->first.size(); ++i) differing += twins->first[i] != twins->second[i];
            QCOMPARE(twins->differing, differing);
            QVERIFY(std::isfinite(twins->shared) && twins->spacing > 0);
            if (of == DoubleOf::number) {
                QCOMPARE(binary(roundedByLibrary(first)), binary(twins->shared));
                QCOMPARE(binary(roundedByLibrary(second)), binary(twins->shared));
                QVERIFY(twins->difference.toDouble() <= twins->spacing);
            }
        }
    }

    void aSequenceCanHaveATwinOfItsOwn() {
        const Symbols sequence{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4};
        for (const DoubleOf of : {DoubleOf::number, DoubleOf::logarithm}) {
            const auto twins = findTwins(sequence, 10, of);
            QVERIFY(twins);
            QCOMPARE(twins->appended, std::size_t(0));
            QCOMPARE(twins->first, sequence);
        }
    }

    void whereThereAreNoneNoneAreFound() {
        QVERIFY(!findTwins(Symbols(5), 1, DoubleOf::number));
        QVERIFY(!findTwins(Symbols(40, 9), 10, DoubleOf::number));  // infinite
        QVERIFY(findTwins(Symbols(40, 9), 10, DoubleOf::logarithm));
        QVERIFY(!findTwins(Symbols(longestWithTwins + 1), 10, DoubleOf::logarithm));
        QVERIFY_THROWS_EXCEPTION(Cancelled, findTwins(piDigits, 10, DoubleOf::number, [] { return true; }));
        Twins none;
        none.first = none.second = piDigits;
        QVERIFY(!areTwins(none));
        none.second = {3, 1, 4};
        QVERIFY(!areTwins(none));
    }
};

QTEST_APPLESS_MAIN(InDoubleTest)
#include "in_double_test.moc"
