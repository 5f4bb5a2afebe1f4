#include "core/writing/text_stream.h"

#include <QTest>

#include "core/base/errors.h"
#include "core/data/tokenizers/word_tokenizer.h"
#include "tests/core/writing/byte_tokenizer.h"

using namespace lab;
using lab::testing::ByteTokenizer;

class TextStreamTest : public QObject {
    Q_OBJECT

private slots:
    void holdsHalfACharacterBack() {
        const ByteTokenizer tokenizer;
        TextStream stream(tokenizer, tokenizer.encode("caf"));
        const std::vector<int> tokens = tokenizer.encode("\xC3\xA9 \xE2\x82\xAC!");  // e with an accent, blank, the euro
        std::vector<std::string> parts;
        for (const int token : tokens) parts.push_back(stream.push(token));
        QCOMPARE(parts, (std::vector<std::string>{"", "\xC3\xA9", " ", "", "", "\xE2\x82\xAC", "!"}));
        QCOMPARE(stream.rest(), std::string());
    }

    void whatIsNeverWholeComesAtTheEnd() {
        const ByteTokenizer tokenizer;
        TextStream stream(tokenizer, {});
        QCOMPARE(stream.push('a'), std::string("a"));
        QCOMPARE(stream.push(0xE2), std::string());
        QCOMPARE(stream.rest(), std::string("\xEF\xBF\xBD"));
        QCOMPARE(stream.rest(), std::string());
    }

    void bytesThatBeginNothingDoNotWaitForEver() {
        const ByteTokenizer tokenizer;
        TextStream stream(tokenizer, {});
        std::string text;
        for (int i = 0; i < 9; ++i) text += stream.push(0x80);
        text += stream.push('z');
        text += stream.rest();
        std::string expected;
        for (int i = 0; i < 9; ++i) expected += "\xEF\xBF\xBD";
        QCOMPARE(QString::fromStdString(text), QString::fromStdString(expected + "z"));
    }

    void wordsBringTheBlankBefore() {
        const WordTokenizer tokenizer({"the", "cat", "sat"});
        TextStream behind(tokenizer, {0});
        QCOMPARE(behind.push(1), std::string(" cat"));
        QCOMPARE(behind.push(2), std::string(" sat"));
        TextStream first(tokenizer, {});
        QCOMPARE(first.push(0), std::string("the"));
    }

    void stopsBeforeTheStop() {
        StopStrings stops({"END", "\n\n"});
        QCOMPARE(stops.push("one E"), std::string("one "));  // may be coming
        QCOMPARE(stops.push("agle\n"), std::string("Eagle"));
        QCOMPARE(stops.push("two\n"), std::string("\ntwo"));
        QVERIFY(!stops.found());
        QCOMPARE(stops.push("\nthree"), std::string());
        QVERIFY(stops.found());
        QCOMPARE(stops.push("more"), std::string());
        QCOMPARE(stops.rest(), std::string());
    }

    void whatWasHeldBackComesWhenTheTextEnds() {
        StopStrings stops({"END"});
        QCOMPARE(stops.push("the EN"), std::string("the "));
        QCOMPARE(stops.rest(), std::string("EN"));
        StopStrings none({});
        QCOMPARE(none.push("E"), std::string("E"));
    }

    void theEarliestOfSeveralCounts() {
        StopStrings stops({"late", "a"});
        QCOMPARE(stops.push("plate"), std::string("p"));
        QVERIFY(stops.found());
    }

    void anEmptyStopIsRefused() { QVERIFY_THROWS_EXCEPTION(InputError, StopStrings({"x", ""})); }
};

QTEST_APPLESS_MAIN(TextStreamTest)
#include "text_stream_test.moc"
