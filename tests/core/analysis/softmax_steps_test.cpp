#include "core/analysis/softmax_steps.h"

#include <QtTest>
#include <cmath>
#include <limits>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/layers/position/relative_buckets.h"
#include "core/model/initialise.h"
#include "tests/core/analysis/infinity.h"

using namespace lab;

namespace {

AttentionBlock handBlock(int heads, int kvHeads) {
    return {"encoder.0.attention", "encoder", 0, heads, kvHeads, false, {}};
}

/// Two heads sharing one key head, d_h = 4, one query, three keys of which the last is masked for head 1.
Trace handTrace() {
    Trace trace;
    trace.set("encoder.0.attention.query", {{2, 1, 4}, {1, 2, 0, -1, 2, 0, 2, 0}});
    trace.set("encoder.0.attention.key", {{1, 3, 4}, {1, 1, 1, 1, 0, 2, 0, 2, 4, 0, 0, 0}});
    // q . k / 2
    trace.set("encoder.0.attention.scores", {{2, 1, 3}, {1, 1, 2, 2, 0, 4}});
    trace.set("encoder.0.attention.masked_scores", {{2, 1, 3}, {1, 1, 2, 2, 0, minusInfinity}});
    const float a = 1 / (2 + std::exp(1.0F));
    const float b = 1 / (1 + std::exp(-2.0F));
    trace.set("encoder.0.attention.weights", {{2, 1, 3}, {a, a, 1 - 2 * a, b, 1 - b, 0}});
    return trace;
}

std::shared_ptr<Model> smallModel(AttentionForm form, PositionKind position, KernelKind kernel) {
    Experiment experiment;
    experiment.task.seq_len = 6;
    experiment.model.d_model = 8;
    experiment.model.num_heads = 2;
    experiment.model.attention.form = form;
    experiment.model.attention.kernel.kind = kernel;
    experiment.model.position.kind = position;
    if (specOf(kernel).decays()) experiment.model.architecture = Architecture::decoder;
    experiment.model.vocab_size = experiment.model.num_classes = 10;
    experiment.model.max_seq_len = 6;
    return std::make_shared<Model>(resolved(experiment).model);
}

/// Of head 1.
double biasOf(const Model& model, const Weights& weights, int offset) {
    const Parameter* table = model.layout().find("encoder.0.attention.relative_bias.weight");
    const PositionConfig& position = model.config().position;
    return table ? at(weights, *table)[relativeBucket(offset, position.buckets, position.max_distance, false) * 2 + 1] : 0.0F;
}

}  // namespace

class SoftmaxStepsTest : public QObject {
    Q_OBJECT

private slots:
    void stepsLeadFromQueryAndKeyToTheWeight() {
        const SoftmaxSteps steps = softmaxSteps(handTrace(), handBlock(2, 1), {}, 0, 0, 0);
        QCOMPARE(steps.query, (std::vector<double>{1, 2, 0, -1}));
        QCOMPARE(steps.key, (std::vector<double>{1, 1, 1, 1}));
        QCOMPARE(steps.products, (std::vector<double>{1, 2, 0, -1}));
        QCOMPARE(steps.dot, 2.0);
        QCOMPARE(steps.scale, 0.5);
        QCOMPARE(steps.scaled, 1.0);
        QCOMPARE(steps.positionFactor, 1.0);
        QCOMPARE(steps.positionTerm, 0.0);
        QCOMPARE(steps.rowMax, 2.0);
        QCOMPARE(steps.exponential, std::exp(-1.0));
        QCOMPARE(steps.rowSum, 1 + 2 * std::exp(-1.0));
        QVERIFY(std::abs(steps.weight - steps.weightInTrace) < 1e-7);
    }

    void groupedHeadsReadTheirKeyHead() {
        const SoftmaxSteps steps = softmaxSteps(handTrace(), handBlock(2, 1), {}, 1, 0, 0);
        QCOMPARE(steps.products, (std::vector<double>{2, 0, 2, 0}));
    }

    void maskedKeyHasNoShareAndDoesNotSetTheMaximum() {
        const SoftmaxSteps masked = softmaxSteps(handTrace(), handBlock(2, 1), {}, 1, 0, 2);
        QVERIFY(masked.masked);
        QCOMPARE(masked.score, 4.0);
        QCOMPARE(masked.rowMax, 2.0);
        QCOMPARE(masked.exponential, 0.0);
        QCOMPARE(masked.weight, 0.0);
    }

    void rowWithoutAllowedKeysHasWeightZero() {
        Trace trace = handTrace();
        trace.set("encoder.0.attention.masked_scores",
                  {{2, 1, 3}, {minusInfinity, minusInfinity, minusInfinity, minusInfinity, minusInfinity, minusInfinity}});
        const SoftmaxSteps steps = softmaxSteps(trace, handBlock(2, 1), {}, 0, 0, 1);
        QCOMPARE(steps.rowSum, 0.0);
        QCOMPARE(steps.weight, 0.0);
    }

    void rowIsSortedAndSummedFromBelow() {
        const std::vector<RowWeight> row = rowByWeight(handTrace(), handBlock(2, 1), 0, 0);
        QCOMPARE(row.size(), std::size_t{3});
        QCOMPARE(row[0].key, 2);
        QCOMPARE(row[1].key, 0);  // equal weights by key
        QCOMPARE(row[2].key, 1);
        QVERIFY(std::abs(row[0].fromHere - 1.0) < 1e-6);
        QCOMPARE(row[2].fromHere, static_cast<double>(row[2].weight));
        QVERIFY(rowByWeight(handTrace(), handBlock(2, 1), 1, 0).back().masked);
    }

    void columnIsSortedByWeight() {
        Trace trace = handTrace();
        const std::string name = "encoder.0.attention";
        trace.set(name + ".scores", {{2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}});
        trace.set(name + ".masked_scores", {{2, 2, 2}, {1, 2, 3, 4, 5, minusInfinity, 7, 8}});
        trace.set(name + ".weights", {{2, 2, 2}, {0.25F, 0.75F, 0.5F, 0.5F, 1, 0, 0.375F, 0.625F}});
        const std::vector<RowWeight> column = columnByWeight(trace, handBlock(2, 1), 1, 1);
        QCOMPARE(column, (std::vector<RowWeight>{{1, 8, 0.625F, false, 0.625}, {0, 6, 0, true, 0}}));
        QCOMPARE(columnByWeight(trace, handBlock(2, 1), 0, 1).front(), (RowWeight{0, 2, 0.75F, false, 1.25}));
    }

    void agreesWithTheModel_data() {
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("kernel");
        const auto row = [](const char* name, AttentionForm form, PositionKind position, KernelKind kernel) {
            QTest::newRow(name) << int(form) << int(position) << int(kernel);
        };
        row("qkv", AttentionForm::qkv, PositionKind::sinusoidal, KernelKind::softmax);
        row("kv", AttentionForm::kv, PositionKind::sinusoidal, KernelKind::softmax);
        row("kv+pos", AttentionForm::kv_pos, PositionKind::sinusoidal, KernelKind::softmax);
        row("rope", AttentionForm::qkv, PositionKind::rope, KernelKind::softmax);
        row("alibi", AttentionForm::qkv, PositionKind::alibi, KernelKind::softmax);
        row("linear", AttentionForm::qkv, PositionKind::sinusoidal, KernelKind::linear);
        row("performer", AttentionForm::qkv, PositionKind::sinusoidal, KernelKind::performer);
        row("retention", AttentionForm::qkv, PositionKind::rope, KernelKind::retention);
        row("gated-linear", AttentionForm::kv, PositionKind::none, KernelKind::gated_linear);
    }

    void agreesWithTheModel() {
        QFETCH(int, form);
        QFETCH(int, position);
        QFETCH(int, kernel);
        const auto model = smallModel(AttentionForm(form), PositionKind(position), KernelKind(kernel));
        const Weights weights = initialWeights(*model, 3);
        Input input;
        input.tokens = {3, 1, 4, 1, 5, 9};
        const Trace trace = model->trace(weights, input);
        for (const AttentionBlock& block : model->attentionBlocks()) {
            SoftmaxQuestion question;
            question.kernel = KernelKind(kernel);
            question.positionFactor = positionFactor(model->layout(), weights, block);
            question.positionMap = AttentionForm(form) == AttentionForm::kv_pos;
            QCOMPARE(question.positionFactor.has_value(), question.positionMap);
            for (int head = 0; head < block.heads; ++head)
                for (int query = 0; query < 6; ++query)
                    for (int key = 0; key < 6; ++key) {
                        const SoftmaxSteps steps = softmaxSteps(trace, block, question, head, query, key);
                        QVERIFY(std::abs(steps.weight - steps.weightInTrace) < 1e-6);
                        QVERIFY(std::abs(steps.positionFactor * steps.scaled + steps.positionTerm - steps.score) < 1e-6);
                        if (!question.positionMap && PositionKind(position) != PositionKind::alibi)
                            QVERIFY(std::abs(steps.positionTerm) < 1e-5);
                    }
        }
    }

    /// With a learned bias, a cap and a sink, of weights that make each of them count.
    void agreesWithTheModelWhereScoresGoOn() {
        for (const int form : {0, 1, 2}) {
            Experiment experiment;
            experiment.task.seq_len = 6;
            experiment.model.d_model = 8;
            experiment.model.num_heads = 2;
            ModelConfig& config = experiment.model;
            if (form != 1) config.attention.sink = true;
            if (form != 0) config.attention.soft_cap = 0.7;
            if (form > 1) config.position.kind = PositionKind::relative_bias;
            config.vocab_size = config.num_classes = 10;
            config.max_seq_len = 6;
            const auto model = std::make_shared<Model>(resolved(experiment).model);
            Weights weights = initialWeights(*model, 3);
            for (const Parameter& p : model->layout().parameters())
                for (std::size_t i = 0; i < p.size && p.role == ParameterRole::scoreBias; ++i)
                    at(weights, p)[i] = 0.3F * static_cast<float>(i % 5) - 0.4F;
            Input input;
            input.tokens = {3, 1, 4, 1, 5, 9};
            const Trace trace = model->trace(weights, input);
            const AttentionBlock& block = model->attentionBlocks().front();
            for (int query = 0; query < 6; ++query) {
                double row = 0.0, sink = 0.0;
                for (int key = 0; key < 6; ++key) {
                    const SoftmaxSteps steps = softmaxSteps(trace, block, {}, 1, query, key);
                    QVERIFY(std::abs(steps.weight - steps.weightInTrace) < 1e-6);
                    QVERIFY(std::abs(steps.scaled + steps.positionTerm - steps.uncapped) < 1e-6);
                    QVERIFY(form == 0 ? steps.score == steps.uncapped
                                      : std::abs(0.7 * std::tanh(steps.uncapped / 0.7) - steps.score) < 1e-6);
                    QVERIFY(std::abs(steps.exponential / steps.rowSum - steps.weight) < 1e-9);
                    QCOMPARE(std::abs(steps.positionTerm) > 1e-4, form > 1 && std::abs(biasOf(*model, weights, key - query)) > 0);
                    row += steps.weight;
                    sink = steps.sinkPart / steps.rowSum;
                }
                QVERIFY(std::abs(row + sink - 1.0) < 1e-6);
                QCOMPARE(sink > 0.0, block.sink);
            }
        }
    }

    void positionTermOfKvPosIsTheSameInEveryHead() {
        // One table per layer, shared by all heads (SPEC.md 1.2).
        const auto model = smallModel(AttentionForm::kv_pos, PositionKind::sinusoidal, KernelKind::softmax);
        const Weights weights = initialWeights(*model, 3);
        Input input;
        input.tokens = {3, 1, 4, 1, 5, 9};
        const Trace trace = model->trace(weights, input);
        const AttentionBlock& block = model->attentionBlocks().front();
        SoftmaxQuestion question;
        question.positionMap = true;
        question.positionFactor = positionFactor(model->layout(), weights, block);
        const auto term = [&](int head, int query, int key) { return softmaxSteps(trace, block, question, head, query, key).positionTerm; };
        QVERIFY(std::abs(term(0, 2, 4) - term(1, 2, 4)) < 1e-5);
        QVERIFY(std::abs(term(0, 2, 4) - term(0, 2, 1)) > 1e-4);
    }
};

QTEST_APPLESS_MAIN(SoftmaxStepsTest)
#include "softmax_steps_test.moc"
