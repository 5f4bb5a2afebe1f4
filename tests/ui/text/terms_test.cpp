#include "ui/text/terms.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <cmath>

#include "ui/text/message_text.h"

using namespace lab;

class TermsTest : public QObject {
    Q_OBJECT

private slots:
    void everyTermHasASentenceAndAnExample() {
        QSet<QString> ids;
        for (const Term& term : terms()) {
            const QString id = QLatin1String(term.id);
            QVERIFY2(!ids.contains(id), term.id);
            ids << id;
            const QStringList lines = termHelp(id).split(QLatin1Char('\n'));
            QCOMPARE(lines.size(), 2);
            QVERIFY2(lines[0].endsWith(QLatin1Char('.')) && lines[1].startsWith(QStringLiteral("Example: ")), term.id);
        }
        for (const char* wanted : {"kv", "kv+pos", "mixed", "effective_keys", "rollout", "flow", "kept", "film"})
            QVERIFY2(ids.contains(QLatin1String(wanted)), wanted);
    }

    void whatIsNoTermSaysNothing() {
        QCOMPARE(termHelp(QStringLiteral("qkv")), QString());
        QCOMPARE(withTerm(QStringLiteral("Help"), QStringLiteral("qkv")), QStringLiteral("Help"));
        QVERIFY(withTerm(QStringLiteral("Help"), QStringLiteral("kv")).startsWith(QStringLiteral("Help\nKV: ")));
        QVERIFY(withTerm({}, QStringLiteral("kv")).startsWith(QStringLiteral("KV: ")));
    }

    /// The numbers of the examples, worked out.
    void theExamplesAreRight() {
        const auto says = [](const char* id, double number, int decimals) {
            const QString text = QString::number(std::abs(number), 'f', decimals);
            return termHelp(QLatin1String(id))
                .contains(QRegularExpression(QStringLiteral("\\b%1\\b").arg(QRegularExpression::escape(text))));
        };
        const double score = 2 / std::sqrt(2.0);
        QVERIFY(says("kv", score, 2));
        QVERIFY(says("kv+pos", -2 * score + 0.5, 2));
        QVERIFY(says("effective_keys", std::exp(-0.9 * std::log(0.9) - 0.1 * std::log(0.1)), 1));
        QVERIFY(says("rollout", 0.5 * 0.2 + 0.5, 1) && says("rollout", 0.5 * 0.8, 1));
        QVERIFY(says("flow", std::min(0.4, 0.3) + 0.2, 1));
    }
};

QTEST_APPLESS_MAIN(TermsTest)
#include "terms_test.moc"
