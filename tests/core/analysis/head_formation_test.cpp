#include "core/analysis/head_formation.h"

#include <QtTest>
#include <limits>
#include <random>
#include <vector>

using namespace lab;

class HeadFormationTest : public QObject {
    Q_OBJECT

private slots:
    void aRisingShareFormsWhereItReachesHalf() {
        const std::vector<std::int64_t> steps{0, 10, 20, 40, 80};
        const auto formed = formationOf(steps, std::vector{0.06, 0.1, 0.44, 0.45, 0.9});
        QVERIFY(formed);
        QCOMPARE(formed->step, 40);
        QCOMPARE(formed->stepBefore, 20);
        QCOMPARE(formed->finalValue, 0.9);
    }

    void whatBreaksAndComesBackFormsWhereItStays() {
        const std::vector<std::int64_t> steps{0, 10, 20, 30, 40};
        QCOMPARE(formationOf(steps, std::vector{0.1, 0.8, 0.2, 0.7, 0.8})->step, 30);
    }

    void nothingFormsFromTheStartOrWithoutAnEnd() {
        const std::vector<std::int64_t> steps{0, 10};
        QVERIFY(!formationOf(steps, std::vector{0.06, 0.08}));
        QVERIFY(!formationOf(steps, std::vector{0.5, 0.0}));
        QVERIFY(!formationOf(steps, std::vector{0.5, std::numeric_limits<double>::quiet_NaN()}));
        QVERIFY(!formationOf({}, {}));
        QCOMPARE(formationOf(steps, std::vector{std::numeric_limits<double>::quiet_NaN(), 0.4})->step, 10);
    }

    void everySeriesAgreesWithTryingEachStep() {
        std::mt19937 random(7);
        for (int trial = 0; trial < 500; ++trial) {
            std::vector<std::int64_t> steps;
            std::vector<double> values;
            for (int i = 0, n = 1 + static_cast<int>(random() % 8); i < n; ++i) {
                steps.push_back(3 * i);
                values.push_back(static_cast<double>(random() % 10) / 10.0);
            }
            std::optional<std::int64_t> expected;
            for (std::size_t i = values.size(); i-- > 1;) {  // the earliest that fits wins
                bool stays = true;
                for (std::size_t k = i; k < values.size(); ++k) stays = stays && values[k] >= values.back() / 2;
                if (stays) expected = steps[i];
            }
            const bool fromTheStart = std::all_of(values.begin(), values.end(), [&](double v) { return v >= values.back() / 2; });
            if (fromTheStart || values.back() <= 0.0) expected.reset();
            const auto formed = formationOf(steps, values);
            QCOMPARE(formed ? std::optional(formed->step) : std::nullopt, expected);
        }
    }
};

QTEST_APPLESS_MAIN(HeadFormationTest)
#include "head_formation_test.moc"
