#include "core/goedel/proof.h"

#include <QTest>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

ProofReading readingOf(const char* proof, const char* formula) {
    return proves(goedelNumber(formulaOf(proof)), goedelNumber(formulaOf(formula)));
}

}  // namespace

class ProofTest : public QObject {
    Q_OBJECT

private slots:
    void sumsAreProved() {
        for (int a = 0; a <= 4; ++a)
            for (int b = 0; b <= 4; ++b) {
                const Natural proof = goedelNumber(sumProof(a, b));
                for (int c = 0; c <= 9; ++c) {
                    const ProofReading reading = proves(proof, goedelNumber(sumFormula(a, b, c)));
                    QCOMPARE(reading.proves, a + b == c);
                    QCOMPARE(reading.lines.size(), static_cast<std::size_t>(b) + 1);
                    for (const ProofCheck& line : reading.lines) QVERIFY(line.holds);
                }
                QVERIFY(!proves(proof, goedelNumber(sumFormula(b, a, a + b))).proves || a == b);
            }
    }

    void formulasAreThoseOfTheLanguage() {
        QCOMPARE(formulaAlphabet.alphabet().write(sumFormula(1, 2, 3)), std::string("(S0+SS0)=SSS0"));
        QVERIFY(readFormula(sumFormula(2, 0, 5)).syntax->isSentence());
        QCOMPARE(formulaAlphabet.alphabet().write(sumProof(1, 1)), std::string("(S0+0)=S0;(S0+S0)=SS0"));
    }

    void linesAreJudged() {
        const ProofReading reading = readingOf("(S0+0)=S0;(S0+S0)=SS0;(0+0)=0;(S0+SS0)=SSS0", "(S0+SS0)=SSS0");
        QVERIFY(reading.proves);
        QCOMPARE(reading.lines.size(), std::size_t(4));
        QCOMPARE(reading.lines[0].sentence.english(), std::string("line 1 is an axiom: (t+0)=t with the numeral of 1 for t"));
        QVERIFY(!reading.lines[0].from);
        QCOMPARE(reading.lines[1].sentence.english(), std::string("line 2 follows from line 1: (t+u)=v gives (t+Su)=Sv"));
        QCOMPARE(reading.lines[1].from, std::optional<std::size_t>(0));
        QCOMPARE(reading.lines[3].from, std::optional<std::size_t>(1));
        QCOMPARE(reading.lines[1].begin, std::size_t(10));
        QCOMPARE(reading.lines[1].end, std::size_t(21));
        QCOMPARE(reading.end.english(), std::string("the last line is the formula of the second number"));
    }

    void whatIsNoProofIsRefused_data() {
        QTest::addColumn<QByteArray>("proof");
        QTest::addColumn<QByteArray>("formula");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* proof, const char* formula, int line, const QString& sentence) {
            QTest::addRow("%s, %s", proof, formula) << QByteArray(proof) << QByteArray(formula) << line << sentence;
        };
        const QString end = "the last line is not the formula of the second number";
        const QString form = "line %1 is no equation of the form (t+u)=v with numerals";
        const QString unfounded = "line %1 is neither an axiom nor does it follow from a line before it";
        row("(S0+S0)=SS0", "(S0+S0)=SS0", 1, unfounded.arg(1));
        row("(S0+S0)=SS0;(S0+0)=S0", "(S0+S0)=SS0", 1, unfounded.arg(1));  // the order counts
        row("(0+0)=0;(0+SS0)=SS0", "(0+SS0)=SS0", 2, unfounded.arg(2));    // no line is left out
        row("(0+0)=S0", "(0+0)=S0", 1, unfounded.arg(1));
        row("(0+0)=0;(S0+S0)=S0", "(S0+S0)=S0", 2, unfounded.arg(2));
        row("", "0=0", 1, form.arg(1));
        row("0=0", "0=0", 1, form.arg(1));
        row("(0+0)=0;", "(0+0)=0", 2, form.arg(2));
        row("(0+0)=0;;(0+S0)=S0", "(0+S0)=S0", 2, form.arg(2));
        row("(x+0)=x", "(x+0)=x", 1, form.arg(1));
        row("((0+0)+0)=0", "((0+0)+0)=0", 1, form.arg(1));
        row("(0+0)=00", "(0+0)=00", 1, form.arg(1));
        row("(0+0)=", "(0+0)=", 1, form.arg(1));
        row("(0+0)=0", "(0+S0)=S0", 0, end);
        row("(0+0)=0", "0=0", 0, end);
        row("(0+0)=0", "", 0, end);
    }

    void whatIsNoProofIsRefused() {
        QFETCH(QByteArray, proof);
        QFETCH(QByteArray, formula);
        QFETCH(int, line);
        QFETCH(QString, sentence);
        const ProofReading reading = readingOf(proof.constData(), formula.constData());
        QVERIFY(!reading.proves);
        const Message& said = line > 0 ? reading.lines[static_cast<std::size_t>(line) - 1].sentence : reading.end;
        QCOMPARE(QString::fromStdString(said.english()), sentence);
        if (line > 0) QVERIFY(!reading.lines[static_cast<std::size_t>(line) - 1].holds);
    }

    void everyPairOfNumbersHasAnAnswer() {
        const Natural proof = goedelNumber(sumProof(1, 1)), formula = goedelNumber(sumFormula(1, 1, 2));
        QVERIFY(proves(proof, formula).proves);
        for (std::uint64_t n = 0; n < 120; ++n) {
            QVERIFY(!proves(n, formula).proves);
            QVERIFY(!proves(proof, n).proves);
            QVERIFY(!proves(n, n).proves);
        }
        QCOMPARE(
            proves(0, formula).end.english(),
            std::string("the first number is not that of a sequence: 0 is the number of no sequence: every prime divides it, as often as "
                        "one likes"));
        QVERIFY(proves(proof, 3).end.english().starts_with("the second number is not that of a sequence: the number has the factor 3"));
    }

    /// No symbol of a proof can be another.
    void noSymbolCanBeChanged() {
        const Symbols proof = sumProof(1, 2);
        const Natural formula = goedelNumber(sumFormula(1, 2, 3));
        for (std::size_t i = 0; i < proof.size(); ++i)
            for (int symbol = 0; symbol < signCount; ++symbol) {
                Symbols changed = proof;
                changed[i] = symbol;
                QCOMPARE(proves(goedelNumber(changed), formula).proves, symbol == proof[i]);
            }
    }

    void theWayToNumbersIsShown() {
        QVERIFY(provabilitySteps().size() >= 5);
        for (const ProvabilityStep& step : provabilitySteps()) {
            QVERIFY(*step.title.text && *step.text.text);
            if (!step.shown) continue;
            const auto rows = step.shown();
            QVERIFY(!rows.empty());
            for (const auto& [what, howMuch] : rows) QVERIFY(!what.english().empty() && !howMuch.english().empty());
        }
        const auto formula = provabilitySteps()[0].shown();
        QCOMPARE(formula[0].first.english(), std::string("(S0+S0)=SS0"));
        QCOMPARE(formula[0].second.english(), groupedDigits("21774046522725593914331928173760"));
        const auto relation = provabilitySteps()[2].shown();
        QCOMPARE(relation[0].second.english(), std::string("yes"));
        QCOMPARE(relation[1].second.english(), std::string("no"));
        QCOMPARE(provabilitySteps()[1].shown()[0].second.english(), std::string("106 digits"));
        QCOMPARE(provabilitySteps()[1].shown()[1].second.english(), std::string("2^104.8"));
        QCOMPARE(provabilitySteps()[5].shown()[1].second.english(), std::string("2^40.6"));
    }
};

QTEST_APPLESS_MAIN(ProofTest)
#include "proof_test.moc"
