#include "core/analysis/head_survey.h"

#include <QtTest>
#include <cmath>

#include "core/analysis/ablation.h"
#include "core/analysis/head_vectors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "core/model/sample_input.h"

using namespace lab;

namespace {

struct Surveyed {
    explicit Surveyed(const Experiment& from) : experiment(from), model(from.model), weights(initialWeights(model, from.training.seed)) {}
    Experiment experiment;
    Model model;
    Weights weights;
    std::vector<Sample> samples{{{1, 2, 3, 1, 2, 3}, {}, {2, 3, 1, 2, 3, -1}}, {{4, 4, 5, 9}, {}, {4, 5, 9, -1}}};
};

Surveyed surveyed(Architecture architecture, PositionKind position = PositionKind::learned) {
    Experiment experiment;
    experiment.model.architecture = architecture;
    experiment.model.position.kind = position;
    experiment.model.num_layers = 2;
    experiment.model.num_heads = 2;
    experiment.model.d_model = 16;
    experiment.task.seq_len = 6;
    return Surveyed(resolved(experiment));
}

}  // namespace

class HeadSurveyTest : public QObject {
    Q_OBJECT

private slots:
    void sharesAreMeansOverTheQueriesOfAllInputs() {
        const Surveyed s = surveyed(Architecture::decoder);
        const auto survey = surveyHeads(s.model, s.weights, s.experiment.task, s.samples, {.frameTokens = {9}});
        QVERIFY(survey);
        QCOMPARE(survey->inputs, 2);
        QCOMPARE(survey->tokens, 10);
        std::vector<Trace> traces;
        for (const Sample& sample : s.samples) traces.push_back(s.model.trace(s.weights, inputOf(sample)));
        for (const SurveyedHead& head : survey->heads) {
            const AttentionBlock& block = s.model.attentionBlocks()[static_cast<std::size_t>(head.place.block)];
            const auto weight = [&](std::size_t t, int i, int j) {
                const Tensor& weights = traces[t].at(block.name + ".weights");
                const auto n = weights.extent(1);
                return static_cast<double>(weights.values[static_cast<std::size_t>((head.place.head * n + i) * n + j)]);
            };
            double previous = 0, same = weight(1, 1, 0);
            for (int i = 1; i < 6; ++i) previous += weight(0, i, i - 1);
            for (int i = 1; i < 4; ++i) previous += weight(1, i, i - 1);
            for (int i = 3; i < 6; ++i) same += weight(0, i, i - 3);
            QVERIFY(std::abs(head.metrics[HeadMetric::previousToken] - previous / 8) < 1e-6);
            QVERIFY(std::abs(head.sameToken - same / 4) < 1e-6);
            // Token 9 frames the second input alone, and only its own query sees it.
            QVERIFY(std::abs(head.frame - weight(1, 3, 3) / 4) < 1e-6);
            QVERIFY(!head.cost);
        }
    }

    void anEncoderSeesTheSameTokenOnBothSides() {
        const Surveyed s = surveyed(Architecture::encoder);
        const auto survey = surveyHeads(s.model, s.weights, s.experiment.task, {s.samples[0]}, {});
        const Tensor weights = s.model.trace(s.weights, inputOf(s.samples[0])).at(s.model.attentionBlocks()[0].name + ".weights");
        double same = 0;
        for (int i = 0; i < 6; ++i) same += static_cast<double>(weights.values[static_cast<std::size_t>(i * 6 + (i + 3) % 6)]);
        QVERIFY(std::abs(survey->heads[0].sameToken - same / 6) < 1e-6);
        QVERIFY(std::isnan(survey->heads[0].frame));
    }

    void theCostIsWhatTheLossRisesBy() {
        const Surveyed s = surveyed(Architecture::decoder);
        int told = 0;
        const auto survey = surveyHeads(s.model, s.weights, s.experiment.task, s.samples,
                                        {.frameTokens = {}, .costs = true, .cancelled = {}, .told = [&](int, int) { ++told; }});
        QCOMPARE(told, 2 + 4);
        const double whole = evaluateWith(s.model, s.weights, s.samples, {})->loss;
        QVERIFY(std::abs(*survey->loss - whole) < 1e-9);
        for (const SurveyedHead& head : survey->heads) {
            const auto off = ablationOf(s.model, {head.place.block, head.place.head}, Intervention::Kind::headOff);
            QVERIFY(std::abs(*head.cost - (evaluateWith(s.model, s.weights, s.samples, off)->loss - whole)) < 1e-9);
        }
    }

    void itStopsWhenNobodyWants() {
        const Surveyed s = surveyed(Architecture::decoder);
        QVERIFY(!surveyHeads(s.model, s.weights, s.experiment.task, s.samples,
                             {.frameTokens = {}, .costs = false, .cancelled = [] { return true; }, .told = {}}));
    }

    void repeatedTokensComeTwice() {
        const std::vector<Sample> samples = repeatedTokens({5, 6, 7, 8}, 1, 9, 3, 42);
        QCOMPARE(samples.size(), std::size_t{3});
        for (const Sample& sample : samples) {
            QCOMPARE(sample.tokens.size(), std::size_t{19});
            QCOMPARE(sample.tokens[0], 1);
            for (std::size_t i = 1; i <= 9; ++i) {
                QVERIFY(sample.tokens[i] >= 5 && sample.tokens[i] <= 8);
                QCOMPARE(sample.tokens[i], sample.tokens[i + 9]);
                QCOMPARE(sample.targets[i - 1], sample.tokens[i]);
            }
            QCOMPARE(sample.targets.back(), -1);
        }
        QVERIFY(samples[0].tokens != samples[1].tokens);
        QCOMPARE(repeatedTokens({5, 6, 7, 8}, std::nullopt, 9, 1, 42)[0].tokens.size(), std::size_t{18});
    }

    void vectorsAreThoseOfTheTrace() {
        for (const bool before : {false, true}) {
            const Surveyed s = surveyed(Architecture::decoder, PositionKind::rope);
            const AttentionBlock& block = s.model.attentionBlocks()[1];
            const auto heads = headVectors(s.model, s.weights, block, before, s.samples, 100);
            QVERIFY(heads);
            QCOMPARE(heads->size(), std::size_t{2});
            const VectorCloud& second = (*heads)[1];
            QCOMPARE(second.width, std::size_t{8});
            QCOMPARE(second.rows.size(), std::size_t{20});
            int seen = 0;
            for (std::size_t r = 0; r < second.rows.size(); ++r) {
                const VectorCloud::Row& row = second.rows[r];
                const Sample& sample = s.samples[static_cast<std::size_t>(row.input)];
                const Trace trace = s.model.trace(s.weights, inputOf(sample));
                const std::string name = block.name + (before ? ".unrotated_" : ".") + (row.query ? "query" : "key");
                const Tensor& from = trace.at(name);
                const auto first = static_cast<std::size_t>((from.extent(1) + row.position) * 8);
                double squares = 0;
                for (std::size_t c = 0; c < 8; ++c) {
                    QCOMPARE(second.values[r * 8 + c], from.values[first + c]);
                    squares += static_cast<double>(from.values[first + c]) * static_cast<double>(from.values[first + c]);
                }
                QVERIFY(std::abs(row.length - std::sqrt(squares)) < 1e-6);
                QCOMPARE(row.token, sample.tokens[static_cast<std::size_t>(row.position)]);
                seen += row.query ? 1 : 0;
            }
            QCOMPARE(seen, 10);
            QCOMPARE(headVectors(s.model, s.weights, block, before, s.samples, 7)->front().rows.size(), std::size_t{12});
        }
    }
};

QTEST_APPLESS_MAIN(HeadSurveyTest)
#include "head_survey_test.moc"
