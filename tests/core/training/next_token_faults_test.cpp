#include "core/training/next_token_faults.h"

#include <QtTest>

using namespace lab;

class NextTokenFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void threeAreTrainedAndTheSameAgain() {
        const NextTokenPlan plan{.steps = 40, .seed = 3};
        const auto first = trainNextTokenFaults(plan, [] { return true; }), again = trainNextTokenFaults(plan, [] { return true; });
        QCOMPARE(first.size(), std::size_t{3});
        QVERIFY(first[0].causal && first[0].positions);
        QVERIFY(!first[1].causal && first[1].positions);
        QVERIFY(!first[2].causal && !first[2].positions);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(first[i].loss, again[i].loss);
            QCOMPARE(first[i].written, again[i].written);
            QCOMPARE(first[i].chance, 0.1);
            QCOMPARE(first[i].prompt, first[0].prompt);
            QCOMPARE(first[i].wrote.size(), first[i].prompt.size());
        }
    }

    void nothingIsGivenWhenItIsNotWantedAnyMore() {
        int asked = 0;
        QVERIFY(trainNextTokenFaults({.steps = 1000}, [&] { return ++asked < 5; }).empty());
        QCOMPARE(asked, 5);
    }
};

QTEST_APPLESS_MAIN(NextTokenFaultsTest)
#include "next_token_faults_test.moc"
