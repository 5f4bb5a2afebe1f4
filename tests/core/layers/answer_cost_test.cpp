#include "core/layers/answer_cost.h"

#include <QtTest>

#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/ops/kernels.h"
#include "core/tensor/weights.h"

using namespace lab;

namespace {

constexpr int answerRows = 5, classes = 7, answerStride = 16;  // a row is padded to whole vectors of the processor
const std::vector<int> answerTargets{3, -1, 0, 6, -1};
constexpr double nobodys = std::numeric_limits<double>::quiet_NaN();

template <class T>
BasicWeights<T> logits() {
    const RandomStream random(3, "logits");
    BasicWeights<T> z(answerRows * answerStride, static_cast<T>(nobodys));
    for (int r = 0; r < answerRows; ++r)
        for (int c = 0; c < classes; ++c)
            z[static_cast<std::size_t>(r * answerStride + c)] =
                static_cast<T>(3.0 * random.normal(static_cast<std::uint64_t>(r * classes + c)));
    return z;
}

/// As it is defined: cross-entropy with the smoothed distribution less that with the target, and the square of ln sum exp.
double defined(const AnswerCost& cost, const BasicWeights<double>& z) {
    double sum = 0;
    for (int r = 0; r < answerRows; ++r) {
        if (answerTargets[static_cast<std::size_t>(r)] < 0) continue;
        const double* row = z.data() + r * answerStride;
        double divisor = 0;
        for (int c = 0; c < classes; ++c) divisor += std::exp(row[c]);
        const double log = std::log(divisor);
        for (int c = 0; c < classes; ++c) {
            const double hot = c == answerTargets[static_cast<std::size_t>(r)];
            const double q = (1 - cost.label_smoothing) * hot + cost.label_smoothing / classes;
            sum -= (q - hot) * (row[c] - log);
        }
        sum += cost.z_loss * log * log;
    }
    return sum;
}

/// The gradient of cross-entropy and cost together, as training computes it.
template <class T>
BasicWeights<T> trained(const AnswerCost& cost, const BasicWeights<T>& z, T weight, double* sum) {
    BasicWeights<T> dz(answerRows * answerStride, static_cast<T>(nobodys));
    kernels<T>().crossEntropy(answerRows, classes, z.data(), answerStride, answerTargets.data(), weight, dz.data(), answerStride, nullptr);
    *sum = addAnswerCost(cost, answerRows, classes, z.data(), answerStride, answerTargets.data(), weight, dz.data());
    return dz;
}

double whole(const AnswerCost& cost, const BasicWeights<double>& z) {
    const CrossEntropySums sums = kernels<double>().crossEntropy(answerRows, classes, z.data(), answerStride, answerTargets.data(), 0.0,
                                                                 nullptr, answerStride, nullptr);
    return sums.loss +
           addAnswerCost(cost, answerRows, classes, z.data(), answerStride, answerTargets.data(), 0.0, static_cast<double*>(nullptr));
}

const std::vector<AnswerCost> costs{{0.1, 0.0}, {0.0, 0.01}, {0.3, 0.05}};

}  // namespace

class AnswerCostTest : public QObject {
    Q_OBJECT

private slots:
    void itIsWhatItIsDefinedToBe() {
        const auto z = logits<double>();
        for (const AnswerCost& cost : costs) {
            const double sum =
                addAnswerCost(cost, answerRows, classes, z.data(), answerStride, answerTargets.data(), 0.0, static_cast<double*>(nullptr));
            QVERIFY(std::abs(sum - defined(cost, z)) <= 1e-12 * std::abs(sum));
        }
    }

    /// torch.nn.functional.cross_entropy([[2, 0, -2]], [0], label_smoothing=0.3) of PyTorch 1.13 less the same without smoothing.
    void smoothingIsTorchs() {
        const std::vector<double> z{2, 0, -2};
        const int target = 0;
        const double sum = addAnswerCost({0.3, 0.0}, 1, 3, z.data(), 3, &target, 0.0, static_cast<double*>(nullptr));
        QVERIFY(std::abs(sum - (0.7429316 - 0.1429316)) < 1e-6);
    }

    void theGradientIsThatOfTheWhole() {
        const double weight = 0.25;
        for (const AnswerCost& cost : costs) {
            const auto z = logits<double>();
            double sum = 0;
            const auto dz = trained(cost, z, weight, &sum);
            QVERIFY(std::abs(sum - defined(cost, z)) <= 1e-12 * std::abs(sum));
            for (int r = 0; r < answerRows; ++r)
                for (int c = 0; c < answerStride; ++c) {
                    const auto i = static_cast<std::size_t>(r * answerStride + c);
                    if (c >= classes || answerTargets[static_cast<std::size_t>(r)] < 0) {
                        QCOMPARE(dz[i], 0.0);
                        continue;
                    }
                    auto up = z, down = z;
                    up[i] += 1e-5;
                    down[i] -= 1e-5;
                    const double expected = weight * (whole(cost, up) - whole(cost, down)) / 2e-5;
                    QVERIFY2(std::abs(dz[i] - expected) < 1e-8, qPrintable(QString("%1 %2").arg(dz[i]).arg(expected)));
                }
        }
    }

    void floatAgreesWithDouble() {
        for (const AnswerCost& cost : costs) {
            double single = 0, twice = 0;
            const auto dz = trained<float>(cost, logits<float>(), 0.25f, &single);
            const auto exact = trained<double>(cost, logits<double>(), 0.25, &twice);
            QVERIFY(std::abs(single - twice) <= 1e-5 * (1 + std::abs(twice)));
            for (std::size_t i = 0; i < dz.size(); ++i) QVERIFY(std::abs(static_cast<double>(dz[i]) - exact[i]) <= 1e-5);
        }
    }

    /// However certain the answer, right or wrong.
    void largeLogitsStayFinite() {
        for (const int target : {0, 1}) {
            const std::vector<float> z{300, -300, 0};
            std::vector<float> dz(3);
            kernels<float>().crossEntropy(1, 3, z.data(), 3, &target, 1.0f, dz.data(), 3, nullptr);
            const double sum = addAnswerCost({0.1, 1e-4}, 1, 3, z.data(), 3, &target, 1.0f, dz.data());
            QVERIFY(std::abs(sum - ((target == 0 ? 30.0 : -30.0) + 9.0)) < 1e-4);
            for (const float d : dz) QVERIFY(std::isfinite(d));
        }
    }
};

QTEST_APPLESS_MAIN(AnswerCostTest)
#include "answer_cost_test.moc"
