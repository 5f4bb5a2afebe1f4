#include <QtTest>
#include <cmath>

#include "core/analysis/ablation.h"
#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

Experiment judged() {
    return resolved(smallExperiment({.vocabulary = 9, .layers = 2, .heads = 2}));
}

std::vector<Sample> samplesOf(bool asked) {
    std::vector<Sample> samples;
    for (int i = 0; i < 5; ++i) {
        Sample& sample = samples.emplace_back();
        for (int j = 0; j < 6; ++j) sample.tokens.push_back((3 * i + j * j) % 9);
        sample.targets.assign(6, asked ? i % 9 : -1);
    }
    return samples;
}

}  // namespace

class AblationJudgeTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsAskedIsJudgedAsBefore() {
        const Model model(judged().model);
        const Weights weights = initialWeights(model, 1);
        const std::vector<Sample> samples = samplesOf(true);
        AblationJudge judge(model, weights, samples);
        QVERIFY(!AblationJudge::judgesVectors(samples));
        for (const AblationSubject& subject : ablationSubjects(model)) {
            const auto off = ablationOf(model, subject, Intervention::Kind::headOff);
            const auto slow = evaluateWith(model, weights, samples, off), fast = judge.score(off);
            QVERIFY(slow && fast);
            QCOMPARE(fast->loss, slow->loss);
            QCOMPARE(fast->accuracy, slow->accuracy);
        }
    }

    /// A model of hidden states is asked for nothing: its vectors move or they do not.
    void whatIsNotAskedIsJudgedByHowFarVectorsMove() {
        const Model model(judged().model);
        const Weights weights = initialWeights(model, 1);
        const std::vector<Sample> samples = samplesOf(false);
        QVERIFY(AblationJudge::judgesVectors(samples));
        AblationJudge judge(model, weights, samples);
        QVERIFY(std::abs(judge.score({})->loss) < 1e-12);
        const auto off = ablationOf(model, {1, 0}, Intervention::Kind::headOff);
        const auto score = judge.score(off);
        QVERIFY(score->loss > 1e-9);
        double expected = 0;
        for (const Sample& sample : samples) {
            std::vector<std::vector<double>> means;
            for (const auto& interventions : {std::vector<Intervention>(), off}) {
                Input input;
                input.tokens = sample.tokens;
                input.interventions = interventions;
                const Tensor logits = model.trace(weights, input).at("logits");
                const auto width = static_cast<std::size_t>(logits.extent(1));
                std::vector<double> mean(width, 0.0);
                for (std::size_t i = 0; i < logits.values.size(); ++i) mean[i % width] += static_cast<double>(logits.values[i]) / 6;
                means.push_back(mean);
            }
            double dot = 0, a = 0, b = 0;
            for (std::size_t i = 0; i < means[0].size(); ++i)
                dot += means[0][i] * means[1][i], a += means[0][i] * means[0][i], b += means[1][i] * means[1][i];
            expected += (1.0 - dot / std::sqrt(a * b)) / 5;
        }
        // Vectors in float: how they round is the instruction set's.
        QVERIFY2(std::abs(score->loss - expected) < 1e-8 + 1e-4 * expected, qPrintable(QString::number(score->loss - expected)));
        QVERIFY(!judge.score(off, [] { return true; }));
    }

    void anUnknownHeadIsRefused() {
        const Model model(judged().model);
        const Weights weights = initialWeights(model, 1);
        const std::vector<Sample> samples = samplesOf(false);
        AblationJudge judge(model, weights, samples);
        QVERIFY_EXCEPTION_THROWN(judge.score({{Intervention::Kind::headOff, "encoder.7.attention", 0, {}}}), InputError);
    }
};

QTEST_APPLESS_MAIN(AblationJudgeTest)
#include "ablation_judge_test.moc"
