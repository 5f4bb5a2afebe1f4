#include "core/analysis/smoothing.h"

#include <QtTest>
#include <cmath>
#include <limits>

using namespace lab;

class SmoothingTest : public QObject {
    Q_OBJECT

private slots:
    void firstAverageIsTheFirstValue() {
        ExponentialAverage average(0.98);
        QCOMPARE(average.add(2.303), 2.303);
    }

    void constantStaysItself() {
        ExponentialAverage average(0.93);
        for (int i = 0; i < 50; ++i) QVERIFY(std::abs(average.add(0.25) - 0.25) < 1e-14);
    }

    void equalsTheWeightedMean() {
        // By definition: sum of f^(n-i) x_i over the sum of f^(n-i).
        const std::vector<double> values{3.0, 1.0, 4.0, 1.0, 5.0, 9.0};
        const double factor = 0.8;
        const auto smooth = exponentialAverage(values, factor);
        QCOMPARE(smooth.size(), values.size());
        for (std::size_t n = 0; n < values.size(); ++n) {
            double sum = 0, weight = 0;
            for (std::size_t i = 0; i <= n; ++i) {
                sum += std::pow(factor, double(n - i)) * values[i];
                weight += std::pow(factor, double(n - i));
            }
            QVERIFY(std::abs(smooth[n] - sum / weight) < 1e-12);
        }
    }

    void factorZeroChangesNothing() {
        const std::vector<double> values{3.0, -1.0, 4.0};
        QCOMPARE(exponentialAverage(values, 0.0), values);
    }

    void valueThatIsNotFiniteIsLeftOut() {
        ExponentialAverage average(0.5);
        QVERIFY(std::isnan(average.value()));
        QVERIFY(std::isnan(average.add(std::numeric_limits<double>::infinity())));
        average.add(1.0);
        QCOMPARE(average.add(std::numeric_limits<double>::quiet_NaN()), 1.0);
        QCOMPARE(average.add(4.0), 3.0);  // (0.25 * 2 + 0.5 * 4) / 0.75 with the NaN skipped
    }

    void firstPassingsKeepTheFirstStep() {
        FirstPassings passings({0.2, 0.5, 0.9}, 0.0);
        const std::vector<double> curve{0.1, 0.25, 0.15, 0.6, 0.3, 0.7};
        for (std::size_t i = 0; i < curve.size(); ++i) passings.add(std::int64_t(i) + 1, curve[i]);
        QCOMPARE(passings.steps()[0].value(), 2);
        QCOMPARE(passings.steps()[1].value(), 4);
        QVERIFY(!passings.steps()[2].has_value());
    }

    void oneOutlierDoesNotPassASmoothedLevel() {
        FirstPassings passings({0.5}, 0.9);
        for (int i = 1; i <= 20; ++i) passings.add(i, 0.1);
        passings.add(21, 0.9);
        QVERIFY(!passings.steps()[0].has_value());
    }
};

QTEST_APPLESS_MAIN(SmoothingTest)
#include "smoothing_test.moc"
