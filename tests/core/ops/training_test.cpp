#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

// The loss.

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
