#include "core/learn/expression.h"

#include <QtTest>
#include <array>

#include "core/base/errors.h"

using namespace lab;

namespace {

class SomeFacts : public Facts {
public:
    std::optional<double> number(std::string_view name) const override {
        if (name == "n") return 3.0;
        if (name == "model.num_heads") return 2.0;
        return std::nullopt;
    }
    std::optional<std::string> word(std::string_view name) const override {
        if (name == "model.attention.form") return "kv";
        return std::nullopt;
    }
    std::optional<Tensor> tensor(std::string_view name) const override {
        if (name == "encoder.0.attention.weights") return Tensor{{1, 3, 3}, m_weights.data()};
        return std::nullopt;
    }

private:
    std::array<float, 9> m_weights = {0, 0.25, 0.75, 0, 1, 0, 0.5, 0.25, 0.25};
};

}  // namespace

class ExpressionTest : public QObject {
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
        row("((1, 2), (3, 4))[1, 0]", 3.0);
        row("1 < 2", 1.0);
        row("2 <= 1 or 3 != 3", 0.0);
        row("not 0 and 1 == 1", 1.0);
        row("not not 5", 1.0);
        row("\"a\" == \"a\"", 1.0);
        row("sum(i = 1..4, i ^ 2)", 30.0);
        row("max(i=0..2, sum(j=0..i, j))", 3.0);
        row("all(i = 0..3, i >= 0) + any(i = 0..3, i > 3) + count(i = 0..3, i > 1)", 3.0);
        row("argmax(3, 9, 4)", 1.0);
        row("list(i = 0..2, 2 * i)[2]", 4.0);
    }
    void calculates() {
        QFETCH(QString, expression);
        QFETCH(double, value);
        QVERIFY(std::abs(calculated(expression.toStdString()) - value) < 1e-4);
    }

    void namesWhatIsThere_data() {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<double>("value");
        const auto row = [](const char* expression, double value) { QTest::newRow(expression) << QString(expression) << value; };
        row("n - 1", 2.0);
        row("encoder.0.attention.weights[0, 0, n - 1]", 0.75);
        row("encoder.0.attention.weights[0][2][0]", 0.5);
        row("mean(i = 0..n-1, encoder.0.attention.weights[0, i, n-1-i])", 0.75);
        row("argmax(encoder.0.attention.weights[0, 1])", 1.0);
        row("all(i = 0..n-1, abs(sum(encoder.0.attention.weights[0, i]) - 1) < 1e-6)", 1.0);
        row("model.attention.form == \"kv\" and model.attention.form != \"qkv\"", 1.0);
        row("model.num_heads ^ 2", 4.0);
    }
    void namesWhatIsThere() {
        QFETCH(QString, expression);
        QFETCH(double, value);
        QCOMPARE(calculated(expression.toStdString(), SomeFacts()), value);
        checkExpression(expression.toStdString());
    }

    void saysWhatIsNotThere() {
        const auto sentence = [](const char* expression) -> std::string {
            try {
                calculated(expression, SomeFacts());
            } catch (const InputError& error) {
                return error.what();
            }
            return {};
        };
        QCOMPARE(sentence("step > 3"), std::string("step > 3: step: there is no such value here"));
        QCOMPARE(sentence("encoder.0.attention.weights[0, 3, 0]"),
                 std::string("encoder.0.attention.weights[0, 3, 0]: 3: no index of 3 items"));
        QCOMPARE(sentence("largest(1, 2)"), std::string("largest(1, 2): largest: there is no such function"));
        QCOMPARE(sentence("1 + * 2"), std::string("1 + * 2: not understood at character 5"));
        QVERIFY(!sentence("encoder.0.attention.weights").empty());
        QVERIFY(!sentence("encoder.0.attention.weights[0, 0, 0, 0]").empty());
        QVERIFY(!sentence("model.attention.form").empty());
    }

    void theFormCanBeCheckedAlone() {
        checkExpression("mean(i = 0..n-1, anything[i, other]) > .5 and some.word == \"x\"");
        checkExpression("max(anything[3]) + dot(a, b)");
        QCOMPARE(calculatedList("list(i = 0..2, i + 1)"), (std::vector<double>{1, 2, 3}));
        for (const char* wrong : {"mean(i = 0..n-1 anything)", "a >", "a b", "a[1", "nothing(1)"})
            QVERIFY_THROWS_EXCEPTION(InputError, checkExpression(wrong));
    }

    void asksAStream() {
        class OfStream : public Facts {
        public:
            std::optional<double> ofStream(StreamFunction function, const std::vector<Argument>& arguments) const override {
                if (function == StreamFunction::token) return static_cast<double>(std::get<std::string>(arguments.front()).size());
                return function == StreamFunction::lens ? std::optional(std::get<double>(arguments[1])) : std::nullopt;
            }
        };
        QCOMPARE(calculated("1 + lens(0, 2 + 5, token(\"red\"))", OfStream()), 8.0);
        QVERIFY(asksStream("max(i = 0..3, lens(0, i, 1)) > .5"));
        QVERIFY(!asksStream("max(i = 0..3, lens[i]) > .5"));
        checkExpression("head_writes(0, 1, n-1, 3) + head_writes(0, 1, n-1, 3, 4)");  // the last may be left out
        const auto sentence = [](const char* expression) -> std::string {
            try {
                calculated(expression, OfStream());
            } catch (const InputError& error) {
                return error.what();
            }
            return {};
        };
        QCOMPARE(sentence("lens(1, 2)"), std::string("lens(1, 2): lens: takes place position class"));
        QCOMPARE(sentence("answer(1)"), std::string("answer(1): answer: there is no stream to be read here"));
        QVERIFY(!sentence("lens(0, (1, 2), 3)").empty());
        QVERIFY_THROWS_EXCEPTION(InputError, checkExpression("lens(1, 2)"));
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
                                 "n",
                                 "\"a\"",
                                 "\"a\" == 1",
                                 "\"a\" < \"b\"",
                                 "\"a",
                                 "sum(i = 2..1, i)",
                                 "sum(i = 0..1e9, i)",
                                 "sum(i = 0..99999, sum(j = 0..99999, 1))",
                                 "all(i = 1e20..1e20 + 2, 1)",
                                 "sum(i = 1/0..1/0, i)",
                                 "sum(i = 0..2 i)",
                                 "list(i = 0..2, i)",
                                 "all(1, 2)",
                                 "not",
                                 "\xC3\xA9"})
            QTest::newRow(each) << QString::fromUtf8(each);
        QTest::newRow("deep") << QString(100000, '(');
        QTest::newRow("many signs") << QString(100000, '-');
        QTest::newRow("high towers") << QStringLiteral("2^").repeated(100000);
    }
    void refusesWhatItDoesNotUnderstand() {
        QFETCH(QString, expression);
        QVERIFY_THROWS_EXCEPTION(InputError, calculated(expression.toStdString()));
    }
};

QTEST_APPLESS_MAIN(ExpressionTest)
#include "expression_test.moc"
