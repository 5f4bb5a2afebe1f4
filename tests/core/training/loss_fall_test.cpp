#include "core/training/loss_fall.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

using namespace lab;

namespace {

std::vector<StepRecord> recordsOf(const std::vector<double>& losses, std::int64_t firstStep = 1) {
    std::vector<StepRecord> records(losses.size());
    for (std::size_t i = 0; i < losses.size(); ++i) {
        records[i].step = firstStep + static_cast<std::int64_t>(i);
        records[i].train.loss = losses[i];
    }
    return records;
}

/// The same, said plainly: every pair of neighbouring windows summed anew.
std::size_t slowSteepest(const std::vector<double>& losses, std::size_t window) {
    std::size_t best = window;
    double deepest = -1;
    for (std::size_t i = window; i + window <= losses.size(); ++i) {
        double fall = 0;
        for (std::size_t k = 0; k < window; ++k) fall += losses[i - window + k] - losses[i + k];
        if (fall <= deepest + 1e-9) continue;
        deepest = fall;
        best = i;
    }
    return best;
}

}  // namespace

class LossFallTest : public QObject {
    Q_OBJECT

private slots:
    void aStepDownIsFoundExactly() {
        std::vector<double> losses(200, 2.0);
        for (std::size_t i = 120; i < losses.size(); ++i) losses[i] = 0.5;
        const auto fall = steepestFall(recordsOf(losses, 1001));
        QVERIFY(fall.has_value());
        QCOMPARE(fall->step, std::int64_t{1121});
        QCOMPARE(fall->window, 5);
        QVERIFY(std::abs(fall->before - 2.0) < 1e-12);
        QVERIFY(std::abs(fall->after - 0.5) < 1e-12);
    }

    void natsCountNotRatios() {
        // 2.0 -> 1.5 at once, then 1.5 -> 0.1 slowly, then 0.1 -> 0.01: the last is the greatest ratio, the first the most nats.
        std::vector<double> losses(300, 2.0);
        for (std::size_t i = 50; i < 100; ++i) losses[i] = 1.5;
        for (std::size_t i = 100; i < 200; ++i) losses[i] = 1.5 * std::pow(0.1 / 1.5, static_cast<double>(i - 100) / 100.0);
        for (std::size_t i = 200; i < 300; ++i) losses[i] = 0.01;
        QCOMPARE(steepestFall(recordsOf(losses))->step, std::int64_t{51});
    }

    void whatIsSolvedHasNoFall() {
        std::vector<double> losses(300, 0.008);
        for (std::size_t i = 150; i < 300; ++i) losses[i] = 0.0001;
        QVERIFY(!steepestFall(recordsOf(losses)));
        for (std::size_t i = 0; i < 60; ++i) losses[i] = 1.0;
        QCOMPARE(steepestFall(recordsOf(losses))->step, std::int64_t{61});
    }

    void agreesWithThePlainWayOnNoise() {
        std::mt19937 random(7);
        std::normal_distribution<double> noise(0, 0.2);
        for (int round = 0; round < 20; ++round) {
            std::vector<double> losses;
            const double middle = 100 + 30 * round;
            for (int i = 0; i < 900; ++i) losses.push_back(std::exp(-2 / (1 + std::exp(-(i - middle) / 20)) + noise(random)));
            const auto fall = steepestFall(recordsOf(losses));
            QVERIFY(fall.has_value());
            QCOMPARE(fall->window, 18);
            QCOMPARE(fall->step, static_cast<std::int64_t>(slowSteepest(losses, 18)) + 1);
        }
    }

    void nothingIsSaidWithoutAFall() {
        QVERIFY(!steepestFall({}));
        QVERIFY(!steepestFall(recordsOf(std::vector<double>(19, 1.0))));
        QVERIFY(!steepestFall(recordsOf(std::vector<double>(400, 1.0))));
        std::vector<double> rising;
        for (int i = 0; i < 400; ++i) rising.push_back(1 + i);
        QVERIFY(!steepestFall(recordsOf(rising)));
    }

    void whatDivergedDoesNotCount() {
        std::vector<double> losses(100, 2.0);
        for (std::size_t i = 40; i < 100; ++i) losses[i] = 1.0;
        losses.insert(losses.end(), {std::numeric_limits<double>::quiet_NaN(), 1e-9, 1e-9, 1e-9, 1e-9, 1e-9});
        const auto fall = steepestFall(recordsOf(losses));
        QVERIFY(fall.has_value());
        QCOMPARE(fall->step, std::int64_t{41});
        losses.assign(100, 0.0);
        QVERIFY(!steepestFall(recordsOf(losses)));
    }
};

QTEST_APPLESS_MAIN(LossFallTest)
#include "loss_fall_test.moc"
