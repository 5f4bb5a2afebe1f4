#include "core/goedel/natural.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

class NaturalTest : public QObject {
    Q_OBJECT

private slots:
    void decimalDigitsAreKept() {
        for (const char* digits : {"0", "7", "10", "18446744073709551615", "18446744073709551616", piNumber})
            QCOMPARE(decimal(digits).toDecimal(), std::string(digits));
        QCOMPARE(decimal("000").toDecimal(), std::string("0"));
        QCOMPARE(decimal("00042").toDecimal(), std::string("42"));
        QCOMPARE(decimal(" 23 649\n403\t906\r\n").toDecimal(), std::string("23649403906"));
        QCOMPARE(decimal("23\u2009"
                         "649\u00A0"
                         "403\u202F"
                         "906")
                     .toDecimal(),
                 std::string("23649403906"));
    }

    void badDigitsAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const QByteArray& text, const QString& message) { QTest::newRow(name) << text << message; };
        row("nothing", "", "there is no number: expected digits from 0 to 9");
        row("blanks", " \n", "there is no number: expected digits from 0 to 9");
        row("minus", "-5", "numbers of sequences are not negative: character 1 is a minus sign");
        row("long minus", "−5", "numbers of sequences are not negative: character 1 is a minus sign");
        row("minus inside", "5-5", "character 2 of the number is “-”; expected a digit from 0 to 9");
        row("plus", "+5", "character 1 of the number is “+”; expected a digit from 0 to 9");
        row("letter", "12 3x", "character 5 of the number is “x”; expected a digit from 0 to 9");
        row("point", "1.5", "character 2 of the number is “.”; expected a digit from 0 to 9");
        row("comma", "1,000", "character 2 of the number is “,”; expected a digit from 0 to 9");
        row("exponent", "1e9", "character 2 of the number is “e”; expected a digit from 0 to 9");
        row("wide character", "12\u0663", "character 3 of the number is “\u0663”; expected a digit from 0 to 9");
        row("shortened", "236…000", "character 4 of the number is “…”; expected a digit from 0 to 9");
        row("bytes", "12\xFF", "character 3 of the text is not UTF-8");
        row("too long", "1" + QByteArray(static_cast<qsizetype>(mostDigits), '0'), "the number has more than 1000000 digits");
    }

    void badDigitsAreNamed() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        QCOMPARE(errorOf([&] { Natural::fromDecimal(text.toStdString()); }), message);
    }

    void leadingZerosAreNoDigits() { QCOMPARE(Natural::fromDecimal(std::string(mostDigits, '0') + "12"), Natural(12)); }

    void bitsAndDigitsAreExact() {
        QCOMPARE(Natural().bits(), std::size_t(0));
        QCOMPARE(Natural().digits(), std::size_t(1));
        for (std::size_t k = 0; k < 200; ++k) {
            const Natural two = Natural::power(2, k), ten = Natural::power(10, k);
            QCOMPARE(two.bits(), k + 1);
            QCOMPARE(Natural::distance(two, 1).bits(), k);
            QCOMPARE(ten.digits(), k + 1);
            QCOMPARE(Natural::distance(ten, 1).digits(), std::max<std::size_t>(k, 1));
            QVERIFY(std::abs(two.log2() - static_cast<double>(k)) < 1e-12);
            QVERIFY(std::abs(ten.log2() - static_cast<double>(k) * std::log2(10.0)) < 1e-9);
        }
        QCOMPARE(Natural().log2(), -std::numeric_limits<double>::infinity());
    }

    void wholeNumbersOfDoublesComeBack() {
        for (const double value : {0.0, 1.0, 3.0, 9007199254740991.0, 9007199254740992.0, 1e22, 1e300, std::ldexp(1.0, 1023),
                                   std::numeric_limits<double>::max()}) {
            const Natural number = Natural::fromDouble(value);
            QCOMPARE(binary(number.toDouble()), binary(value));
            QCOMPARE(binary(roundedByLibrary(number)), binary(value));
        }
    }

    void doublesAreTheNearest() {
        const Natural two53 = Natural::power(2, 53);
        QCOMPARE(binary((two53 + 1).toDouble()), binary(std::ldexp(1.0, 53)));            // a tie, to even
        QCOMPARE(binary((two53 + 3).toDouble()), binary(std::ldexp(1.0, 53) + 4));        // likewise
        QCOMPARE(binary((two53 * 1024 + 1024).toDouble()), binary(std::ldexp(1.0, 63)));  // a tie within 64 bits
        QCOMPARE(binary((two53 * 1024 + 1025).toDouble()), binary(std::ldexp(1.0, 63) + 2048));
        // A tie but for a digit far behind.
        const Natural far = Natural::power(2, 300);
        QCOMPARE(binary(((two53 + 1) * far).toDouble()), binary(std::ldexp(1.0, 353)));
        QCOMPARE(binary(((two53 + 1) * far + 1).toDouble()), binary(std::ldexp(std::ldexp(1.0, 53) + 2, 300)));
        QCOMPARE(binary(Natural::distance((two53 + 1) * far, 1).toDouble()), binary(std::ldexp(1.0, 353)));
        // All ones are rounded up into the next power.
        for (std::size_t k = 54; k < 140; ++k)
            QCOMPARE(binary(Natural::distance(Natural::power(2, k), 1).toDouble()), binary(std::ldexp(1.0, static_cast<int>(k))));
    }

    void whatIsTooLargeIsInfinite() {
        const Natural limit = Natural::distance(Natural::power(2, 1024), Natural::power(2, 970));
        QVERIFY(std::isinf(limit.toDouble()));
        QCOMPARE(binary(Natural::distance(limit, 1).toDouble()), binary(std::numeric_limits<double>::max()));
        QVERIFY(std::isinf(Natural::power(2, 100'000).toDouble()));
    }

    void doublesAreThoseOfTheLibrary() {
        Natural number = 1;
        for (std::uint64_t k = 1; k < 2000 && number.bits() < 1020; ++k) {
            number *= 3 + k % 7;
            number += k * 977;
            QCOMPARE(binary(number.toDouble()), binary(roundedByLibrary(number)));
        }
    }

    void arithmeticIsThatOfMachineNumbers() {
        for (std::uint64_t a = 0; a < 60; ++a)
            for (std::uint64_t b = 0; b < 60; ++b) {
                QCOMPARE((Natural(a) + Natural(b)).toU64(), a + b);
                QCOMPARE((Natural(a) * Natural(b)).toU64(), a * b);
                QCOMPARE(Natural::distance(a, b).toU64(), a > b ? a - b : b - a);
                QCOMPARE(Natural(a) < Natural(b), a < b);
                QCOMPARE(Natural(a) == Natural(b), a == b);
                QCOMPARE(Natural::greatestCommonDivisor(a, b).toU64(), std::gcd(a, b));
                if (b == 0) continue;
                Natural rest;
                QCOMPARE(Natural(a).dividedBy(b, &rest).toU64(), a / b);
                QCOMPARE(rest.toU64(), a % b);
                QCOMPARE(Natural(a).modulo(static_cast<std::uint32_t>(b)), a % b);
                QCOMPARE(Natural(a).isDivisibleBy(static_cast<std::uint32_t>(b)), a % b == 0);
            }
        QCOMPARE(Natural(UINT64_MAX).toU64(), UINT64_MAX);
        QVERIFY(!(Natural(UINT64_MAX) + 1).fitsU64());
    }

    void factorsAreCountedAndRemoved() {
        Natural number = Natural::power(2, 5) * Natural::power(3, 2) * Natural::power(1'000'003, 4) * 7;
        QCOMPARE(number.timesDivisibleBy(2), std::size_t(5));
        QCOMPARE(number.timesDivisibleBy(5), std::size_t(0));
        QCOMPARE(number.timesDivisibleBy(1'000'003), std::size_t(4));
        QCOMPARE(number.removeFactor(1'000'003), std::size_t(4));
        QCOMPARE(number, Natural(32 * 9 * 7));
        QCOMPARE(number.removeFactor(11), std::size_t(0));
        QCOMPARE(number, Natural(32 * 9 * 7));
        QCOMPARE(Natural(1).timesDivisibleBy(2), std::size_t(0));
    }

    void copiesAreIndependent() {
        Natural first = 5;
        Natural second = first;
        second *= 2;
        first = Natural(first);
        QCOMPARE(first, Natural(5));
        QCOMPARE(second, Natural(10));
        first = second;
        second += 1;
        QCOMPARE(first, Natural(10));
        const Natural moved = std::move(second);
        QCOMPARE(moved, Natural(11));
        second = 3;
        QCOMPARE(second, Natural(3));
    }

    void digitsAreGrouped() {
        QCOMPARE(groupedDigits("1"), std::string("1"));
        QCOMPARE(groupedDigits("123"), std::string("123"));
        QCOMPARE(groupedDigits("1234", 400, 60, " "), std::string("1 234"));
        QCOMPARE(groupedDigits("123456", 400, 60, " "), std::string("123 456"));
        QCOMPARE(groupedDigits(piNumber, 400, 60, " "), std::string("23 649 403 906 255 588 433 130 602 566 272 150 000"));
        QCOMPARE(groupedDigits("1234567890", 9, 4, " "), std::string("1 234 … 7 890"));
        QCOMPARE(groupedDigits("12345678901", 10, 4, " "), std::string("12 345 … 8 901"));  // no group is torn
        QCOMPARE(groupedDigits("1234567890", 9, 5, " "), std::string("1 234 567 890"));     // nothing would be left out
        QCOMPARE(Natural::fromDecimal(groupedDigits(piNumber)), decimal(piNumber));
    }

    void longNumbersAreReadAndWritten() {
        std::string digits;
        for (int k = 0; digits.size() < 100'000; ++k) digits += std::to_string(1 + k * 7919 % 9973);
        const Natural number = Natural::fromDecimal(digits);
        QCOMPARE(number.digits(), digits.size());
        QVERIFY(number.toDecimal() == digits);
    }
};

QTEST_APPLESS_MAIN(NaturalTest)
#include "natural_test.moc"
