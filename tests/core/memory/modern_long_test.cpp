#include <QtTest>

#include "tests/core/memory/retrieval_table.h"

using namespace lab::testing;

/// The whole table of RESEARCH.md G.2.
class ModernLongTest : public QObject {
    Q_OBJECT

private slots:
    void publishedTable() {
        int count = 10;
        for (int column = 0; column < 4; ++column, count *= 10)
            for (const RetrievalRow& row : retrievalRows) {
                const Retrieval found = retrieval(row.d, row.beta, count);
                QVERIFY2(std::abs(found.median - row.median[column]) < 0.03,
                         qPrintable(QString("d %1 B %2 P %3: %4").arg(row.d).arg(row.beta).arg(count).arg(found.median)));
            }
    }

    /// Of 10,000 patterns of 8 numbers, 27 % of the queries end nearer to another one (measured there on few queries; 20 % here).
    void manyPatternsInFewNumbersAreTakenForAnother() {
        const Retrieval found = retrieval(8, 32, 10000, 1000);
        QVERIFY2(std::abs(found.wrongNearest - 0.27) < 0.1, qPrintable(QString::number(found.wrongNearest)));
    }
};

QTEST_APPLESS_MAIN(ModernLongTest)
#include "modern_long_test.moc"
