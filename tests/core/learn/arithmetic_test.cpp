#include "tests/core/learn/arithmetic.h"

#include <QtTest>

using namespace lab;

class ArithmeticTest : public QObject {
    Q_OBJECT

private slots:
    void calculates_data() {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<double>("value");
        const auto row = [](const char* expression, double value) { QTest::newRow(expression) << QString(expression) << value; };
        row("1 + 2 * 3", 7.0);
        row("(1 + 2) * 3", 9.0);
        row("2 ^ 3 ^ 2", 512.0);
        row("-2 ^ 2", -4.0);
        row("8 / 4 / 2", 1.0);
        row("1 - -1", 2.0);
        row("1e3 + .5", 1000.5);
        row("exp(1) - exp(-1)", std::exp(1.0) - std::exp(-1.0));
        row("ln(10)", std::log(10.0));
        row("sqrt(2) ^ 2", 2.0);
        row("cos(pi) + sin(pi / 2) + abs(-3) + round(2.6)", 6.0);
        row("sum(1, 2, 3) + mean(1, 3) + max(1, 5, 2) - min(4, 1)", 12.0);
        row("softmax(5, 2, 0, -2, -5)[0]", 0.9456);
        row("softmax(1000, 1000)[1]", 0.5);
        row("dot((1, 2), (3, 4))", 11.0);
        row("cosine((.4, .2, .3, .1), (.3, .6, .2, .2))", 0.8025);
        row("((1, 2), (3, 4))[1][0]", 3.0);
    }
    void calculates() {
        QFETCH(QString, expression);
        QFETCH(double, value);
        QVERIFY(std::abs(testing::calculated(expression.toStdString()) - value) < 1e-4);
    }

    void refusesWhatItDoesNotUnderstand_data() {
        QTest::addColumn<QString>("expression");
        for (const char* each : {"",
                                 " ",
                                 "1 +",
                                 "1 2",
                                 "(1",
                                 "1)",
                                 "(1, 2)",
                                 "nothing(1)",
                                 "softmax(1)[0]",
                                 "softmax(1, 2)[2]",
                                 "softmax(1, 2)[-1]",
                                 "softmax(1, 2)[1.5]",
                                 "softmax(1, 2)[1e300]",
                                 "softmax(1, 2)[ln(-1)]",
                                 "(1, 2)[0.x]",
                                 "dot((1, 2), (3))",
                                 "dot(1, 2)",
                                 "exp(1, 2)",
                                 "1 + (1, 2)",
                                 "1[0]",
                                 "sum()",
                                 "e",
                                 "1..2",
                                 "\xC3\xA9"})
            QTest::newRow(each) << QString::fromUtf8(each);
        QTest::newRow("deep") << QString(100000, '(');
        QTest::newRow("many signs") << QString(100000, '-');
        QTest::newRow("high towers") << QStringLiteral("2^").repeated(100000);
    }
    void refusesWhatItDoesNotUnderstand() {
        QFETCH(QString, expression);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, testing::calculated(expression.toStdString()));
    }
};

QTEST_APPLESS_MAIN(ArithmeticTest)
#include "arithmetic_test.moc"
