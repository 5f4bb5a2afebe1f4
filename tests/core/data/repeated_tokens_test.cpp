#include "core/data/repeated_tokens.h"

#include <QtTest>

using namespace lab;

class RepeatedTokensTest : public QObject {
    Q_OBJECT

private slots:
    void theyComeTwice() {
        const std::vector<Sample> samples = repeatedTokens({5, 6, 7, 8}, 1, 9, 3, 42);
        QCOMPARE(samples.size(), std::size_t{3});
        for (const Sample& sample : samples) {
            QCOMPARE(sample.tokens.size(), std::size_t{19});
            QCOMPARE(sample.tokens[0], 1);
            for (std::size_t i = 1; i <= 9; ++i) {
                QVERIFY(sample.tokens[i] >= 5 && sample.tokens[i] <= 8);
                QCOMPARE(sample.tokens[i], sample.tokens[i + 9]);
                QCOMPARE(sample.targets[i - 1], sample.tokens[i]);
            }
            QCOMPARE(sample.targets.back(), -1);
        }
        QVERIFY(samples[0].tokens != samples[1].tokens);
        QCOMPARE(repeatedTokens({5, 6, 7, 8}, std::nullopt, 9, 1, 42)[0].tokens.size(), std::size_t{18});
    }
};

QTEST_APPLESS_MAIN(RepeatedTokensTest)
#include "repeated_tokens_test.moc"
