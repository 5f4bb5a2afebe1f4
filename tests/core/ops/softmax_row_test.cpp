#include "core/ops/softmax_row.h"

#include <QtTest>

using namespace lab;

namespace {

SoftmaxRow rowOf(const std::vector<double>& scores, double temperature = 1.0) {
    return softmaxRow(std::span(scores), temperature);
}

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

class SoftmaxRowTest : public QObject {
    Q_OBJECT

private slots:
    void everyStepIsThere() {
        const SoftmaxRow row = rowOf({std::log(1.0), std::log(4.0), std::log(3.0)});
        QCOMPARE(row.largest, std::log(4.0));
        QVERIFY(std::abs(row.exponentials[0] - 0.25) < 1e-15);
        QCOMPARE(row.exponentials[1], 1.0);
        QVERIFY(std::abs(row.sum - 2.0) < 1e-15);
        QVERIFY(std::abs(row.probability(2) - 3.0 / 8.0) < 1e-15);
    }

    void theTemperatureDividesDifferences() {
        const SoftmaxRow row = rowOf({1.0, 3.0}, 2.0);
        QCOMPARE(row.exponentials[0], std::exp(-1.0));
        QVERIFY(rowOf({1.0, 3.0}, 1e-3).probability(1) == 1.0);
    }

    void hiddenScoresTakeNoPart() {
        const SoftmaxRow row = rowOf({-infinite, 700.0, -infinite, 700.0});
        QCOMPARE(row.exponentials, (std::vector{0.0, 1.0, 0.0, 1.0}));
        QCOMPARE(row.probability(0), 0.0);
        QCOMPARE(row.probability(3), 0.5);
    }

    void aRowOfNothingHasNoWeight() {
        for (const std::vector<double>& scores : {std::vector<double>{}, std::vector{-infinite, -infinite}}) {
            const SoftmaxRow row = rowOf(scores);
            QCOMPARE(row.sum, 0.0);
            for (std::size_t i = 0; i < scores.size(); ++i) QCOMPARE(row.probability(i), 0.0);
        }
    }

    void floatsAreTakenAsDoubles() {
        const std::vector<float> scores{0.1F, -1e4F, 88.0F};
        const SoftmaxRow row = softmaxRow(std::span(scores));
        QCOMPARE(row.exponentials[0], std::exp(static_cast<double>(0.1F) - 88.0));
        QCOMPARE(row.largest, 88.0);
    }
};

QTEST_APPLESS_MAIN(SoftmaxRowTest)
#include "softmax_row_test.moc"
