#include "core/goedel/goedel_number.h"

#include <QTest>
#include <cmath>
#include <map>
#include <set>

#include "core/goedel/prime_powers.h"
#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

/// Π p^(s + 1) as the formula says.
Natural slowNumber(const Symbols& symbols) {
    Natural number = 1;
    std::uint32_t prime = 1;
    for (const int symbol : symbols) {
        const auto isPrime = [](std::uint32_t n) {
            for (std::uint32_t d = 2; d * d <= n; ++d)
                if (n % d == 0) return false;
            return true;
        };
        do ++prime;
        while (!isPrime(prime));
        for (int k = 0; k <= symbol; ++k) number *= prime;
    }
    return number;
}

QString faultOf(const Natural& number, int alphabetSize = 10) {
    const Decoded decoded = decode(number, alphabetSize);
    return decoded.fault ? QString::fromStdString(decoded.fault->sentence.english()) : QString();
}

}  // namespace

class GoedelNumberTest : public QObject {
    Q_OBJECT

private slots:
    void knownNumbers() {
        const Natural number = goedelNumber(piDigits);
        QCOMPARE(number.toDecimal(), std::string(piNumber));
        QCOMPARE(number.bits(), std::size_t(125));
        QCOMPARE(number.digits(), std::size_t(38));
        QCOMPARE(goedelNumber({1, 0, 2}).toDecimal(), std::string("1500"));
        QCOMPARE(goedelNumber({}).toDecimal(), std::string("1"));
        QCOMPARE(goedelNumber({0}).toDecimal(), std::string("2"));
        QCOMPARE(goedelNumber({0, 0}).toDecimal(), std::string("6"));
        QCOMPARE(goedelNumber({0, 19, 19, 4, 13, 3}).toDecimal(), std::string("121231751108895437247284846719933891296386718750"));
    }

    void factorsAreThoseOfTheFormula() {
        const std::vector<Factor> factors = factorsOf(piDigits);
        const std::uint32_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19};
        const double bits[] = {4.0, 3.2, 11.6, 5.6, 20.8, 37.0, 12.3, 29.7};
        for (std::size_t i = 0; i < 8; ++i) {
            QCOMPARE(factors[i].prime, primes[i]);
            QCOMPARE(factors[i].symbol, piDigits[i]);
            QCOMPARE(factors[i].exponent(), piDigits[i] + 1);
            QVERIFY(std::abs(factors[i].bits - bits[i]) < 0.06);
        }
        QVERIFY(std::abs(bitsOf(factors) - 124.15314333108516) < 1e-10);
        QVERIFY(factorsOf({}).empty());
    }

    void primesAreAllOfThem() {
        const std::vector<std::uint32_t> primes = firstPrimes(10'000);
        QCOMPARE(primes.size(), std::size_t(10'000));
        QCOMPARE(primes[0], 2u);
        QCOMPARE(primes[5], 13u);
        QCOMPARE(primes[999], 7919u);
        QCOMPARE(primes[9999], 104729u);
        for (std::size_t count = 0; count < 100; ++count) {
            const std::vector<std::uint32_t> fewer = firstPrimes(count);
            QVERIFY(std::equal(fewer.begin(), fewer.end(), primes.begin()) && fewer.size() == count);
        }
        QCOMPARE(firstPrimes(mostSymbols).back(), 2750159u);
        QCOMPARE(primesUpTo(1), std::vector<std::uint32_t>());
        QCOMPARE(primesUpTo(13), firstPrimes(6));
        PrimeSource source;
        QCOMPARE(source[9999], 104729u);
        QCOMPARE(source[0], 2u);
    }

    void allShortSequencesComeBack_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("longest");
        QTest::newRow("one symbol") << 1 << 12;
        QTest::newRow("two") << 2 << 9;
        QTest::newRow("three") << 3 << 6;
        QTest::newRow("digits") << 10 << 3;
        QTest::newRow("formulas") << signCount << 2;
        QTest::newRow("letters") << 26 << 2;
    }

    void allShortSequencesComeBack() {
        QFETCH(int, size);
        QFETCH(int, longest);
        std::set<std::string> seen;
        for (const Symbols& symbols : allSequences(firstSymbols(size), static_cast<std::size_t>(longest))) {
            const Natural number = goedelNumber(symbols);
            QCOMPARE(number, slowNumber(symbols));
            QVERIFY(seen.insert(number.toDecimal()).second);
            const Decoded decoded = decode(number, size);
            QVERIFY(decoded.isWhole());
            QCOMPARE(decoded.symbols, symbols);
            QCOMPARE(decoded.rest, Natural(1));
            QCOMPARE(decoded.steps.size(), symbols.size() + 1);
            QCOMPARE(decoded.steps.back().times, std::size_t(0));
            QVERIFY(isSequenceNumber(number, size));
        }
    }

    /// Every number up to 20,000 is of the sequence that has it, or of none.
    void allSmallNumbersAreJudged() {
        constexpr std::uint64_t most = 20'000;
        constexpr int size = 4;
        std::map<std::uint64_t, Symbols> sequences;
        for (const Symbols& symbols : allSequences(firstSymbols(size), 6))
            if (const Natural number = slowNumber(symbols); number <= Natural(most)) sequences[number.toU64()] = symbols;
        for (std::uint64_t n = 0; n <= most; ++n) {
            const bool known = sequences.contains(n);
            QCOMPARE(isSequenceNumber(n, size), known);
            if (n % 10 != 0 && !known) continue;  // reasons take longer
            const Decoded decoded = decode(n, size);
            QCOMPARE(decoded.isWhole(), known);
            if (known) QCOMPARE(decoded.symbols, sequences[n]);
            QCOMPARE(restAfter(decoded, -1), Natural(n));
        }
    }

    void stepsAreDivisions() {
        const Decoded decoded = decode(decimal(piNumber), 10);
        const std::uint32_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23};
        const std::size_t times[] = {4, 2, 5, 2, 6, 10, 3, 7, 0};
        QCOMPARE(decoded.steps.size(), std::size_t(9));
        Natural rest = decimal(piNumber);
        for (std::size_t i = 0; i < 9; ++i) {
            QCOMPARE(decoded.steps[i].prime, primes[i]);
            QCOMPARE(decoded.steps[i].times, times[i]);
            rest.removeFactor(primes[i]);
            QCOMPARE(restAfter(decoded, static_cast<std::ptrdiff_t>(i)), rest);
        }
        QCOMPARE(rest, Natural(1));
        QCOMPARE(restAfter(decoded, -1), decimal(piNumber));
        QCOMPARE(decoded.steps.back().symbol(), -1);
    }

    void whatIsNoNumberOfASequenceIsExplained() {
        QCOMPARE(faultOf(0), QStringLiteral("0 is the number of no sequence: every prime divides it, as often as one likes"));
        QCOMPARE(faultOf(1), QString());
        QCOMPARE(faultOf(3), QStringLiteral("the number has the factor 3 without 2: the primes of a sequence have no gap"));
        QCOMPARE(faultOf(10), QStringLiteral("the number has the factor 5 without 3: the primes of a sequence have no gap"));
        QCOMPARE(faultOf(281'291'010), QStringLiteral("the number has the factor 29 without 23: the primes of a sequence have no gap"));
        QCOMPARE(faultOf(2 * 999'983), QStringLiteral("the number has the factor 999983 without 3: the primes of a sequence have no gap"));
        QCOMPARE(faultOf(Natural(7 * 11)), QStringLiteral("the number has the factor 7 without 2: the primes of a sequence have no gap"));
        QCOMPARE(
            faultOf(Natural(1'000'003) * 6),
            QStringLiteral("the number is not divisible by 5, but has larger factors (all above 1000000): the primes of a sequence have "
                           "no gap"));
        QCOMPARE(faultOf(Natural::power(2, 11)),
                 QStringLiteral("2 divides the number 11 times, which would be symbol 10; the last one here is 9"));
        QCOMPARE(faultOf(Natural::power(2, 11), 11), QString());
        QCOMPARE(faultOf(decimal(piNumber) + 1),
                 QStringLiteral("the number has the factor 3527 without 2: the primes of a sequence have no gap"));
    }

    void faultsSayMore() {
        const Decoded gap = decode(281'291'010, 10);
        QVERIFY(gap.fault && gap.fault->why == NoSequence::gap);
        QCOMPARE(gap.fault->prime, 23u);
        QCOMPARE(gap.fault->later, 29u);
        QCOMPARE(gap.symbols, Symbols(8));
        QCOMPARE(gap.rest, Natural(29));
        // The first thing that is wrong is said, the steps go on.
        const Decoded symbol = decode(Natural::power(2, 1) * Natural::power(3, 5) * Natural::power(5, 1) * 11, 3);
        QVERIFY(symbol.fault && symbol.fault->why == NoSequence::noSymbol);
        QCOMPARE(symbol.fault->prime, 3u);
        QCOMPARE(symbol.symbols, Symbols{0});
        QCOMPARE(symbol.steps.size(), std::size_t(4));
        QCOMPARE(symbol.rest, Natural(11));
        QCOMPARE(restAfter(symbol, -1), Natural(2 * 243 * 5 * 11));
        const Decoded zero = decode(0, 10);
        QVERIFY(zero.fault && zero.fault->why == NoSequence::zero && zero.steps.empty());
    }

    /// From 50,000 bits on many primes are divided out together.
    void longSequencesComeBack_data() {
        QTest::addColumn<QVector<int>>("symbols");
        QTest::addColumn<int>("size");
        const auto row = [](const char* name, const Symbols& symbols, int size) {
            QTest::newRow(name) << QVector<int>(symbols.begin(), symbols.end()) << size;
        };
        row("digits, 100,000 of the number", someDigits(4500), 10);
        row("all 0", Symbols(10'000), 10);
        row("all 9", Symbols(1500, 9), 10);
        row("small, then large", together(Symbols(3000), Symbols(800, 30)), 31);
        row("large, then small", together(Symbols(300, 200), Symbols(3000)), 201);
        row("a few large ones among small", together(together(someDigits(2000, 3), {4999, 4998, 0}), someDigits(2000, 3)), 5000);
        row("words", someDigits(40, 5000), 5000);
        row("one large symbol", {1'000'000}, 1'000'001);
    }

    void longSequencesComeBack() {
        QFETCH(QVector<int>, symbols);
        QFETCH(int, size);
        const Symbols sequence(symbols.begin(), symbols.end());
        const Natural number = goedelNumber(sequence);
        QVERIFY(number.bits() > 50'000);
        const Decoded decoded = decode(Natural::fromDecimal(number.toDecimal()), size);
        QVERIFY(decoded.isWhole());
        QVERIFY(decoded.symbols == sequence);
        QVERIFY(restAfter(decoded, -1) == number);
    }

    void aLongNumberHasGapsToo() {
        const Natural number = goedelNumber(someDigits(3000));
        const Decoded decoded = decode(number * firstPrimes(3002).back(), 10);
        QVERIFY(decoded.fault && decoded.fault->why == NoSequence::gap);
        QCOMPARE(decoded.fault->prime, firstPrimes(3001).back());
        QCOMPARE(decoded.fault->later, firstPrimes(3002).back());
        QVERIFY(decoded.symbols == someDigits(3000));
    }

    void whatIsTooLargeIsRefused() {
        QCOMPARE(errorOf([] { goedelNumber(Symbols(mostSymbols + 1)); }), QStringLiteral("there are more than 200000 symbols"));
        const QString refused = errorOf([] { goedelNumber(Symbols(30'000, 9)); });
        QVERIFY2(
            refused.startsWith("the number of 30000 symbols would have about 1") && refused.endsWith("; at most 1000000 are worked out"),
            qPrintable(refused));
        QVERIFY(errorOf([] { checkSize({4'000'000}); }).startsWith("the number of 1 symbol would have about 1204"));
        QCOMPARE(errorOf([] { checkSize(someDigits(4500)); }), QString());
    }

    void workCanBeCancelled() {
        int asked = 0;
        const CancelCheck later = [&] { return ++asked > 3; };
        QVERIFY_THROWS_EXCEPTION(Cancelled, goedelNumber(someDigits(500), later));
        QVERIFY(asked == 4);
        const Natural number = goedelNumber(someDigits(500));
        asked = 0;
        QVERIFY_THROWS_EXCEPTION(Cancelled, decode(number, 10, later));
    }
};

QTEST_APPLESS_MAIN(GoedelNumberTest)
#include "goedel_number_test.moc"
