#include "core/analysis/online_softmax.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace lab;

namespace {

constexpr double hiddenScore = -std::numeric_limits<double>::infinity();

/// Maximum, exponentials, sum and weights of the whole row, one after the other.
std::vector<double> wholeRow(const std::vector<double>& scores, const std::vector<double>& values, int width) {
    const double top = *std::ranges::max_element(scores);
    double sum = 0;
    for (const double score : scores) sum += std::exp(score - top);
    std::vector<double> out(static_cast<std::size_t>(width), 0);
    for (std::size_t j = 0; j < scores.size(); ++j)
        for (std::size_t p = 0; p < out.size(); ++p) out[p] += std::exp(scores[j] - top) / sum * values[j * out.size() + p];
    return out;
}

}  // namespace

class OnlineSoftmaxTest : public QObject {
    Q_OBJECT

private slots:
    void everyTileSizeGivesThePlainRow_data() {
        QTest::addColumn<int>("tile");
        for (const int tile : {1, 2, 3, 4, 8, 16, 37, 100}) QTest::addRow("%d", tile) << tile;
    }
    void everyTileSizeGivesThePlainRow() {
        QFETCH(int, tile);
        constexpr int width = 5;
        std::mt19937 random(7);
        std::normal_distribution<double> normal;
        std::vector<double> scores(37), values(37 * width);
        for (double& score : scores) score = 20 * normal(random);
        for (double& value : values) value = normal(random);
        scores[0] = scores[5] = scores[36] = hiddenScore;
        const OnlineSoftmax online = onlineSoftmax(scores, values, width, tile);
        QCOMPARE(online.steps.size(), static_cast<std::size_t>((37 + tile - 1) / tile));
        const std::vector<double> plain = wholeRow(scores, values, width);
        for (std::size_t p = 0; p < plain.size(); ++p) QVERIFY(std::abs(online.result[p] - plain[p]) < 1e-13);
    }

    /// Each step by hand: scores 1, 3 | 2, 5 with values 1, 10, 100, 1000.
    void eachStepIsWhatTheFormulaSays() {
        const std::vector<double> scores{1, 3, 2, 5}, values{1, 10, 100, 1000};
        const OnlineSoftmax online = onlineSoftmax(scores, values, 1, 2);
        QCOMPARE(online.steps.size(), std::size_t{2});
        const OnlineStep &one = online.steps[0], &two = online.steps[1];
        QCOMPARE(one.maximum, 3.0);
        QCOMPARE(one.rescale, 0.0);
        QCOMPARE(one.sum, 1 + std::exp(-2.0));
        QCOMPARE(one.output[0], std::exp(-2.0) * 1 + 10);
        QCOMPARE(two.first, 2);
        QCOMPARE(two.tileMaximum, 5.0);
        QCOMPARE(two.rescale, std::exp(-2.0));
        QCOMPARE(two.tileSum, 1 + std::exp(-3.0));
        QCOMPARE(two.sum, (1 + std::exp(-2.0)) * std::exp(-2.0) + 1 + std::exp(-3.0));
        QCOMPARE(two.output[0], (std::exp(-2.0) + 10) * std::exp(-2.0) + std::exp(-3.0) * 100 + 1000);
        QCOMPARE(online.result[0], two.output[0] / two.sum);
    }

    /// Hidden tiles change nothing, wherever they stand; a row that sees nothing gives zeros.
    void hiddenKeysCountForNothing() {
        const std::vector<double> values{1, 2, 3, 4, 5, 6};
        const OnlineSoftmax online =
            onlineSoftmax(std::vector<double>{hiddenScore, hiddenScore, 0, 1, hiddenScore, hiddenScore}, values, 1, 2);
        QCOMPARE(online.steps[0].sum, 0.0);
        QCOMPARE(online.steps[0].maximum, hiddenScore);
        QCOMPARE(online.steps[1].rescale, 0.0);
        QCOMPARE(online.steps[2].rescale, 1.0);
        QCOMPARE(online.steps[2].sum, online.steps[1].sum);
        QCOMPARE(online.result[0], (std::exp(-1.0) * 3 + 4) / (std::exp(-1.0) + 1));
        const OnlineSoftmax nothing = onlineSoftmax(std::vector<double>(4, hiddenScore), std::vector<double>(8, 1.0), 2, 3);
        QCOMPARE(nothing.result, (std::vector<double>{0, 0}));
    }

    /// Scores that overflow an exponential do not overflow here.
    void largeScoresDoNotOverflow() {
        const OnlineSoftmax online = onlineSoftmax(std::vector<double>{1000, 2000, 3000}, std::vector<double>{1, 2, 3}, 1, 1);
        QCOMPARE(online.result[0], 3.0);
    }
};

QTEST_APPLESS_MAIN(OnlineSoftmaxTest)
#include "online_softmax_test.moc"
