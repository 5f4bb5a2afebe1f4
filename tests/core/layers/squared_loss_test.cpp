#include "core/layers/squared_loss.h"

#include <QtTest>

#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/tensor/weights.h"

using namespace lab;

namespace {

constexpr int rows = 5, outputs = 3, stride = 8;  // a row is padded to whole vectors of the processor
const std::vector<int> targets{0, -1, 0, 0, -1};

template <class T>
struct Answers {
    BasicWeights<T> y = BasicWeights<T>(rows * stride, std::numeric_limits<T>::quiet_NaN());  // what stands in padding is nobody's
    std::vector<float> t = std::vector<float>(rows * outputs);

    Answers() {
        const RandomStream random(3, "answers");
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < outputs; ++c) {
                const auto i = static_cast<std::uint64_t>(r * outputs + c);
                y[static_cast<std::size_t>(r * stride + c)] = static_cast<T>(random.normal(2 * i));
                t[i] = targets[static_cast<std::size_t>(r)] < 0 ? 0.0f : static_cast<float>(random.normal(2 * i + 1));
            }
    }
};

SquaredSums sumsOf(const Answers<double>& a, double weight = 0, double* dy = nullptr) {
    return squaredLoss(rows, outputs, a.y.data(), stride, targets.data(), a.t.data(), weight, dy);
}

}  // namespace

class SquaredLossTest : public QObject {
    Q_OBJECT

private slots:
    void itIsHalfTheMeanSquareOfWhatIsAskedFor() {
        const Answers<double> a;
        double loss = 0, squares = 0;
        for (const int r : {0, 2, 3})
            for (int c = 0; c < outputs; ++c) {
                const double t = static_cast<double>(a.t[static_cast<std::size_t>(r * outputs + c)]);
                loss += std::pow(a.y[static_cast<std::size_t>(r * stride + c)] - t, 2) / (2 * outputs);
                squares += t * t / (2 * outputs);
            }
        const SquaredSums sums = sumsOf(a);
        QCOMPARE(sums.counted, 3);
        QVERIFY(std::abs(sums.loss - loss) <= 1e-14 * loss);
        QVERIFY(std::abs(sums.squares - squares) <= 1e-14 * squares);
    }

    void itsGradientIsThatOfItsSumTimesTheWeight() {
        const Answers<double> a;
        BasicWeights<double> dy(rows * stride, std::numeric_limits<double>::quiet_NaN());
        sumsOf(a, 0.25, dy.data());
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < stride; ++c) {
                const auto at = static_cast<std::size_t>(r * stride + c);
                if (c >= outputs || targets[static_cast<std::size_t>(r)] < 0) {
                    QCOMPARE(dy[at], 0.0);
                    continue;
                }
                const double h = 1e-5;
                Answers<double> up, down;
                up.y[at] += h;
                down.y[at] -= h;
                QVERIFY(std::abs(dy[at] - 0.25 * (sumsOf(up).loss - sumsOf(down).loss) / (2 * h)) < 1e-9);
            }
    }

    void theGradientMayReplaceTheAnswers() {
        Answers<double> a;
        BasicWeights<double> dy(rows * stride);
        const SquaredSums apart = sumsOf(a, 0.5, dy.data());
        const SquaredSums inPlace = squaredLoss(rows, outputs, a.y.data(), stride, targets.data(), a.t.data(), 0.5, a.y.data());
        QCOMPARE(inPlace.loss, apart.loss);
        QVERIFY(a.y == dy);
    }

    void floatAgreesWithDouble() {
        const Answers<float> single;
        const SquaredSums found =
            squaredLoss(rows, outputs, single.y.data(), stride, targets.data(), single.t.data(), 0.0f, static_cast<float*>(nullptr));
        const SquaredSums expected = sumsOf({});
        QVERIFY(std::abs(found.loss - expected.loss) < 1e-6 * expected.loss);
        QCOMPARE(found.squares, expected.squares);
    }

    void whatIsAnsweredRightCostsNothing() {
        Answers<double> a;
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < outputs; ++c)
                a.y[static_cast<std::size_t>(r * stride + c)] = static_cast<double>(a.t[static_cast<std::size_t>(r * outputs + c)]);
        QCOMPARE(sumsOf(a).loss, 0.0);
        QVERIFY(sumsOf(a).squares > 0.0);
    }
};

QTEST_APPLESS_MAIN(SquaredLossTest)
#include "squared_loss_test.moc"
