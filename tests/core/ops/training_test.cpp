#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

// The loss and the optimizers.

namespace {

double twinLoss(const std::vector<double>& z, int target) {
    const double top = *std::max_element(z.begin(), z.end());
    double sum = 0;
    for (const double v : z) sum += std::exp(v - top);
    return std::log(sum) + top - z[target];
}

template <class T>
void checkCrossEntropy(const Kernels<T>& k, double tolerance, int rows, int classes, int gap) {
    Guarded<T> logits(rows, classes, gap);
    Guarded<T> gradient(rows, classes + gap, 0);
    logits.fill(1, 3);
    std::vector<int> targets;
    std::vector<signed char> correct(rows, 9);
    for (int r = 0; r < rows; ++r) targets.push_back(r % 4 == 3 ? -1 : (r * 7) % classes);
    const T weight = T(0.125);
    const auto sums =
        k.crossEntropy(rows, classes, logits.data(), logits.ld(), targets.data(), weight, gradient.data(), gradient.ld(), correct.data());
    QVERIFY(logits.intact() && gradient.intact());
    double loss = 0;
    int counted = 0, hits = 0;
    for (int r = 0; r < rows; ++r) {
        const std::vector<double> z = row(logits, r);
        const int target = targets[r];
        for (int c = 0; c < classes; ++c) {
            double expected = 0;
            if (target >= 0) expected = (std::exp(-twinLoss(z, c)) - (c == target)) * 0.125;
            LAB_NEAR(static_cast<double>(gradient(r, c)), expected, tolerance);
        }
        for (int c = classes; c < classes + gap; ++c) QCOMPARE(gradient(r, c), T(0));
        if (target < 0) {
            QCOMPARE(correct[r], static_cast<signed char>(-1));
            continue;
        }
        const bool hit = std::max_element(z.begin(), z.end()) - z.begin() == target;
        QCOMPARE(correct[r], static_cast<signed char>(hit));
        loss += twinLoss(z, target);
        ++counted;
        hits += hit;
    }
    LAB_NEAR(sums.loss, loss, tolerance);
    QCOMPARE(sums.counted, counted);
    QCOMPARE(sums.correct, hits);
    const auto again = k.crossEntropy(rows, classes, logits.data(), logits.ld(), targets.data(), weight, nullptr, 0, nullptr);
    QCOMPARE(again.loss, sums.loss);
    if (gap > 0) return;
    k.crossEntropy(rows, classes, logits.data(), logits.ld(), targets.data(), weight, logits.data(), logits.ld(), nullptr);
    for (int r = 0; r < rows; ++r) QVERIFY(row(logits, r) == row(gradient, r));
}

template <class T>
void checkAdam(const Kernels<T>& k, double tolerance, int n, double decay) {
    Guarded<T> g(1, n), w(1, n), m(1, n), v(1, n);
    g.fill(1, 0.3);
    w.fill(2);
    m.fill(3, 0.1);
    v.fill(4, 0.1);
    for (int i = 0; i < n; ++i) v(0, i) = v(0, i) * v(0, i);
    const Guarded<T> w0 = w, m0 = m, v0 = v;
    const AdamFactors f{0.01, 0.9, 0.98, 1e-8, 0.5, decay, 1 - std::pow(0.9, 3), 1 - std::pow(0.98, 3)};
    k.adam(n, f, g.data(), w.data(), m.data(), v.data());
    QVERIFY(w.intact() && m.intact() && v.intact());
    for (int i = 0; i < n; ++i) {
        const double gradient = 0.5 * g(0, i);
        const double first = 0.9 * m0(0, i) + 0.1 * gradient, second = 0.98 * v0(0, i) + 0.02 * gradient * gradient;
        double weight = w0(0, i) * (1 - 0.01 * decay);
        weight -= 0.01 * (first / f.correction1) / (std::sqrt(second / f.correction2) + 1e-8);
        LAB_NEAR(static_cast<double>(m(0, i)), first, tolerance);
        LAB_NEAR(static_cast<double>(v(0, i)), second, tolerance);
        LAB_NEAR(static_cast<double>(w(0, i)), weight, tolerance);
    }
}

template <class T>
void checkSgd(const Kernels<T>& k, double tolerance, int n) {
    Guarded<T> g(1, n), w(1, n), v(1, n);
    g.fill(1);
    w.fill(2);
    v.fill(3);
    const Guarded<T> w0 = w, v0 = v;
    k.sgd(n, 0.1, 0.9, 0.5, g.data(), w.data(), v.data());
    QVERIFY(w.intact() && v.intact());
    for (int i = 0; i < n; ++i) {
        const double velocity = 0.9 * v0(0, i) + 0.5 * g(0, i);
        LAB_NEAR(static_cast<double>(v(0, i)), velocity, tolerance);
        LAB_NEAR(static_cast<double>(w(0, i)), w0(0, i) - 0.1 * velocity, tolerance);
    }
}

}  // namespace

class TrainingTest : public QObject {
    Q_OBJECT

private slots:
    void crossEntropyOfAllWidths() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int classes : {1, 2, 3, 9, 10, 16, 17, 65}) {
                for (const int gap : {0, 3, 6}) checkCrossEntropy(k, tolerance, 40, classes, gap);
                checkCrossEntropy(k, tolerance, 0, classes, 0);
            }
        });
    }

    void tiesGoToTheLowestIndex() {
        forEachTable([](const auto& k, double) { checkTies(k); });
    }

    void adamFollowsPyTorch() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {0, 1, 5, 16, 31, 100}) {
                checkAdam(k, tolerance, n, 0);
                checkAdam(k, tolerance, n, 0.1);
            }
        });
    }

    void sgdWithMomentum() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {0, 1, 5, 16, 31, 100}) checkSgd(k, tolerance, n);
        });
    }

private:
    template <class T>
    static void checkTies(const Kernels<T>& k) {
        const T logits[] = {1, 2, 2, 0, 1, 2, 2, 0};
        const int targets[] = {1, 2};
        signed char correct[2];
        const auto sums = k.crossEntropy(2, 4, logits, 4, targets, T(1), nullptr, 0, correct);
        QCOMPARE(sums.correct, 1);
        QCOMPARE(correct[0], static_cast<signed char>(1));
        QCOMPARE(correct[1], static_cast<signed char>(0));
    }
};

QTEST_APPLESS_MAIN(TrainingTest)
#include "training_test.moc"
