#include "core/analysis/map_stage.h"

#include <QtTest>
#include <cmath>
#include <limits>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

constexpr int sequenceLength = 6;

std::shared_ptr<Model> groupedDecoder() {
    Experiment experiment;
    experiment.model.architecture = Architecture::decoder;
    experiment.task.kind = "repeat";
    experiment.task.seq_len = sequenceLength;
    experiment.model.d_model = 16;
    experiment.model.num_heads = 4;
    experiment.model.num_kv_heads = 2;
    return std::make_shared<Model>(resolved(experiment).model);
}

std::shared_ptr<const Trace> traceOf(const Model& model, bool gradients) {
    Weights weights(model.layout().flatSize());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 0.4F * std::sin(0.7F * static_cast<float>(i));
    const Input input{{1, 3, 2, 1, 3, 2}, {}, {3, 2, 1, 3, 2, -1}, {}, {}};
    return std::make_shared<const Trace>(model.trace(weights, input, {.intermediates = true, .gradients = gradients}));
}

std::size_t at(int head, int query, int key) {
    return static_cast<std::size_t>((head * sequenceLength + query) * sequenceLength + key);
}

}  // namespace

class MapStageTest : public QObject {
    Q_OBJECT

private slots:
    void recordedStagesAreTheTracesOwn() {
        const auto model = groupedDecoder();
        const auto trace = traceOf(*model, true);
        const AttentionBlock& block = model->attentionBlocks().front();
        const auto same = [&](MapStage stage, const std::string& name) {
            return stageValues(trace, block, stage).get() == trace->at(name).values.data();
        };
        QVERIFY(same(MapStage::scores, block.name + ".scores"));
        QVERIFY(same(MapStage::maskedScores, block.name + ".masked_scores"));
        QVERIFY(same(MapStage::weights, block.name + ".weights"));
        QVERIFY(same(MapStage::scoreGradient, "gradient." + block.name + ".scores"));
        QVERIFY(same(MapStage::weightGradient, "gradient." + block.name + ".weights"));
    }

    /// A softmax beside drawn features, a decay where weights fade; other models have neither.
    void someKernelsHaveStagesOfTheirOwn() {
        for (const auto& [kernel, stage, name] : {std::tuple(KernelKind::performer, MapStage::exactWeights, ".exact_weights"),
                                                  std::tuple(KernelKind::retention, MapStage::decay, ".decay")}) {
            Experiment experiment;
            experiment.model.architecture = Architecture::decoder;
            experiment.task.kind = "repeat";
            experiment.task.seq_len = sequenceLength;
            experiment.model.attention.kernel.kind = kernel;
            const Model model(resolved(experiment).model);
            const auto trace = traceOf(model, false);
            const AttentionBlock& block = model.attentionBlocks().front();
            QCOMPARE(stageValues(trace, block, stage).get(), trace->at(block.name + name).values.data());
            for (const MapStage other : kernelStageList) QCOMPARE(hasStage(experiment.model.attention, other), other == stage);
            QCOMPARE(findMapStage(mapStageName(stage)), std::optional(stage));
        }
        const auto model = groupedDecoder();
        QVERIFY(!stageValues(traceOf(*model, false), model->attentionBlocks().front(), MapStage::decay));
        for (const MapStage stage : mapStageList) QVERIFY(hasStage(AttentionConfig(), stage));
        for (const MapStage stage : kernelStageList) QVERIFY(!hasStage(AttentionConfig(), stage));
        AttentionConfig differential;
        differential.differential = true;
        QVERIFY(hasStage(differential, MapStage::exactWeights) && !hasStage(differential, MapStage::decay));
    }

    void withoutGradientsThereIsNoSuchMap() {
        const auto model = groupedDecoder();
        const AttentionBlock& block = model->attentionBlocks().front();
        QVERIFY(!stageValues(traceOf(*model, false), block, MapStage::scoreGradient));
        QVERIFY(!stageValues(nullptr, block, MapStage::weights));
    }

    void valuesAreWeightedByTheirLength() {
        const auto model = groupedDecoder();
        const auto trace = traceOf(*model, false);
        const AttentionBlock& block = model->attentionBlocks().front();
        const Tensor& value = trace->at(block.name + ".value");
        const Tensor& weights = trace->at(block.name + ".weights");
        const auto found = stageValues(trace, block, MapStage::weightedValues);
        for (int head = 0; head < 4; ++head)
            for (int i = 0; i < sequenceLength; ++i)
                for (int j = 0; j < sequenceLength; ++j) {
                    double squares = 0.0;
                    for (int p = 0; p < 4; ++p) {
                        const double x = value.values[static_cast<std::size_t>(((head / 2) * sequenceLength + j) * 4 + p)];
                        squares += x * x;
                    }
                    const double expected = static_cast<double>(weights.values[at(head, i, j)]) * std::sqrt(squares);
                    QVERIFY(std::abs(static_cast<double>(found.get()[at(head, i, j)]) - expected) < 1e-6);
                }
    }

    void gradientsOfScoresFollowFromThoseOfWeights() {
        const auto model = groupedDecoder();
        const auto trace = traceOf(*model, true);
        const AttentionBlock& block = model->attentionBlocks().front();
        const auto weights = stageValues(trace, block, MapStage::weights), dWeights = stageValues(trace, block, MapStage::weightGradient),
                   dScores = stageValues(trace, block, MapStage::scoreGradient);
        double largest = 0.0;
        for (int head = 0; head < 4; ++head)
            for (int i = 0; i < sequenceLength; ++i) {
                double mean = 0.0;
                for (int k = 0; k < sequenceLength; ++k)
                    mean += static_cast<double>(weights.get()[at(head, i, k)]) * static_cast<double>(dWeights.get()[at(head, i, k)]);
                for (int j = 0; j < sequenceLength; ++j) {
                    const double a = weights.get()[at(head, i, j)], d = dWeights.get()[at(head, i, j)];
                    largest = std::max(largest, std::abs(a * (d - mean)));
                    QVERIFY(std::abs(a * (d - mean) - static_cast<double>(dScores.get()[at(head, i, j)])) < 1e-6);
                }
            }
        QVERIFY(largest > 1e-4);
    }

    void scalesEndAtRoundNumbersThatHoldTheValues() {
        const float infinity = std::numeric_limits<float>::infinity();
        const std::vector<float> values{0.2F, -3.4F, -infinity, 1.0F};
        QCOMPARE(largestMagnitude(values.data(), values.size()), static_cast<double>(3.4F));
        QCOMPARE(largestMagnitude(nullptr, 0), 0.0);
        QCOMPARE(scaleBound(3.4), 4.0);
        QCOMPARE(scaleBound(4.0), 4.0);
        QCOMPARE(scaleBound(0.0), 1.0);
        for (double x = 1e-9; x < 1e9; x *= 1.37) QVERIFY(scaleBound(x) >= x * (1 - 1e-6) && scaleBound(x) <= 1.7 * x);
    }
};

QTEST_APPLESS_MAIN(MapStageTest)
#include "map_stage_test.moc"
