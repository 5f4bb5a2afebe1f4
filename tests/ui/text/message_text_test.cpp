#include "ui/text/message_text.h"

#include <QCoreApplication>
#include <QTest>
#include <QTranslator>

using namespace lab;

namespace {

/// Knows two sentences.
class Dictionary : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* text, const char*, int n) const override {
        if (QByteArray(context) != "test") return {};
        if (QByteArray(text) == "%1 before %2") return QStringLiteral("%2 \u043F\u043E\u0441\u043B\u0435 %1");
        if (QByteArray(text) == "%n run(s)") return n == 1 ? QStringLiteral("ein Lauf") : QStringLiteral("%n L\u00E4ufe");
        return {};
    }
};

const Message order = Message(LAB_TEXT("test", "%1 before %2")).arg("a").arg("\u03B2");

Message runs(std::int64_t n) {
    return Message(LAB_PLURAL("test", "%n run(s)")).count(n);
}

}  // namespace

class MessageTextTest : public QObject {
    Q_OBJECT

private slots:
    void withoutATranslationItIsEnglish() {
        QCOMPARE(shown(order), QStringLiteral("a before \u03B2"));
        QCOMPARE(shown(runs(1)), QStringLiteral("1 run"));
        QCOMPARE(shown(runs(2)), QStringLiteral("2 runs"));
        QCOMPARE(shown(runs(5'000'000'000)), QStringLiteral("5000000000 runs"));
        QVERIFY(shown(Message()).isEmpty());
    }

    void aNumberIsWrittenAsItIsGiven() {
        QCOMPARE(counted(LAB_PLURAL("test", "%1 of %n run(s)"), 1, {QStringLiteral("none")}), QStringLiteral("none of 1 run"));
        QCOMPARE(counted(LAB_PLURAL("test", "%1 run(s)"), 1200, {QStringLiteral("1 200")}), QStringLiteral("1 200 runs"));
    }

    void sentencesFollowEachOther() {
        QCOMPARE(sentences({QStringLiteral("One."), QString(), QStringLiteral("Two.")}), QStringLiteral("One. Two."));
        QVERIFY(sentences({QString()}).isEmpty());
    }

    void aTranslatorIsAsked() {
        Dictionary dictionary;
        QVERIFY(QCoreApplication::installTranslator(&dictionary));
        QCOMPARE(shown(order), QStringLiteral("\u03B2 \u043F\u043E\u0441\u043B\u0435 a"));
        QCOMPARE(shown(runs(1)), QStringLiteral("ein Lauf"));
        QCOMPARE(shown(runs(3)), QStringLiteral("3 L\u00E4ufe"));
        QCOMPARE(shown(InputError("f.json", order)), QStringLiteral("f.json: \u03B2 \u043F\u043E\u0441\u043B\u0435 a"));
        QCoreApplication::removeTranslator(&dictionary);
        QCOMPARE(shown(order), QStringLiteral("a before \u03B2"));
    }
};

QTEST_GUILESS_MAIN(MessageTextTest)
#include "message_text_test.moc"
