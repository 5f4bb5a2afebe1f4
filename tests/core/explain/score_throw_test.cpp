#include "core/explain/score_throw.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/explain/examples.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::testing;
using namespace lab::explain;

namespace {

constexpr int throwHead = 1, throwQuery = 3, throwKey = 1;

Question throwQuestion(const Subject& s) {
    return questionOf(s, 0, std::min(throwHead, s.model->attentionBlocks().front().heads - 1), throwQuery, throwKey);
}

bool hasFaders(const ModelConfig& config) {
    const AttentionConfig& attention = config.attention;  // a score that is capped or ends at a span has no fader
    return specOf(attention.kernel.kind).scores && attention.soft_cap == 0.0 && !attention.span;
}

/// The same with the score of the key in hand moved by its fader in a grid of stage "scale".
Subject moved(const ModelConfig& config, const char* grid, double value) {
    const Subject plain = subjectOf(config);
    const Walk walk = walkOf(plain, throwQuestion(plain));
    const Grid& scores = *walk.find("scale")->find(grid);
    return subjectOf(config, [&](Input& input) {
        input = withNumber(input, scores.tensor, plain.trace->at(scores.tensor).values, static_cast<std::size_t>(scores.place(0, throwKey)),
                           static_cast<float>(scores.stored(0, throwKey, value)));
    });
}

int largestLogit(const DoubleTrace& trace, int position) {
    const DoubleTensor& logits = trace.at("logits");
    const auto first = logits.values.begin() + position * logits.shape[1];
    return static_cast<int>(std::max_element(first, first + logits.shape[1]) - first);
}

}  // namespace

/// Scores set by hand, and where the answer flips.
class ScoreThrowTest : public QObject {
    Q_OBJECT

private slots:
    void allThatFollowsIsComputedFromAScoreSetByHand() {
        for (const auto& [name, config] : explainedForms()) {
            if (!hasFaders(config)) continue;
            const double root = std::sqrt(static_cast<double>(config.headDim()));
            for (const auto& [grid, perProduct] : {std::pair{"dot", 1.0}, {"scaled", root}}) {
                constexpr double value = 2.75;
                const Subject s = moved(config, grid, value);
                const Walk walk = walkOf(s, throwQuestion(s));
                const auto at = [&](const char* stage, const char* id) { return walk.find(stage)->find(id)->at(0, throwKey); };
                QVERIFY2(std::abs(at("dot", "dot") - value * perProduct) < 1e-4, name.c_str());
                QVERIFY2(std::abs(at("scale", "scaled") - value * perProduct / root) < 1e-4, name.c_str());
                QVERIFY(walk.explain({"dot", "dot", 0, throwKey}).note.english().starts_with("set by hand"));
                QVERIFY(!walk.explain({"dot", "dot", 0, throwKey + 1}).terms.empty());  // the others are q and k's as before
                const Grid& weights = *walk.find("weights")->find("weights");
                const double whole = weights.at(0, masterColumn);
                QVERIFY2(config.attention.sink ? whole > 0.0 && whole < 1.0 : std::abs(whole - 1.0) < 1e-5, name.c_str());
                const auto before = subjectOf(config);
                const Walk old = walkOf(before, throwQuestion(before));
                const Grid& masked = *old.find("mask")->find("masked");
                int seen = 0;
                for (int j = 0; j < masked.columns; ++j) seen += !std::isinf(masked.at(0, j));
                if (!std::isinf(masked.at(0, throwKey)) && seen > 1)
                    QVERIFY2(std::abs(weights.at(0, throwKey) - old.find("weights")->find("weights")->at(0, throwKey)) > 1e-6,
                             name.c_str());
            }
        }
    }

    void theWalkWithAScoreSetByHandIsTheTwins() {
        for (const auto& [name, config] : explainedForms()) {
            if (!hasFaders(config)) continue;
            const Subject s = moved(config, "scaled", -1.5);
            const Question q = throwQuestion(s);
            const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
            for (std::size_t i = 0; i < walk.stages.size(); ++i)
                QVERIFY2(checkStage(walk.stages[i], twin.stages[i]).agrees, (name + " " + walk.stages[i].id).c_str());
            for (const double back : walk.find("d_query")->find("sum")->master) QCOMPARE(back, 0.0);
        }
    }

    void theAnswersAlongAThrowAreTheTwins() {
        int flips = 0;
        for (const auto& [name, config] : explainedForms()) {
            if (!hasFaders(config) || config.answersNumbers()) continue;
            const Subject s = subjectOf(config);
            const Walk walk = walkOf(s, throwQuestion(s));
            const Grid& dot = *walk.find("dot")->find("dot");
            const ScoreThrow scores{s.input,
                                    dot.tensor,
                                    s.trace->at(dot.tensor).values,
                                    static_cast<std::size_t>(dot.place(0, throwKey)),
                                    [&dot](double value) { return dot.stored(0, throwKey, value); },
                                    dot.reach,
                                    walk.answer};
            const std::vector<ThrowStretch> stretches = answersAlong(*s.model, *s.weights, scores);
            QCOMPARE(stretches.front().from, -dot.reach);
            QCOMPARE(stretches.back().to, dot.reach);
            const auto twinAt = [&](double value) {
                const Input input =
                    withNumber(s.input, scores.tensor, scores.values, scores.place, static_cast<float>(scores.stored(value)));
                return largestLogit(*twinTrace(*s.model, *s.weights, input), walk.answer);
            };
            for (std::size_t i = 0; i < stretches.size(); ++i) {
                const ThrowStretch& one = stretches[i];
                QVERIFY2(twinAt((one.from + one.to) / 2.0) == one.answer, name.c_str());
                if (i == 0) continue;
                QCOMPARE(one.from, stretches[i - 1].to);
                QVERIFY(one.answer != stretches[i - 1].answer);
                ++flips;
            }
        }
        QVERIFY(flips > 0);
        QVERIFY(answersAlong(*subjectOf(smallConfig()).model, *subjectOf(smallConfig()).weights,
                             {inputFor(smallConfig(), 6), "encoder.0.attention.scores", std::vector<float>(72), 0,
                              [](double value) { return value; }, 1.0, 0},
                             [] { return true; })
                    .empty());
    }

    void numbersAlongAThrowAreTheTwins() {
        const Subject s = subjectOf(ofNumbers());
        const Question q = questionOf(s, 0, 0, 5, 1);
        const Walk walk = walkOf(s, q);
        const Grid& dot = *walk.find("dot")->find("dot");
        const ScoreThrow scores{s.input,
                                dot.tensor,
                                s.trace->at(dot.tensor).values,
                                static_cast<std::size_t>(dot.place(0, 1)),
                                [&dot](double value) { return dot.stored(0, 1, value); },
                                dot.reach,
                                5};
        const std::vector<ThrowAnswer> answers = numbersAlong(*s.model, *s.weights, scores, 5);
        QCOMPARE(answers.size(), std::size_t{5});
        QCOMPARE(answers.front().value, -dot.reach);
        QCOMPARE(answers.back().value, dot.reach);
        for (const ThrowAnswer& answer : answers) {
            const Input input =
                withNumber(s.input, scores.tensor, scores.values, scores.place, static_cast<float>(scores.stored(answer.value)));
            const auto twin = twinTrace(*s.model, *s.weights, input);
            QCOMPARE(answer.numbers.size(), std::size_t{2});
            for (std::size_t r = 0; r < 2; ++r) QVERIFY(std::abs(answer.numbers[r] - twin->at("logits").values[10 + r]) < 1e-4);
        }
        QVERIFY(std::abs(answers.front().numbers[0] - answers.back().numbers[0]) > 1e-4);
        QVERIFY(numbersAlong(*s.model, *s.weights, scores, 5, [] { return true; }).empty());
    }

    void aNumberReachesWhatIsMadeOfIt() {
        const std::string block = "encoder.0.attention.";
        QVERIFY(reaches(block + "query", block + "scores"));
        QVERIFY(reaches(block + "unrotated_key", block + "query"));
        QVERIFY(reaches(block + "scores", block + "weights"));
        QVERIFY(!reaches(block + "weights", block + "scores"));
        QVERIFY(!reaches(block + "value", block + "weights"));
        QVERIFY(!reaches(block + "scores", "encoder.1.attention.weights"));
        Input input;
        input.interventions = {{Intervention::Kind::replace, block + "weights", 0, {1.0F}},
                               {Intervention::Kind::replace, block + "value", 0, {1.0F}}};
        input = withNumber(input, block + "scores", {0.0F, 0.0F}, 1, 3.0F);
        QCOMPARE(input.interventions.size(), std::size_t{2});
        QCOMPARE(input.interventions.back().values, (std::vector<float>{0.0F, 3.0F}));
    }

    void anExamplesScoresAreSetByHandToo() {
        Example example = examples().front();
        const Walk plain = exampleWalk(example, 1, 2);
        const Grid& dot = *plain.find("dot")->find("dot");
        example.scores = exampleTrace(example)->at(dot.tensor).values;
        QCOMPARE(exampleWalk(example, 1, 2).find("mix")->find("weights")->values, plain.find("mix")->find("weights")->values);
        example.scores[static_cast<std::size_t>(dot.place(0, 2))] = dot.stored(0, 2, 3.0);
        const Walk walk = exampleWalk(example, 1, 2);
        QVERIFY(std::abs(walk.find("dot")->find("dot")->at(0, 2) - 3.0) < 1e-12);
        QVERIFY(walk.explain({"dot", "dot", 0, 2}).note.english().starts_with("set by hand"));
        const Grid& weights = *walk.find("weights")->find("weights");
        QVERIFY(std::abs(weights.at(0, masterColumn) - 1.0) < 1e-12);
        QVERIFY(weights.at(0, 2) > plain.find("weights")->find("weights")->at(0, 2));
    }

    void everyPartOfTheBlockLeadsToItsFirstStages() {
        for (const auto& [name, config] : explainedForms()) {
            const Subject s = subjectOf(config);
            for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
                const Walk walk = walkOf(s, questionOf(s, block, 0, 2, 1));
                std::set<std::string> parts{""};
                int last = -1;
                for (const BlockPart& part : blockParts(walk)) {
                    parts.insert(part.id);
                    if (part.forward < 0) continue;
                    QVERIFY(!walk.stages[static_cast<std::size_t>(part.forward)].backward);
                    QVERIFY2(part.forward > last || part.id == "ffn" || part.id == "sum", name.c_str());
                    last = part.forward;
                }
                for (const Stage& stage : walk.stages) {
                    QVERIFY2(parts.contains(stage.part), stage.id.c_str());
                    QVERIFY2(!stage.part.empty() || stage.id == "later" || stage.id == "update", stage.id.c_str());
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(ScoreThrowTest)
#include "score_throw_test.moc"
