#include "core/incontext/typed_prompt.h"

#include <QtTest>

#include "core/base/errors.h"

using namespace lab;

class TypedPromptTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsReadAgain() {
        FunctionConfig task;
        task.dimensions = 3;
        task.points = 5;
        const FunctionPrompt prompt = drawPrompt(task, 1, FunctionPart::test, 2);
        const FunctionPrompt read = parsePrompt(promptText(prompt), 3);
        QCOMPARE(read.x, prompt.x);
        QCOMPARE(std::vector<double>(read.y.begin(), read.y.end() - 1), std::vector<double>(prompt.y.begin(), prompt.y.end() - 1));
        QVERIFY(read.truth.empty());
    }

    void semicolonsLinesTabsAndCommasPart() {
        const FunctionPrompt prompt = parsePrompt("0.5 1; \u22120.25\t+2\n\n0.3, ?", 1);
        QCOMPARE(prompt.points(), 2);
        QCOMPARE(prompt.x, (std::vector<double>{0.5, -0.25, 0.3}));
        QCOMPARE(prompt.y, (std::vector<double>{1, 2, 0}));
    }

    void whatIsWrongIsSaid_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << ""
                               << "query";
        QTest::newRow("no query") << "1 2; 3 4"
                                  << "query";
        QTest::newRow("no pair") << "1 ?"
                                 << "one pair";
        QTest::newRow("no number") << "1 a; 2 ?"
                                   << "“a”";
        QTest::newRow("half a number") << "1 2x; 2 ?"
                                       << "“2x”";
        QTest::newRow("too large") << "1 1e9; 2 ?"
                                   << "“1e9”";
        QTest::newRow("not finite") << "1 nan; 2 ?"
                                    << "“nan”";
        QTest::newRow("too many numbers") << "1 2 3; 2 ?"
                                          << "line 1: 3 numbers where 2";
        QTest::newRow("behind the query") << "1 2; 2 ?; 3 4"
                                          << "line 3";
        QTest::newRow("too many pairs") << "1 2; 1 2; 1 2; 1 2; 2 ?"
                                        << "4 pairs; this model has room for 3";
    }
    void whatIsWrongIsSaid() {
        QFETCH(QString, text);
        QFETCH(QString, said);
        try {
            parsePrompt(text.toStdString(), 1, 3);
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(said), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TypedPromptTest)
#include "typed_prompt_test.moc"
