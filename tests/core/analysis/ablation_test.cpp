#include "core/analysis/ablation.h"

#include <QtTest>
#include <cmath>
#include <random>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

Experiment experimentOf(Architecture architecture) {
    Experiment experiment;
    experiment.model.architecture = architecture;
    experiment.task.seq_len = 6;
    experiment.model.d_model = 16;
    return resolved(experiment);
}

std::vector<Sample> samplesOf(const Experiment& experiment) {
    std::mt19937 random(11);
    const auto digits = [&](int count) {
        std::vector<int> result;
        for (int i = 0; i < count; ++i) result.push_back(static_cast<int>(random() % 10));
        return result;
    };
    std::vector<Sample> samples;
    for (int i = 0; i < 12; ++i) {
        Sample sample{digits(6), {}, digits(6)};
        if (experiment.model.architecture == Architecture::encoder_decoder) sample.targetTokens = digits(6);
        sample.targets[static_cast<std::size_t>(i % 6)] = -1;
        samples.push_back(sample);
    }
    return samples;
}

/// Sample by sample through the trace, with the loss taken from the logits in double.
AblationScore slowly(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                     const std::vector<Intervention>& interventions) {
    AblationScore result;
    int counted = 0;
    for (const Sample& sample : samples) {
        const Trace trace = model.trace(weights, {sample.tokens, sample.targetTokens, sample.targets, {}, interventions});
        const Tensor& logits = trace.at("logits");
        const std::vector<int> said = predictions(trace);
        bool allRight = true;
        for (std::size_t r = 0; r < sample.targets.size(); ++r) {
            if (sample.targets[r] < 0) continue;
            const float* row = logits.values.data() + static_cast<std::int64_t>(r) * logits.extent(1);
            double sum = 0.0;
            for (std::int64_t c = 0; c < logits.extent(1); ++c) sum += std::exp(static_cast<double>(row[c]));
            result.loss += std::log(sum) - static_cast<double>(row[sample.targets[r]]);
            const bool right = said[r] == sample.targets[r];
            result.accuracy += right ? 1 : 0;
            allRight = allRight && right;
            ++counted;
        }
        result.sequenceAccuracy += allRight ? 1 : 0;
    }
    return {result.loss / counted, result.accuracy / counted, result.sequenceAccuracy / static_cast<double>(samples.size())};
}

}  // namespace

class AblationTest : public QObject {
    Q_OBJECT

private slots:
    void everySubjectIsMeasuredAsItsTraceSays_data() {
        QTest::addColumn<int>("architecture");
        QTest::newRow("encoder") << static_cast<int>(Architecture::encoder);
        QTest::newRow("decoder") << static_cast<int>(Architecture::decoder);
        QTest::newRow("encoder-decoder") << static_cast<int>(Architecture::encoder_decoder);
    }
    void everySubjectIsMeasuredAsItsTraceSays() {
        QFETCH(int, architecture);
        const Experiment experiment = experimentOf(static_cast<Architecture>(architecture));
        const Model model(experiment.model);
        const Weights weights = initialWeights(model, 3);
        const std::vector<Sample> samples = samplesOf(experiment);
        const AblationScore whole = *evaluateWith(model, weights, samples, {});
        QVERIFY(std::abs(whole.loss - slowly(model, weights, samples, {}).loss) < 1e-6);
        for (const AblationSubject& subject : ablationSubjects(model))
            for (const auto kind : {Intervention::Kind::headOff, Intervention::Kind::headUniform}) {
                const std::vector<Intervention> changes = ablationOf(model, subject, kind);
                const AblationScore found = *evaluateWith(model, weights, samples, changes);
                const AblationScore expected = slowly(model, weights, samples, changes);
                QVERIFY(std::abs(found.loss - expected.loss) < 1e-6);
                QCOMPARE(found.accuracy, expected.accuracy);
                QCOMPARE(found.sequenceAccuracy, expected.sequenceAccuracy);
                if (kind == Intervention::Kind::headOff) QVERIFY(std::abs(found.loss - whole.loss) > 1e-7);
            }
    }

    void blocksWithSeveralHeadsAreSubjectsToo() {
        const Experiment experiment = experimentOf(Architecture::encoder);
        const Model model(experiment.model);
        const std::vector<AblationSubject> expected{{0, 0}, {0, 1}, {0, -1}, {1, 0}, {1, 1}, {1, -1}};
        QCOMPARE(ablationSubjects(model), expected);
        QCOMPARE(ablationOf(model, {1, -1}, Intervention::Kind::headOff).size(), std::size_t(2));
        const std::vector<Intervention> one{{Intervention::Kind::headUniform, "encoder.1.attention", 1, {}}};
        QCOMPARE(ablationOf(model, {1, 1}, Intervention::Kind::headUniform), one);
    }

    void aLearnedTableIsUsedToItsLastRowAndNoFurther() {
        Experiment experiment = experimentOf(Architecture::encoder);
        experiment.model.position.kind = PositionKind::learned;
        experiment.model.max_seq_len = 6;
        experiment = resolved(experiment);
        const Model model(experiment.model);
        const Weights weights = initialWeights(model, 3);
        std::vector<Sample> samples = samplesOf(experiment);  // of 6 tokens
        QVERIFY(evaluateWith(model, weights, samples, {}));
        samples.back().tokens.push_back(1);
        samples.back().targets.push_back(1);
        QVERIFY_THROWS_EXCEPTION(InputError, evaluateWith(model, weights, samples, {}));
    }

    void whatCannotBeDoneIsRefusedOrCancelled() {
        const Experiment experiment = experimentOf(Architecture::encoder);
        const Model model(experiment.model);
        const Weights weights = initialWeights(model, 3);
        const std::vector<Sample> samples = samplesOf(experiment);
        try {
            evaluateWith(model, weights, samples, {{Intervention::Kind::headOff, "encoder.7.attention", 0, {}}});
            QFAIL("A head that does not exist was switched off.");
        } catch (const InputError& error) {
            QCOMPARE(error.what(), "There is no head 0 of encoder.7.attention to switch off.");
        }
        int asked = 0;
        QVERIFY(!evaluateWith(model, weights, samples, {}, [&] { return ++asked == 4; }));
        QCOMPARE(asked, 4);
        asked = 0;
        QVERIFY(evaluateWith(model, weights, {samples.front()}, {}, [&] { return ++asked < 0; }));
        QVERIFY(asked > 2 * experiment.model.num_layers);  // also on the way through one long sample
    }
};

QTEST_APPLESS_MAIN(AblationTest)
#include "ablation_test.moc"
