#include "core/goedel/arithmetic.h"

#include <QTest>
#include <cmath>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

/// A sequence with parts of it replaced, as sequences are.
Symbols slowReplaced(const Symbols& first, const std::vector<Stretch>& places, const Symbols& second) {
    Symbols result;
    std::size_t place = 0;
    for (std::size_t i = 0; i <= first.size();) {
        if (place < places.size() && places[place].begin == i) {
            result = together(std::move(result), second);
            i += places[place++].length;
            continue;
        }
        if (i < first.size()) result.push_back(first[i]);
        ++i;
    }
    return result;
}

Natural numberOfText(const char* text) {
    return goedelNumber(formulaOf(text));
}

/// What is said of a substitution, or its formula.
QString substitutedText(const char* formula, const Variable& variable, const char* term) {
    QString text;
    const QString error = errorOf([&] {
        const Worked worked = substituted(numberOfText(formula), variable, numberOfText(term));
        text = QString::fromStdString(formulaAlphabet.alphabet().write(decode(worked.number, signCount).symbols));
    });
    return error.isEmpty() ? text : error;
}

/// The moves lie behind each other and make the number.
void verifyMoves(const Worked& worked, const Natural& first, const Natural& second) {
    std::size_t at = 0;
    Natural product = 1;
    for (const Move& move : worked.moves) {
        QCOMPARE(move.to, at);
        at += move.count();
        const std::vector<std::uint32_t> primes = firstPrimes(std::max(move.from, move.to) + move.count());
        for (std::size_t k = 0; k < move.count(); ++k) {
            const Natural& source = move.source == MoveSource::first ? first : second;
            QCOMPARE(source.timesDivisibleBy(primes[move.from + k]), static_cast<std::size_t>(move.exponents[k]));
            product *= Natural::power(primes[move.to + k], static_cast<std::size_t>(move.exponents[k]));
        }
    }
    QCOMPARE(product, worked.number);
}

}  // namespace

class ArithmeticTest : public QObject {
    Q_OBJECT

private slots:
    void concatenationIsThatOfSequences() {
        const std::vector<Symbols> sequences = allSequences({0, 1, 4}, 3);
        for (const Symbols& a : sequences)
            for (const Symbols& b : sequences) {
                const Natural first = goedelNumber(a), second = goedelNumber(b);
                const Worked worked = concatenated(first, second);
                QCOMPARE(worked.number, goedelNumber(together(a, b)));
                verifyMoves(worked, first, second);
            }
    }

    void concatenationIsShown() {
        const Worked worked = concatenated(goedelNumber({3, 1}), goedelNumber({4, 1, 5}));
        QCOMPARE(worked.moves.size(), std::size_t(2));
        QVERIFY(worked.moves[0].source == MoveSource::first && worked.moves[1].source == MoveSource::second);
        QCOMPARE(takenText(worked.moves[0]), std::string("2^4 · 3^2"));
        QCOMPARE(putText(worked.moves[0]), std::string("2^4 · 3^2"));
        QCOMPARE(takenText(worked.moves[1]), std::string("2^5 · 3^2 · 5^6"));
        QCOMPARE(putText(worked.moves[1]), std::string("5^5 · 7^2 · 11^6"));
        QCOMPARE(worked.number, goedelNumber({3, 1, 4, 1, 5}));
    }

    void replacingIsThatOfSequences() {
        for (const Symbols& a : allSequences({0, 2}, 4))
            for (const Symbols& b : allSequences({1, 3}, 2))
                for (std::size_t begin = 0; begin <= a.size(); ++begin)
                    for (std::size_t length = 0; begin + length <= a.size(); ++length) {
                        std::vector<Stretch> places{{begin, length}};
                        if (length > 0 && begin + length < a.size()) places.push_back({a.size() - 1, 1});
                        const Natural first = goedelNumber(a), second = goedelNumber(b);
                        const Worked worked = replaced(first, places, second);
                        QCOMPARE(worked.number, goedelNumber(slowReplaced(a, places, b)));
                        verifyMoves(worked, first, second);
                    }
    }

    void aSymbolIsReplacedEverywhere() {
        const Natural number = goedelNumber(piDigits);
        const std::vector<Stretch> ones = placesOf(number, 1);
        QCOMPARE(ones.size(), std::size_t(2));
        QCOMPARE(ones[0].begin, std::size_t(1));
        QCOMPARE(ones[1].begin, std::size_t(3));
        QCOMPARE(replaced(number, ones, goedelNumber({7, 7})).number, goedelNumber({3, 7, 7, 4, 7, 7, 5, 9, 2, 6}));
        QCOMPARE(replaced(number, ones, 1).number, goedelNumber({3, 4, 5, 9, 2, 6}));
        QVERIFY(placesOf(number, 8).empty());
        QCOMPARE(replaced(number, {}, 1).number, number);
    }

    void lengthsAreCounted() {
        QCOMPARE(lengthOf(1), std::size_t(0));
        QCOMPARE(lengthOf(decimal(piNumber)), std::size_t(8));
    }

    void variablesAreSubstituted_data() {
        QTest::addColumn<QByteArray>("formula");
        QTest::addColumn<QByteArray>("term");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* formula, const char* term, const QString& result) {
            QTest::addRow("%s, %s", formula, term) << QByteArray(formula) << QByteArray(term) << result;
        };
        row("x=x", "0", "0=0");
        row("(x+0)=x", "SS0", "(SS0+0)=SS0");
        row("y=y", "0", "y=y");
        row("x'=x", "0", "x′=0");
        row("Ax x=0", "S0", "∀xx=0");
        row("(Ax x=0 & x=0)", "S0", "(∀xx=0∧S0=0)");
        row("Ay x=y", "Sz", "∀ySz=y");
        row("Ay y=0", "y", "∀yy=0");  // x is not there, so nothing is caught
        row("x=y", "(x+y)", "(x+y)=y");
        row("Ay' x=y'", "y", "∀y′y=y′");
        row("Ay x=y", "y",
            "position 2: a quantifier there would bind y of the term, which would change what is said; give the bound "
            "variable another name first");
        row("(x=0 & Ey x=Sy)", "(0+y)",
            "position 7: a quantifier there would bind y of the term, which would change what is said; give the "
            "bound variable another name first");
        row("x=", "0",
            "the formula: position 2: expected a term: 0, S, a variable or a sum or product in parentheses, but the sequence ends "
            "here");
        row("x=x", "S",
            "the term: position 1: expected a term: 0, S, a variable or a sum or product in parentheses, but the sequence ends "
            "here");
        row("x=x", "0=0", "the term: position 1: expected the end, not “=”");
    }

    void variablesAreSubstituted() {
        QFETCH(QByteArray, formula);
        QFETCH(QByteArray, term);
        QFETCH(QString, result);
        QCOMPARE(substitutedText(formula.constData(), {Sign::x, 0}, term.constData()), result);
    }

    void variablesWithMarksAreSubstituted() {
        QCOMPARE(substitutedText("(x'+x)=x''", {Sign::x, 1}, "SS0"), QStringLiteral("(SS0+x)=x′′"));
        QCOMPARE(substitutedText("(x'+x)=x''", {Sign::x, 2}, "z"), QStringLiteral("(x′+x)=z"));
    }

    void whatIsNoNumberIsRefused() {
        QCOMPARE(errorOf([] { concatenated(0, 1); }),
                 QStringLiteral("the first number: 0 is the number of no sequence: every prime divides it, as often as one likes"));
        QCOMPARE(errorOf([] { concatenated(1, 15); }),
                 QStringLiteral("the second number: the number has the factor 3 without 2: the primes of a sequence have no gap"));
        QCOMPARE(errorOf([] { lengthOf(3); }),
                 QStringLiteral("the number: the number has the factor 3 without 2: the primes of a sequence have no gap"));
        QCOMPARE(errorOf([] { replaced(6, {{2, 1}}, 1); }), QStringLiteral("position 2 is behind the end: the sequence has 2 symbols"));
        QCOMPARE(errorOf([] {
                     substituted(Natural::power(2, 19), {Sign::x, 0}, 2);
                 }),
                 QStringLiteral("the formula: 2 divides the number 19 times, which would be symbol 18; the last one here is 17"));
    }

    void tooLongResultsAreRefused() {
        const Natural number = goedelNumber(Symbols(1000));
        const std::vector<Stretch> everywhere = placesOf(number, 0);
        QCOMPARE(errorOf([&] { replaced(number, everywhere, number); }), QStringLiteral("there are more than 200000 symbols"));
        QVERIFY(errorOf([&] {
                    replaced(goedelNumber(Symbols(150)), placesOf(goedelNumber(Symbols(150)), 0), goedelNumber(Symbols(150, 20)));
                }).startsWith("the number of 22500 symbols would have about "));
    }

    void numeralsOfNumbersAreLong() {
        QVERIFY(std::abs(log2OfNumeralBits(numberOfText("x=x")) - 40.60877164112199) < 1e-9);
        // Of small numbers the bits can be counted.
        const double counted = bitsOf(factorsOf(numeral(2000)));
        QVERIFY(std::abs(std::log2(counted) - log2OfNumeralBits(2000)) < 0.3);
    }
};

QTEST_APPLESS_MAIN(ArithmeticTest)
#include "arithmetic_test.moc"
