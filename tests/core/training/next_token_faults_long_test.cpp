#include <QtTest>

#include "core/training/next_token_faults.h"

using namespace lab;

/// What the statements about a GPT without mask say, for seeds that are nowhere else.
class NextTokenFaultsLongTest : public QObject {
    Q_OBJECT

private slots:
    void withoutMaskTheLossFallsAndWritingFails_data() {
        QTest::addColumn<quint64>("seed");
        for (const quint64 seed : {11, 12, 13, 14, 15}) QTest::addRow("seed %d", static_cast<int>(seed)) << seed;
    }
    void withoutMaskTheLossFallsAndWritingFails() {
        QFETCH(quint64, seed);
        const auto runs = trainNextTokenFaults({.seed = seed}, [] { return true; });
        for (const NextTokenRun& run : runs)
            qInfo("causal %d positions %d: loss %.3f, written %.3f", run.causal, run.positions, run.loss, run.written);
        QVERIFY(runs[0].written > 0.95);                        // a GPT writes what it learned
        QVERIFY(runs[1].loss < 0.05 && runs[1].written < 0.2);  // without mask it copies what is not there when it writes
        QVERIFY(runs[2].loss > 1.5 && runs[2].written < 0.3);   // and without positions it does not see the order
    }
};

QTEST_APPLESS_MAIN(NextTokenFaultsLongTest)
#include "next_token_faults_long_test.moc"
