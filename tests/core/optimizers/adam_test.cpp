#include "core/optimizers/shared_parameters.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr double beta1 = 0.9, beta2 = 0.98, decay = 0.1, rate = 0.01, clip = 0.5;
constexpr int step = 3;

OptimizerConfig adam(const char* kind) {
    return configOf(kind, {{optimizer::beta1, beta1}, {optimizer::beta2, beta2}, {optimizer::weightDecay, decay}});
}

/// Rows 0: a vector.
template <class T>
void check(const Kernels<T>& k, double tolerance, const char* kind, int rows, int columns, double expectedDecay) {
    Updated<T> p(adam(kind), k, rows, columns);
    const Updated<T> before = p;
    p.update({step, rate, 1, clip});
    QVERIFY(p.intact());
    for (int r = 0; r < p.weights.rows(); ++r)
        for (int c = 0; c < columns; ++c) {
            const double g = clip * p.gradient(r, c);
            const double m = beta1 * before.first(r, c) + (1 - beta1) * g, v = beta2 * before.second(r, c) + (1 - beta2) * g * g;
            double w = before.weights(r, c) * (1 - rate * expectedDecay);
            w -= rate * (m / (1 - std::pow(beta1, step))) / (std::sqrt(v / (1 - std::pow(beta2, step))) + 1e-8);
            LAB_NEAR(static_cast<double>(p.first(r, c)), m, tolerance);
            LAB_NEAR(static_cast<double>(p.second(r, c)), v, tolerance);
            LAB_NEAR(static_cast<double>(p.weights(r, c)), w, tolerance);
        }
}

}  // namespace

class AdamTest : public QObject {
    Q_OBJECT

private slots:
    void adamFollowsPyTorch() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {0, 1, 5, 16, 31, 100}) {
                check(k, tolerance, "adam", 0, n, 0.0);
                check(k, tolerance, "adam", 3, n, 0.0);
            }
        });
    }

    void adamwDecaysMatricesAndNoVectors() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {0, 1, 5, 16, 31, 100}) {
                check(k, tolerance, "adamw", 0, n, 0.0);
                check(k, tolerance, "adamw", 3, n, decay);
            }
        });
    }
};

QTEST_APPLESS_MAIN(AdamTest)
#include "adam_test.moc"
