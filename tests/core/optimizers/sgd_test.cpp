#include "core/optimizers/shared_parameters.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

template <class T>
void check(const Kernels<T>& k, double tolerance, int n) {
    Updated<T> p(configOf("sgd", {{optimizer::momentum, 0.9}}), k, 0, n);
    const Updated<T> before = p;
    p.update({7, 0.1, 1, 0.5});
    QVERIFY(p.intact());
    for (int i = 0; i < n; ++i) {
        const double velocity = 0.9 * before.first(0, i) + 0.5 * p.gradient(0, i);
        LAB_NEAR(static_cast<double>(p.first(0, i)), velocity, tolerance);
        LAB_NEAR(static_cast<double>(p.weights(0, i)), before.weights(0, i) - 0.1 * velocity, tolerance);
    }
}

}  // namespace

class SgdTest : public QObject {
    Q_OBJECT

private slots:
    void sgdWithMomentum() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {0, 1, 5, 16, 31, 100}) check(k, tolerance, n);
        });
    }
};

QTEST_APPLESS_MAIN(SgdTest)
#include "sgd_test.moc"
