#include "core/optimizers/shared_parameters.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr double beta1 = 0.9, beta2 = 0.99, decay = 0.1, rate = 0.01, clip = 0.5;

double sign(double x) {
    return (x > 0) - (x < 0);
}

template <class T>
void check(const Kernels<T>& k, double tolerance, int rows, int columns) {
    Updated<T> p(configOf("lion", {{optimizer::beta1, beta1}, {optimizer::beta2, beta2}, {optimizer::weightDecay, decay}}), k, rows,
                 columns);
    if (columns > 3) p.first(0, 3) = p.gradient(0, 3) = 0;  // whose sign is 0
    const Updated<T> before = p;
    p.update({3, rate, 1, clip});
    QVERIFY(p.intact());
    for (int r = 0; r < p.weights.rows(); ++r)
        for (int c = 0; c < columns; ++c) {
            const double g = clip * p.gradient(r, c), m = before.first(r, c), w = before.weights(r, c);
            const double direction = sign(beta1 * m + (1 - beta1) * g) + (rows > 0 ? decay * w : 0.0);
            LAB_NEAR(static_cast<double>(p.weights(r, c)), w - rate * direction, tolerance);
            LAB_NEAR(static_cast<double>(p.first(r, c)), beta2 * m + (1 - beta2) * g, tolerance);
        }
}

}  // namespace

class LionTest : public QObject {
    Q_OBJECT

private slots:
    void aWeightMovesByTheRateInTheSignsDirection() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {0, 1, 5, 16, 31, 100}) {
                check(k, tolerance, 0, n);
                check(k, tolerance, 3, n);
            }
        });
    }
};

QTEST_APPLESS_MAIN(LionTest)
#include "lion_test.moc"
