#include "core/config/schedule_spec.h"

#include <QtTest>
#include <cmath>
#include <vector>

using namespace lab;

namespace {

/// Of step 1 and all that follow.
std::vector<double> ratesOf(const char* kind, const Parameters& numbers, int steps, double rate = 1.0) {
    std::vector<double> rates;
    for (int t = 1; t <= steps; ++t) rates.push_back(Kind<ScheduleSpec>(kind)->rate(rate, {numbers, t, steps, 32}));
    return rates;
}

void compare(const std::vector<double>& actual, const std::vector<double>& expected) {
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i)
        QVERIFY2(std::abs(actual[i] - expected[i]) < 1e-9, qPrintable(QString::number(i) + ": " + QString::number(actual[i])));
}

}  // namespace

class ScheduleSpecTest : public QObject {
    Q_OBJECT

private slots:
    void aStableScheduleRisesStaysAndFalls() {
        compare(ratesOf("wsd", {{"warmup_steps", 4}, {"decay_steps", 5}}, 12, 2.0),
                {0.5, 1.0, 1.5, 2.0, 2.0, 2.0, 2.0, 1.6, 1.2, 0.8, 0.4, 0.0});
        compare(ratesOf("wsd", {{"warmup_steps", 0}, {"decay_steps", 0}}, 3), {1, 1, 1});
        // A fall that is longer than the training, beside a warm-up.
        compare(ratesOf("wsd", {{"warmup_steps", 2}, {"decay_steps", 8}}, 4), {0.5 * 3 / 8, 2.0 / 8, 1.0 / 8, 0.0});
    }

    void anInverseRootRisesToTheRate() {
        compare(ratesOf("inverse-sqrt", {{"warmup_steps", 4}}, 16, 3.0),
                {0.75, 1.5, 2.25, 3.0, 3 * std::sqrt(0.8), 3 * std::sqrt(4.0 / 6), 3 * std::sqrt(4.0 / 7), 3 * std::sqrt(0.5), 2.0,
                 3 * std::sqrt(0.4), 3 * std::sqrt(4.0 / 11), std::sqrt(3.0), 3 * std::sqrt(4.0 / 13), 3 * std::sqrt(4.0 / 14),
                 3 * std::sqrt(4.0 / 15), 1.5});
        compare(ratesOf("inverse-sqrt", {{"warmup_steps", 0}}, 4), {1, std::sqrt(0.5), std::sqrt(1.0 / 3), 0.5});
    }

    /// torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps, pct_start, cycle_momentum=False) of PyTorch 1.13.
    void oneCycleIsTorchs() {
        compare(ratesOf("one-cycle", {}, 10),
                {0.04, 0.52, 1.0, 0.950484632, 0.8117456539, 0.6112620219, 0.3887419781, 0.1882583461, 0.04951936799, 4e-06});
        compare(ratesOf("one-cycle", {{"rise_share", 0.25}}, 8),
                {0.04, 1.0, 0.9330129698, 0.750001, 0.500002, 0.250003, 0.06699103016, 4e-06});
        compare(ratesOf("one-cycle", {{"rise_share", 0.45}}, 7),
                {0.04, 0.46750182, 0.9885164212, 0.8844757248, 0.5305827081, 0.1574325128, 4e-06});
        compare(ratesOf("one-cycle", {{"rise_share", 0.1}}, 5), {0.969846431, 0.750001, 0.4131782585, 0.1169813105, 4e-06});
    }

    void oneCycleOfFewStepsIsFinite() {
        compare(ratesOf("one-cycle", {}, 1), {4e-06});
        compare(ratesOf("one-cycle", {{"rise_share", 0.5}}, 2), {1.0, 4e-06});
        compare(ratesOf("one-cycle", {{"rise_share", 0.0}}, 2), {0.500002, 4e-06});
    }

    void theRiseOfACycleIsAShareOfTheSteps() {
        QCOMPARE(warmupSteps(*Kind<ScheduleSpec>("one-cycle"), {}, 1000), 300);
        QCOMPARE(warmupSteps(*Kind<ScheduleSpec>("one-cycle"), {{"rise_share", 0.25}}, 10), 3);
        QCOMPARE(warmupSteps(*Kind<ScheduleSpec>("wsd"), {{"warmup_steps", 7}}, 1000), 7);
        QCOMPARE(warmupSteps(*Kind<ScheduleSpec>("constant"), {{"warmup_steps", 7}}, 1000), 0);
    }
};

QTEST_APPLESS_MAIN(ScheduleSpecTest)
#include "schedule_spec_test.moc"
