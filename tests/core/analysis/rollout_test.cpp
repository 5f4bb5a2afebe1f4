#include "core/analysis/rollout.h"

#include <QtTest>
#include <cmath>
#include <random>

#include "core/analysis/attention_flow.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

Experiment experimentOf(Architecture architecture, int layers) {
    Experiment experiment;
    experiment.model.architecture = architecture;
    experiment.model.num_layers = layers;
    experiment.task.seq_len = 6;
    return resolved(experiment);
}

Trace traceOf(const Model& model) {
    Input input;
    input.tokens = {3, 1, 4, 1, 5, 9};
    if (model.config().architecture == Architecture::encoder_decoder) input.targetTokens = {2, 7, 1, 8};
    return model.trace(initialWeights(model, 5), input);
}

/// The sum over all paths, one after the other: nothing is shared between them.
double pathSum(const std::vector<AttentionMatrix>& layers, std::size_t level, int from, int to) {
    if (level == 0) return from == to ? 1.0 : 0.0;
    double sum = 0.0;
    for (int k = 0; k < layers.front().n; ++k) sum += layers[level - 1](from, k) * pathSum(layers, level - 1, k, to);
    return sum;
}

/// The smallest cut, by trying every one (max-flow min-cut): bit (l - 1) n + k of `side` says whether node k of level l, 1 <= l < L, stays
/// with the source.
double smallestCut(const std::vector<AttentionMatrix>& layers, int source, int sink) {
    const int n = layers.front().n, levels = static_cast<int>(layers.size());
    double best = std::numeric_limits<double>::infinity();
    for (unsigned side = 0; side < (1u << ((levels - 1) * n)); ++side) {
        const auto withSource = [&](int level, int node) {
            if (level == levels) return node == source;  // the other nodes of the top have no way in
            if (level == 0) return node != sink;         // nor have the other inputs a way out
            return ((side >> ((level - 1) * n + node)) & 1u) != 0;
        };
        double cut = 0.0;
        for (int level = 1; level <= levels; ++level)
            for (int i = 0; i < n; ++i)
                for (int j = 0; j < n; ++j)
                    if (withSource(level, i) && !withSource(level - 1, j)) cut += layers[static_cast<std::size_t>(level) - 1](i, j);
        best = std::min(best, cut);
    }
    return best;
}

std::vector<AttentionMatrix> randomLayers(unsigned seed, int n, int levels) {
    std::mt19937 random(seed);
    std::vector<AttentionMatrix> layers;
    for (int l = 0; l < levels; ++l) {
        AttentionMatrix layer{n, {}};
        for (int i = 0; i < n; ++i) {
            std::vector<double> row;
            double sum = 0.0;
            for (int j = 0; j < n; ++j) {
                row.push_back(random() % 3 == 0 && i != j ? 0.0 : 0.05 + static_cast<double>(random() % 1000) / 1000.0);
                sum += row.back();
            }
            for (const double value : row) layer.values.push_back(value / sum);
        }
        layers.push_back(layer);
    }
    return layers;
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

}  // namespace

class RolloutTest : public QObject {
    Q_OBJECT

private slots:
    void layersAreHalfAttentionAndHalfResidual() {
        const Model model(experimentOf(Architecture::encoder, 2).model);
        const Trace trace = traceOf(model);
        const auto layers = residualAttention(model, trace, "encoder");
        QCOMPARE(layers.size(), std::size_t(2));
        for (std::size_t l = 0; l < 2; ++l) {
            const Tensor& weights = trace.at("encoder." + std::to_string(l) + ".attention.weights");
            for (int i = 0; i < 6; ++i)
                for (int j = 0; j < 6; ++j) {
                    const double mean = (weights.values[std::size_t(i * 6 + j)] + weights.values[std::size_t(36 + i * 6 + j)]) / 2.0;
                    QVERIFY(std::abs(layers[l](i, j) - 0.5 * mean - (i == j ? 0.5 : 0.0)) < 1e-6);
                }
        }
    }

    void rolloutIsTheSumOverAllPaths() {
        for (unsigned seed = 1; seed <= 10; ++seed) {
            const auto layers = randomLayers(seed, 4, 3);
            const auto rolled = rollout(layers);
            QCOMPARE(rolled.size(), std::size_t(3));
            for (std::size_t l = 1; l <= 3; ++l)
                for (int i = 0; i < 4; ++i) {
                    double sum = 0.0;
                    for (int j = 0; j < 4; ++j) {
                        QVERIFY(near(rolled[l - 1](i, j), pathSum(layers, l, i, j)));
                        sum += rolled[l - 1](i, j);
                    }
                    QVERIFY(near(sum, 1.0));
                }
        }
    }

    void eachSideRollsOutItsOwnSelfAttention() {
        const Model model(experimentOf(Architecture::encoder_decoder, 1).model);
        const Trace trace = traceOf(model);
        QCOMPARE(residualAttention(model, trace, "encoder").front().n, 6);
        const auto decoder = residualAttention(model, trace, "decoder");
        QCOMPARE(decoder.size(), std::size_t(1));
        QCOMPARE(decoder.front().n, 4);
        for (int i = 0; i < 4; ++i)
            for (int j = i + 1; j < 4; ++j) QCOMPARE(decoder.front()(i, j), 0.0);  // causal
    }

    void flowIsTheSmallestCut_data() {
        QTest::addColumn<int>("levels");
        QTest::addColumn<int>("n");
        QTest::newRow("1 layer") << 1 << 4;
        QTest::newRow("2 layers") << 2 << 4;
        QTest::newRow("3 layers") << 3 << 4;
        QTest::newRow("4 layers") << 4 << 3;
    }
    void flowIsTheSmallestCut() {
        QFETCH(int, levels);
        QFETCH(int, n);
        for (unsigned seed = 1; seed <= 6; ++seed) {
            const auto layers = randomLayers(seed, n, levels);
            const auto flow = attentionFlow(layers);
            for (int i = 0; i < n; ++i) {
                double sum = 0.0;
                for (int j = 0; j < n; ++j) sum += smallestCut(layers, i, j);
                for (int j = 0; j < n; ++j) {
                    QVERIFY(near(maximumFlow(layers, i, j), smallestCut(layers, i, j)));
                    QVERIFY(near((*flow)(i, j), smallestCut(layers, i, j) / sum));
                }
            }
        }
    }

    void theLongestFlowIsComputedAndCanBeCancelled() {
        const auto layers = randomLayers(3, maxFlowLength, 4);
        int asked = 0;
        QVERIFY(!attentionFlow(layers, [&] { return ++asked > 2; }));
        QCOMPARE(asked, 3);
        const auto flow = attentionFlow(layers);
        for (int i = 0; i < maxFlowLength; ++i) {
            double sum = 0.0;
            for (int j = 0; j < maxFlowLength; ++j) sum += (*flow)(i, j);
            QVERIFY(near(sum, 1.0));
        }
    }
};

QTEST_APPLESS_MAIN(RolloutTest)
#include "rollout_test.moc"
