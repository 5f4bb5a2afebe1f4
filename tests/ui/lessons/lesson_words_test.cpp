#include "ui/lessons/lesson_words.h"

#include <QtTest>

using namespace lab;

class LessonWordsTest : public QObject {
    Q_OBJECT

private slots:
    void marksBecomeRichText() {
        const QFont font;
        QCOMPARE(lessonHtml(font, "one\ntwo"), QString("one two"));
        QCOMPARE(lessonHtml(font, "one\n\ntwo"), QString("one<br><br>two"));
        QCOMPARE(lessonHtml(font, "- one\n- two"), QString("\u2022 one<br>\u2022 two"));
        QCOMPARE(lessonHtml(font, "**bold** and *soft* and `code`"), QString("<b>bold</b> and <i>soft</i> and <code>code</code>"));
        QVERIFY(lessonHtml(font, "d_{model}").contains("model</"));
        QVERIFY(lessonHtml(font, "a < b").contains("&lt;"));
    }
    void theyCanBeRead() { QCOMPARE(lessonPlain("**one**\ntwo `x`\n\nd_{k}"), QString("one two x\nd_k")); }
};

QTEST_MAIN(LessonWordsTest)
#include "lesson_words_test.moc"
