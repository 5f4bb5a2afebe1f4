#include "core/training/length_evaluation.h"

#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

Experiment small(PositionKind kind) {
    Experiment experiment;
    experiment.task.kind = "copy";
    experiment.task.seq_len = 6;
    experiment.task.train_size = 64;
    experiment.task.validation_size = 32;
    experiment.model.d_model = 16;
    experiment.model.num_layers = 1;
    experiment.model.position.kind = kind;
    experiment.training.steps = 5;
    experiment.training.batch_size = 16;
    return resolved(experiment);
}

/// Of the first validation sequence, on the looking path.
double literalLoss(const Experiment& experiment, const Model& model, const Weights& weights) {
    const Sample sample = loadTask(experiment, {}).dataset->validationSample(0);
    Input input;
    input.tokens = sample.tokens;
    input.targets = sample.targets;
    return model.trace(weights, input).at("loss").values.front();
}

}  // namespace

class LengthEvaluationTest : public QObject {
    Q_OBJECT

private slots:
    void atTheTrainedLengthItIsTheValidation() {
        const LoadedTask task = loadTask(small(PositionKind::rope), {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
        while (!trainer.finished()) trainer.advance();
        const Evaluation own = trainer.evaluateValidation();
        const auto result = evaluateWeights(task.experiment, trainer.state().weights, 32, {});
        QVERIFY(result.has_value());
        QVERIFY(std::abs(result->loss - own.loss) < 1e-6);
        QCOMPARE(result->accuracy, own.accuracy);
        QCOMPARE(result->sequenceAccuracy, own.sequenceAccuracy);
    }

    void everyScalingReadsEightTimesTheLength() {
        const Experiment experiment = small(PositionKind::rope);
        const Model model(experiment.model);
        const Weights weights = initialState(model, experiment).weights;
        std::vector<double> losses;
        for (const RopeScalingSpec* scaling : RopeScalingSpec::table()) {
            RopeConfig rope = experiment.model.position.rope;
            rope.scaling.kind = Kind<RopeScalingSpec>(*scaling);
            if (scaling->uses("factor")) rope.scaling.factor = 8;
            rope.scaling.original_max_seq_len = 24;
            rope.scaling.max_seq_len = 48;
            rope.scaling.short_factors.assign(4, 1.0);
            rope.scaling.long_factors.assign(4, 4.0);
            rope.scaling.low_freq_factor = 1;
            rope.scaling.high_freq_factor = 4;
            const Experiment longer = atSequenceLength(experiment, 48, rope);
            QCOMPARE(longer.task.seq_len, 48);
            QCOMPARE(*longer.model.max_seq_len, 48);
            QVERIFY(longer.model.position.rope.scaling.kind == rope.scaling.kind);
            const auto result = evaluateWeights(longer, weights, 8, {});
            QVERIFY(result && std::isfinite(result->loss));
            losses.push_back(result->loss);
        }
        QCOMPARE(losses.size(), std::size_t{7});
        std::ranges::sort(losses);
        QVERIFY2(std::ranges::adjacent_find(losses) == losses.end(), "two scalings read the sequences alike");
    }

    void cancelledMeansNoResult() {
        const Experiment experiment = small(PositionKind::rope);
        const Model model(experiment.model);
        QVERIFY(!evaluateWeights(experiment, initialState(model, experiment).weights, 8, [] { return true; }));
    }

    void cancellingIsAskedForOftenWithinALongSequence() {
        for (const AttentionForm form : {AttentionForm::qkv, AttentionForm::kv_pos})
            for (const KernelKind kernel : {KernelKind::softmax, KernelKind::linear}) {
                if (form == AttentionForm::kv_pos && kernel == KernelKind::linear) continue;
                Experiment experiment = small(PositionKind::sinusoidal);
                experiment.model.attention.form = form;
                experiment.model.attention.kernel.kind = kernel;
                const Model model(experiment.model);
                const Weights weights = initialState(model, experiment).weights;
                const Experiment longer = atSequenceLength(experiment, 1300, {});
                int asked = 0;
                const auto whole = evaluateWeights(longer, weights, 1, [&] { return ++asked < 0; });
                QVERIFY(asked >= 10 * experiment.model.num_layers);
                const int all = asked;
                // Asking changes no number, and each question may be the last.
                QCOMPARE(whole->loss, evaluateWeights(longer, weights, 1, {})->loss);
                const double literal = literalLoss(longer, model, weights);
                QVERIFY(std::abs(whole->loss - literal) < 1e-5 * literal);
                for (int last = 1; last <= all; last += 7) {
                    asked = 0;
                    QVERIFY(!evaluateWeights(longer, weights, 1, [&] { return ++asked == last; }));
                    QCOMPARE(asked, last);
                }
            }
    }

    /// Weights of positions that no training sequence had are as they were drawn; beyond its positions there are none.
    void aNetOverThePositionsReadsLongerSequencesAsFarAsItHasWeights() {
        Experiment experiment = small(PositionKind::sinusoidal);
        experiment.model.mixer.kind = MixerKind::feed_forward;
        experiment.model.mixer.width.reset();
        experiment.model.max_seq_len = 9;
        experiment = resolved(experiment);
        const Model model(experiment.model);
        const Weights weights = initialState(model, experiment).weights;
        const Experiment longer = atSequenceLength(experiment, 9, {});
        QCOMPARE(longer.task.seq_len, 9);
        const auto result = evaluateWeights(longer, weights, 1, {});
        QVERIFY(result && std::abs(result->loss - literalLoss(longer, model, weights)) < 1e-5);
        QCOMPARE(*atSequenceLength(experiment, 4, {}).model.max_seq_len, 9);
        try {
            atSequenceLength(experiment, 10, {});
            QFAIL("positions without weights are read");
        } catch (const InputError& error) {
            QCOMPARE(std::string(error.what()),
                     std::string("model.max_seq_len: the feed-forward net that mixes positions has weights for 9 only; longer sequences "
                                 "cannot be read"));
        }
    }

    void whatHasNoLongerSequencesIsRefused() {
        try {
            atSequenceLength(small(PositionKind::learned), 12, {});
            QFAIL("rows that were never trained are read");
        } catch (const InputError& error) {
            QVERIFY(std::string(error.what()).find("learned positions are trained for task.seq_len 6 only") != std::string::npos);
        }
        QCOMPARE(atSequenceLength(small(PositionKind::learned), 6, {}).task.seq_len, 6);
        Experiment pairs = small(PositionKind::rope);
        pairs.task.kind = "pairs";
        QVERIFY_THROWS_EXCEPTION(InputError, atSequenceLength(pairs, 12, {}));
    }
};

QTEST_APPLESS_MAIN(LengthEvaluationTest)
#include "length_evaluation_test.moc"
