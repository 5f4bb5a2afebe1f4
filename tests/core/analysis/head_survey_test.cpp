#include "core/analysis/head_survey.h"

#include <QtTest>
#include <cmath>

#include "core/analysis/head_costs.h"
#include "core/analysis/head_vectors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "core/model/sample_input.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

std::vector<Input> inputsOf(const std::vector<Sample>& samples) {
    std::vector<Input> inputs;
    for (const Sample& sample : samples) inputs.push_back(inputOf(sample));
    return inputs;
}

std::vector<bool> nineIsSpecial(const std::vector<int>& tokens) {
    std::vector<bool> special;
    for (const int token : tokens) special.push_back(token == 9);
    return special;
}

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

constexpr int forgedLength = 12;

Model modelOf(int heads) {
    Experiment experiment = smallExperiment({.length = forgedLength, .vocabulary = 20, .d_model = 4 * heads, .heads = heads});
    experiment = resolved(experiment);
    return Model(experiment.model);
}

/// A trace whose heads look where they are told: share of the rest is spread evenly.
struct Forged {
    const Model& model;
    Trace trace;

    Forged(const Model& of, std::vector<int> tokens) : model(of) {
        Input input;
        input.tokens = std::move(tokens);
        trace = model.trace(initialWeights(model, 1), input);
    }

    void look(int head, double share, const std::function<int(int)>& key) {
        const AttentionBlock& block = model.attentionBlocks().front();
        Tensor weights = trace.at(block.name + ".weights");
        const auto n = static_cast<int>(weights.extent(1));
        for (int i = 0; i < n; ++i) {
            const int to = key(i);
            for (int j = 0; j < n; ++j) {
                const double even = to < 0 ? 1.0 / n : (1.0 - share) / (n - 1);
                weights.values[static_cast<std::size_t>((head * n + i) * n + j)] = static_cast<float>(j == to ? share : even);
            }
        }
        trace.set(block.name + ".weights", weights);
    }
};

std::vector<int> differentTokens() {
    std::vector<int> tokens;
    for (int i = 0; i < forgedLength; ++i) tokens.push_back(i);
    return tokens;
}

std::vector<bool> lastIsSpecial() {
    std::vector<bool> special(forgedLength, false);
    special.front() = special.back() = true;
    return special;
}

}  // namespace

class HeadSurveyTest : public QObject {
    Q_OBJECT

private slots:
    void sharesAreMeansOverTheQueriesOfAllInputs() {
        const Surveyed s = surveyed(Architecture::decoder);
        const HeadSurvey survey = surveyHeads(s.model, s.weights, inputsOf(s.samples), {.special = nineIsSpecial});
        QCOMPARE(survey.inputs, 2);
        QCOMPARE(survey.tokens, 10);
        std::vector<Trace> traces;
        for (const Sample& sample : s.samples) traces.push_back(s.model.trace(s.weights, inputOf(sample)));
        for (const SurveyedHead& head : survey.heads) {
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
            QVERIFY(std::abs(head.sameToken.share - same / 4) < 1e-6);
            QCOMPARE(head.sameToken.queries, 4);
            // Token 9 is of the second input alone, and only its own query sees it.
            QVERIFY(std::abs(head.separator.share - weight(1, 3, 3)) < 1e-6);
            QCOMPARE(head.separator.queries, 1);
            QCOMPARE(head.metrics.queries, 10);
        }
    }

    void anEncoderSeesTheSameTokenOnBothSides() {
        const Surveyed s = surveyed(Architecture::encoder);
        const HeadSurvey survey = surveyHeads(s.model, s.weights, inputsOf({s.samples[0]}), {});
        const Tensor weights = s.model.trace(s.weights, inputOf(s.samples[0])).at(s.model.attentionBlocks()[0].name + ".weights");
        double same = 0;
        for (int i = 0; i < 6; ++i) same += static_cast<double>(weights.values[static_cast<std::size_t>(i * 6 + (i + 3) % 6)]);
        QVERIFY(std::abs(survey.heads[0].sameToken.share - same / 6) < 1e-6);
        QVERIFY(std::isnan(survey.heads[0].separator.share));
    }

    void theCostIsWhatTheLossRisesBy() {
        const Surveyed s = surveyed(Architecture::decoder);
        int told = 0;
        const auto costs = headCosts(s.model, s.weights, s.samples, {}, [&](int, int) { ++told; });
        QCOMPARE(told, 4);
        const double whole = evaluateWith(s.model, s.weights, s.samples, {})->loss;
        QVERIFY(std::abs(*costs->loss - whole) < 1e-9);
        const std::vector<HeadPlace> places = headPlaces(s.model);
        for (std::size_t h = 0; h < places.size(); ++h) {
            const auto off = ablationOf(s.model, {places[h].block, places[h].head}, Intervention::Kind::headOff);
            QVERIFY(std::abs(costs->heads[h] - (evaluateWith(s.model, s.weights, s.samples, off)->loss - whole)) < 1e-9);
        }
    }

    void itStopsWhenNobodyWants() {
        const Surveyed s = surveyed(Architecture::decoder);
        const auto unwanted = [] { return true; };
        QCOMPARE(surveyHeads(s.model, s.weights, inputsOf(s.samples), {.cancelled = unwanted}).inputs, 0);
        QVERIFY(!headCosts(s.model, s.weights, s.samples, unwanted));
    }

    void areFoundOverManyInputsOnly() {
        const Model model = modelOf(4);
        Forged forged(model, differentTokens());
        forged.look(0, 0.8, [](int i) { return i - 1; });
        forged.look(1, 0.7, [](int) { return forgedLength - 1; });
        forged.look(2, 0.0, [](int) { return -1; });
        forged.look(3, 0.4, [](int i) { return i; });
        HeadSurveyor surveyor(model);
        surveyor.add(forged.trace, lastIsSpecial());
        QCOMPARE(surveyor.survey().heads.at(0).habit(), HeadHabit::mixed);  // eleven queries are too few
        for (int i = 0; i < 9; ++i) surveyor.add(forged.trace, lastIsSpecial());
        const std::vector<SurveyedHead> heads = surveyor.survey().heads;
        QCOMPARE(surveyor.inputs(), 10);
        QCOMPARE(heads.size(), std::size_t{4});
        QCOMPARE(heads[0].habit(), HeadHabit::previousToken);
        QVERIFY(std::abs(heads[0].share(HeadHabit::previousToken).share - 0.8) < 1e-6);
        QCOMPARE(heads[1].habit(), HeadHabit::separator);
        QVERIFY(std::abs(heads[1].separator.share - 0.7) < 1e-6);
        QCOMPARE(heads[2].habit(), HeadHabit::broad);
        QVERIFY(std::isnan(heads[2].share(HeadHabit::broad).share));
    }

    /// The first position is a sink of its own, whatever stands there.
    void theFirstTokenIsNoSeparator() {
        const Model model = modelOf(1);
        Forged forged(model, differentTokens());
        forged.look(0, 0.9, [](int) { return 0; });
        HeadSurveyor surveyor(model);
        for (int i = 0; i < 9; ++i) surveyor.add(forged.trace, lastIsSpecial());
        QCOMPARE(surveyor.survey().heads.front().habit(), HeadHabit::firstToken);
        QVERIFY(surveyor.survey().heads.front().separator.share < 0.1);
    }

    /// Means run over queries, not over inputs: of those whose token came before.
    void rareWordsCountByTheirQueries() {
        const Model model = modelOf(1);
        Forged repeats(model, {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}), none(model, differentTokens());
        repeats.look(0, 1.0, [](int i) { return std::max(i - 1, 0); });  // the follower of the token two before: induction
        none.look(0, 0.0, [](int) { return -1; });
        HeadSurveyor surveyor(model);
        for (int i = 0; i < 8; ++i) {
            surveyor.add(repeats.trace, {});
            surveyor.add(none.trace, {});
        }
        const SurveyedHead head = surveyor.survey().heads.front();
        QCOMPARE(head.metrics.queriesOf(HeadMetric::induction), 80);  // ten of each sequence that repeats
        QVERIFY(std::abs(head.share(HeadHabit::induction).share - 1.0) < 1e-6);
        QCOMPARE(head.habit(), HeadHabit::induction);
    }

    void everyLetterIsItsOwn() {
        std::set<char> letters;
        for (const HabitRow& row : habitTable())
            if (row.letter != ' ') QVERIFY(letters.insert(row.letter).second);
        for (const HabitRow& row : habitTable()) QCOMPARE(rowOf(row.habit).habit, row.habit);
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
