#include "core/analysis/weight_shares.h"

#include <QtTest>
#include <cmath>

#include "core/analysis/head_metrics.h"
#include "core/analysis/kept_map.h"
#include "core/analysis/rollout.h"
#include "core/analysis/softmax_steps.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// A model that weighs by products, and what it makes of one input.
struct Products {
    Model model{[] {
        ModelConfig c = smallConfig();
        c.attention.kernel.kind = KernelKind::product;
        c.architecture = Architecture::decoder;
        return c;
    }()};
    Trace trace{model.trace(randomWeights<float>(model, 5), {randomTokens(3, 6, 7), {}, {}, {}, {}})};
    const AttentionBlock& block() const { return model.attentionBlocks().front(); }
    const Tensor& weights() const { return trace.at(block().name + ".weights"); }
};

}  // namespace

/// Weights of any size and sign, where shares are asked for.
class WeightSharesTest : public QObject {
    Q_OBJECT

private slots:
    void ofASoftmaxTheWeightsAreTheShares() {
        const Model model(smallConfig());
        const Trace trace = model.trace(randomWeights<float>(model, 5), {randomTokens(3, 6, 7), {}, {}, {}, {}});
        const Tensor& weights = trace.at("encoder.0.attention.weights");
        QVERIFY(areShares(model.attentionBlocks()[0]));
        const std::vector<float> shares = weightShares(model.attentionBlocks()[0], weights, 1);
        QVERIFY(std::equal(shares.begin(), shares.end(), weights.values.begin() + 36));
    }

    void ofProductsTheirSizesAre() {
        const Products p;
        QVERIFY(!areShares(p.block()));
        const std::vector<float> shares = weightShares(p.block(), p.weights(), 1);
        const float* weights = p.weights().values.data() + 36;
        QVERIFY(std::any_of(weights, weights + 36, [](float w) { return w < 0; }));
        for (std::size_t i = 0; i < 6; ++i) {
            float sum = 0, sizes = 0;
            for (std::size_t j = 0; j < 6; ++j) sum += shares[6 * i + j], sizes += std::abs(weights[6 * i + j]);
            QVERIFY(std::abs(sum - 1.0F) < 1e-5F);
            for (std::size_t j = 0; j < 6; ++j) QVERIFY(std::abs(shares[6 * i + j] * sizes - std::abs(weights[6 * i + j])) < 1e-5F);
        }
    }

    void aRowOfARolloutStaysAWhole() {
        const Products p;
        for (const AttentionMatrix& layer : rollout(residualAttention(p.model, p.trace, "decoder")))
            for (int i = 0; i < layer.n; ++i) {
                double sum = 0.0;
                for (int j = 0; j < layer.n; ++j) {
                    QVERIFY(layer(i, j) >= 0.0 && (j <= i || layer(i, j) == 0.0));
                    sum += layer(i, j);
                }
                QVERIFY(std::abs(sum - 1.0) < 1e-9);
            }
    }

    void productsHaveNoEntropyButStillAPlace() {
        const Products p;
        const HeadMetrics metrics = headMetrics(p.trace, p.block(), 0, std::nullopt);
        QVERIFY(std::isnan(metrics[HeadMetric::entropy]) && std::isnan(metrics[HeadMetric::effectiveKeys]));
        for (const HeadMetric mass : {HeadMetric::diagonal, HeadMetric::previousToken, HeadMetric::firstToken})
            QVERIFY(metrics[mass] > 0.0 && metrics[mass] < 1.0);
        QVERIFY(headKind(metrics) != HeadKind::uniform);
        QCOMPARE(sharpestMap(p.model, {}, p.trace).rows, 6);
    }

    void theStepsOfAProductEndWithIt() {
        const Products p;
        SoftmaxQuestion question;
        question.kernel = KernelKind::product;
        for (int j = 0; j < 6; ++j) {
            const SoftmaxSteps steps = softmaxSteps(p.trace, p.block(), question, 1, 3, j);
            QCOMPARE(steps.scale, 1.0);
            QVERIFY(std::abs(steps.weight - steps.weightInTrace) < 1e-6);
            QVERIFY(j > 3 ? steps.weight == 0.0 : std::abs(steps.weight - steps.dot) < 1e-5);
        }
    }
};

QTEST_APPLESS_MAIN(WeightSharesTest)
#include "weight_shares_test.moc"
