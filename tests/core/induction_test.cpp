// What is measured of induction, against definitions written out here.

#include "core/analysis/induction.h"

#include <QtTest>
#include <cmath>

#include "core/analysis/ablation.h"
#include "core/config/experiment.h"
#include "core/data/loaded_task.h"
#include "core/model/initialise.h"
#include "core/model/sample_input.h"

using namespace lab;

namespace {

struct InductionBench {
    LoadedTask task;
    std::shared_ptr<const Model> model;
    Weights weights;
    std::vector<Sample> samples;

    explicit InductionBench(RepeatPeriod period = RepeatPeriod::random, int length = 16) {
        Experiment e;
        e.task.kind = "repeat";
        e.task.seq_len = length;
        e.task.vocab_size = 6;
        e.task.train_size = 64;
        e.task.validation_size = 12;
        e.task.repeat.period = period;
        e.model.architecture = Architecture::decoder;
        e.model.d_model = 16;
        e.model.num_layers = 2;
        e.model.num_heads = 2;
        e.training.batch_size = 8;
        task = loadTask(e, {});
        model = std::make_shared<const Model>(task.experiment.model);
        weights = initialWeights(*model, task.experiment.training.seed);
        for (int i = 0; i < 12; ++i) samples.push_back(task.dataset->validationSample(i));
    }
    InductionMeasures measures() const { return *inductionMeasures(*model, weights, task.experiment.task, samples); }
};

/// p of the target at a position, from the trace's own logits.
double tokenLoss(const Trace& trace, std::size_t i, int target) {
    const Tensor& logits = trace.at("logits");
    const auto classes = static_cast<std::size_t>(logits.extent(1));
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(logits.values[i * classes + c]));
    return -std::log(std::exp(static_cast<double>(logits.values[i * classes + static_cast<std::size_t>(target)])) / sum);
}

double cellWeight(const Trace& trace, const std::string& block, int head, std::size_t query, std::size_t key) {
    const Tensor& weights = trace.at(block + ".weights");
    const auto n = static_cast<std::size_t>(weights.extent(1));
    return static_cast<double>(weights.values[(static_cast<std::size_t>(head) * n + query) * n + key]);
}

}  // namespace

class InductionTest : public QObject {
    Q_OBJECT

private slots:
    void theLossOfATokenIsThatOfThePositionBefore() {
        const InductionBench bench;
        const InductionMeasures measures = bench.measures();
        QCOMPARE(measures.lossOfToken.size(), std::size_t{16});
        QVERIFY(std::isnan(measures.lossOfToken[0]));
        double whole = 0;
        for (std::size_t t = 1; t < 16; ++t) {
            double sum = 0;
            for (const Sample& sample : bench.samples)
                sum += tokenLoss(bench.model->trace(bench.weights, inputOf(sample)), t - 1, sample.tokens[t]);
            QVERIFY(std::abs(measures.lossOfToken[t] - sum / 12) < 1e-9);
            whole += measures.lossOfToken[t] / 15;
        }
        // The training path adds the same losses up in its own way.
        QVERIFY(std::abs(whole - evaluateWith(*bench.model, bench.weights, bench.samples, {})->loss) < 1e-5);
    }

    void theScoreComparesTheLastQuarterWithTheFirst() {
        std::vector<double> losses(16, 100);  // what does not count
        losses[0] = std::nan("");
        losses[1] = 3, losses[2] = 4, losses[3] = 5;
        losses[13] = 1, losses[14] = 2, losses[15] = 0;
        QCOMPARE(inContextScore(losses), std::optional(-3.0));
        QCOMPARE(inContextScore(std::vector<double>(7, 1.0)), std::optional<double>());
        QCOMPARE(inContextScore({}), std::optional<double>());
        QVERIFY(earlyTokens(7).empty() && lateTokens(7).empty());
        losses[13] = losses[14] = losses[15] = std::nan("");
        QCOMPARE(inContextScore(losses), std::optional<double>());
        const InductionBench bench;
        QCOMPARE(bench.measures().score, inContextScore(bench.measures().lossOfToken));
    }

    /// Whatever period was drawn: early tokens are fresh, late ones were said before by a block whose beginning has been seen.
    void everyLateTokenCanBeKnownAndNoEarlyOne() {
        for (const int n : {8, 9, 15, 16, 32, 33}) {
            const InductionBench bench(RepeatPeriod::random, n);
            for (const Sample& sample : bench.samples) {
                const AnswerKeys keys = bench.task.experiment.task.kind->keys(sample.tokens, bench.task.experiment.task);
                for (int t = earlyTokens(n).first; t <= earlyTokens(n).last; ++t) QVERIFY(keys[static_cast<std::size_t>(t - 1)].empty());
                for (int t = lateTokens(n).first; t <= lateTokens(n).last; ++t) QVERIFY(!keys[static_cast<std::size_t>(t - 1)].empty());
            }
        }
    }

    void headsAreThoseOfTheDefinition() {
        const InductionBench bench;
        const InductionMeasures measures = bench.measures();
        QCOMPARE(measures.heads.size(), std::size_t{4});
        for (std::size_t h = 0; h < 4; ++h) {
            const InductionHead& head = measures.heads[h];
            QCOMPARE(head.block, static_cast<int>(h) / 2);
            QCOMPARE(head.head, static_cast<int>(h) % 2);
            const std::string& block = bench.model->attentionBlocks()[static_cast<std::size_t>(head.block)].name;
            double previous = 0, matching = 0;
            for (const Sample& sample : bench.samples) {
                const Trace trace = bench.model->trace(bench.weights, inputOf(sample));
                double before = 0, behindCopies = 0;
                int came = 0;
                for (std::size_t i = 1; i < 16; ++i) {
                    before += cellWeight(trace, block, head.head, i, i - 1) / 15;
                    bool copied = false;
                    for (std::size_t j = 1; j <= i; ++j)
                        if (sample.tokens[j - 1] == sample.tokens[i]) {
                            behindCopies += cellWeight(trace, block, head.head, i, j);
                            copied = true;
                        }
                    came += copied;
                }
                previous += before / 12;
                matching += behindCopies / came / 12;
            }
            QVERIFY(std::abs(head.previousToken - previous) < 1e-6);
            QVERIFY(std::abs(head.induction - matching) < 1e-6);
        }
    }

    void theStrongestHeadHasTheLargestShare() {
        InductionMeasures measures;
        QVERIFY(!measures.strongest(&InductionHead::induction));
        measures.heads = {{0, 0, .2, .1}, {0, 1, .9, .1}, {1, 0, .1, .7}, {1, 1, std::nan(""), .7}};
        QCOMPARE(measures.strongest(&InductionHead::previousToken)->head, 1);
        QCOMPARE(measures.strongest(&InductionHead::induction)->block, 1);
        QCOMPARE(measures.strongest(&InductionHead::induction)->head, 0);
    }

    void anotherStepGivesOtherNumbersAndTheSameOneTheSame() {
        InductionBench bench;
        const InductionMeasures before = bench.measures(), again = bench.measures();
        QCOMPARE(std::vector(before.lossOfToken.begin() + 1, before.lossOfToken.end()),
                 std::vector(again.lossOfToken.begin() + 1, again.lossOfToken.end()));
        for (float& weight : bench.weights) weight *= 1.5F;
        QVERIFY(bench.measures().score != before.score);
    }

    void itCanBeCancelled() {
        const InductionBench bench;
        int asked = 0;
        QVERIFY(!inductionMeasures(*bench.model, bench.weights, bench.task.experiment.task, bench.samples, [&] { return ++asked == 3; }));
        QCOMPARE(asked, 3);
    }

    void onlyNextTokensOfADecoderBelongToATokenEach() {
        Experiment e;
        QVERIFY(!predictsEveryToken(e));
        e.task.kind = "repeat";
        e.model.architecture = Architecture::decoder;
        QVERIFY(predictsEveryToken(e));
        e.task.kind = "copy";
        QVERIFY(!predictsEveryToken(e));
    }
};

QTEST_APPLESS_MAIN(InductionTest)
#include "induction_test.moc"
