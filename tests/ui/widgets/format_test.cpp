#include "ui/widgets/format.h"

#include <QtTest>
#include <cmath>
#include <limits>

#include "ui/widgets/formula_text.h"

using namespace lab;

class FormatTest : public QObject {
    Q_OBJECT

private slots:
    void groupsAreThin() {
        QCOMPARE(grouped(3900), QStringLiteral("3\u202F900"));
        QCOMPARE(grouped(1234567), QStringLiteral("1\u202F234\u202F567"));
        QCOMPARE(grouped(-1000), QStringLiteral("\u22121\u202F000"));
        QCOMPARE(grouped(999), QStringLiteral("999"));
    }

    void decimalsAreFixedAndMinusIsTrue() {
        QCOMPARE(fixed(0.03149, 3), QStringLiteral("0.031"));
        QCOMPARE(fixed(-1.24, 1), QStringLiteral("\u22121.2"));
        QCOMPARE(fixed(-0.0001, 3), QStringLiteral("0.000"));
        QCOMPARE(fixed(12345.5, 1), QStringLiteral("12\u202F345.5"));
        QCOMPARE(signedFixed(0.25, 2), QStringLiteral("+0.25"));
        QCOMPARE(signedFixed(-0.25, 2), QStringLiteral("\u22120.25"));
    }

    void whatWouldNotFitIsScientific() {
        QCOMPARE(fixed(264046.1, 3), QStringLiteral("2.64e5"));
        QCOMPARE(fixed(-10985962592.597, 3), QStringLiteral("\u22121.10e10"));
        QCOMPARE(signedFixed(264046.1, 2), QStringLiteral("+2.64e5"));
        QCOMPARE(fixed(264046.1, 0), QStringLiteral("264\u202F046"));  // a count
    }

    void whatIsNotFiniteHasAName() {
        QCOMPARE(fixed(std::nan(""), 2), QStringLiteral("not a number"));
        QCOMPARE(fixed(-std::numeric_limits<double>::infinity(), 2), QStringLiteral("\u2212\u221E"));
    }

    void sharesArePercent() {
        QCOMPARE(percent(0.9981), QStringLiteral("99.8\u00A0%"));
        QCOMPARE(percent(0.5, 0), QStringLiteral("50\u00A0%"));
    }

    void cellsDropTheZero() {
        QCOMPARE(cellNumber(0.6), QStringLiteral(".60"));
        QCOMPARE(cellNumber(1.0), QStringLiteral("1.0"));
        QCOMPARE(cellNumber(-0.25), QStringLiteral("\u2212.25"));
        QCOMPARE(cellNumber(0.24, 1), QStringLiteral(".2"));
    }

    void largeNumbersAreShort() {
        QCOMPARE(compact(412345), QStringLiteral("412\u00A0k"));
        QCOMPARE(compact(1234567), QStringLiteral("1.23\u00A0M"));
        QCOMPARE(compact(87), QStringLiteral("87"));
        QCOMPARE(compact(999.7), QStringLiteral("1.00\u00A0k"));
    }

    void smallNumbersHaveExponents() {
        QCOMPARE(scientific(3e-7, 0), QStringLiteral("3e\u22127"));
        QCOMPARE(significant(0.000494, 3), QStringLiteral("4.94e\u22124"));
        QCOMPARE(significant(0.25, 2), QStringLiteral("0.25"));
    }

    void timesAreClockLike() {
        QCOMPARE(duration(44), QStringLiteral("0:44"));
        QCOMPARE(duration(3700), QStringLiteral("1:01:40"));
    }

    void formulasBreakBetweenWordsOnly() {
        QFont font(QStringLiteral("DejaVu Sans"));
        font.setPixelSize(13);
        const QString text = QStringLiteral("A sum of d_{h} products by W_{O m,p} spreads like \u221Ad_{h}.");
        for (const double width : {60.0, 120.0, 200.0, 1000.0}) {
            const QStringList lines = wrappedFormula(font, text, width);
            QCOMPARE(lines.join(QLatin1Char(' ')), text);
            for (const QString& line : lines) {
                QCOMPARE(line.count(QLatin1Char('{')), line.count(QLatin1Char('}')));
                QVERIFY(formulaWidth(font, line) <= width || !line.contains(QLatin1Char(' ')) || line.startsWith(QLatin1String("W_{")));
            }
        }
        QCOMPARE(elidedFormula(font, text, 1000.0), text);
        QVERIFY(elidedFormula(font, text, 100.0).endsWith(QChar(0x2026)));
        QCOMPARE(formulaHtml(font, QStringLiteral("a<b_{h}")), QStringLiteral("a&lt;b<sub><span style=\"font-size:16px\">h</span></sub>"));
    }

    void formulasReadPlainly() {
        QCOMPARE(plainFormula(QStringLiteral("\u03A3 q_{p} k_{p}")), QStringLiteral("\u03A3 q_p k_p"));
        QCOMPARE(plainFormula(QStringLiteral("e^{2.0}")), QStringLiteral("e^2.0"));
        QFont font;
        font.setPixelSize(13);
        QVERIFY(formulaWidth(font, QStringLiteral("q_{p}")) < formulaWidth(font, QStringLiteral("qp")));
    }
};

QTEST_MAIN(FormatTest)
#include "format_test.moc"
