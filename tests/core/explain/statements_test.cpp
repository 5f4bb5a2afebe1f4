#include "core/explain/statements/statement.h"

#include <QtTest>

#include <cmath>
#include <set>

#include "core/config/comparisons.h"
#include "core/explain/statements/wrong_code.h"
#include "core/layers/position/rope.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

StatementScene statementScene(const Subject& s, int block = 0) {
    StatementScene scene;
    scene.model = s.model;
    scene.weights = s.weights;
    scene.numbers = NumberSource(s.trace);
    scene.question = questionOf(s, block, 0, 2, 1);
    return scene;
}

const Statement& statementOf(const char* id) {
    const Statement* found = findStatement(id);
    if (!found) qFatal("no statement %s", id);
    return *found;
}

/// All that is said of a statement once it is judged.
std::string told(const char* id, const StatementScene& scene = {}) {
    const Statement& s = statementOf(id);
    std::string text = Words(s.why).english();
    for (const auto& [what, value] : evidenceOf(s, scene).numbers) text += "\n" + what.english() + " " + value.english();
    return text;
}

std::string valueOf(const char* id, const std::string& what, const StatementScene& scene = {}) {
    for (const auto& [name, value] : evidenceOf(statementOf(id), scene).numbers)
        if (name.english().find(what) != std::string::npos) return value.english();
    return "nothing is called " + what;
}

template <class Of>
Of drawingOf(const char* id, std::size_t index, const StatementScene& scene = {}) {
    return std::get<Of>(evidenceOf(statementOf(id), scene).drawings.at(index));
}

#define VERIFY_TOLD(id, part) QVERIFY2(told(id).find(part) != std::string::npos, told(id).c_str())

ModelConfig twoSided() {
    return changed("two sides",
                   [](ModelConfig& c) {
                       c.architecture = Architecture::encoder_decoder;
                       c.num_decoder_layers = 1;
                   })
        .config;
}

}  // namespace

class StatementsTest : public QObject {
    Q_OBJECT

private slots:
    void allOfTheSpecificationAreThere() {
        std::set<std::string> wanted, found, ids;
        for (char letter = 'a'; letter <= 'i'; ++letter) wanted.insert(std::string("10.") + letter);
        for (int i = 1; i <= 28; ++i) wanted.insert("10b." + std::to_string(i));
        for (const Statement& s : statements()) {
            found.insert(std::string(s.spec));
            QVERIFY2(ids.insert(std::string(s.id)).second, std::string(s.id).c_str());
        }
        QCOMPARE(found, wanted);
    }

    void falseIsNotAlwaysRight() {
        std::map<Verdict, int> count;
        for (const Statement& s : statements()) ++count[s.verdict];
        QVERIFY(count[Verdict::holds] >= 2 && count[Verdict::depends] >= 3 && count[Verdict::open] >= 1);
        QVERIFY(statementOf("cache").verdict == Verdict::holds && statementOf("closed-models").verdict == Verdict::open);
        QVERIFY(count[Verdict::fails] < 4 * static_cast<int>(statements().size()) / 5);
    }

    void topicsStandTogetherAndEachIsNamed() {
        for (std::size_t i = 1; i < statements().size(); ++i) QVERIFY(statements()[i - 1].topic <= statements()[i].topic);
        std::set<std::string> names;
        for (int topic = 0; topic < topicCount; ++topic) names.insert(topicName(static_cast<Topic>(topic)).english());
        QCOMPARE(names.size(), static_cast<std::size_t>(topicCount));
    }

    void withoutAModelEachIsToldWithNumbersAndDrawn() {
        for (const Statement& s : statements()) {
            const std::string id(s.id);
            QVERIFY2(!s.claim.empty() && !s.name.empty() && !s.why.empty() && *s.place, id.c_str());
            const Evidence e = evidenceOf(s, {});
            QVERIFY2(!e.numbers.empty() && !e.drawings.empty(), id.c_str());
            QCOMPARE(e.whose.empty(), !s.live);
            if (s.live) QVERIFY2(e.whose.english().find("not been trained") != std::string::npos, id.c_str());
        }
    }

    void everyFormAndBlockIsToldWithFiniteNumbers() {
        for (const auto& [name, config] : walkedForms()) {
            const Subject subject = subjectOf(config);
            for (int block = 0; block < static_cast<int>(subject.model->attentionBlocks().size()); ++block)
                for (const Statement& s : statements()) {
                    const Evidence e = evidenceOf(s, statementScene(subject, block));
                    const std::string place = name + ", " + std::string(s.id);
                    QVERIFY2(!e.numbers.empty(), place.c_str());
                    for (const auto& [what, value] : e.numbers)
                        QVERIFY2(value.english().find("NaN") == std::string::npos && value.english().find("\u221E") == std::string::npos,
                                 (place + ": " + what.english()).c_str());
                    for (const Drawing& drawing : e.drawings) QVERIFY2(!inWords(drawing).empty(), place.c_str());
                }
        }
    }

    void withoutTargetsAndOfOneTokenNothingIsMissed() {
        for (const bool one : {false, true}) {
            const Subject subject = subjectOf(smallConfig(), [one](Input& input) {
                if (one) input.tokens.resize(1), input.targets.assign(1, 2);
            });
            StatementScene scene = statementScene(subject);
            if (one) scene.question.query = scene.question.key = 0;
            if (!one) {
                scene.question.input.targets.clear();
                scene.numbers = NumberSource(std::make_shared<const Trace>(subject.model->trace(*subject.weights, scene.question.input)));
            }
            for (const Statement& s : statements()) QVERIFY2(!evidenceOf(s, scene).numbers.empty(), std::string(s.id).c_str());
        }
    }

    void numbersAreThoseOfTheSpecification() {
        VERIFY_TOLD("softmax-three", "[0.8668, 0.1173, 0.0159]");
        VERIFY_TOLD("softmax-three", "0.826");
        VERIFY_TOLD("softmax-five", "[0.9456, 0.0471, 0.0064, 0.0008623, 4.293e\u22125]");
        VERIFY_TOLD("softmax-five", "0.9805");
        VERIFY_TOLD("softmax-signs", "[0.7311, 0.2689]");
        VERIFY_TOLD("orthogonal", "0.9094");
        VERIFY_TOLD("five-tokens", "5.207");
        VERIFY_TOLD("five-tokens", "[0.192, 0.212, 0.202, 0.198, 0.196]");
        VERIFY_TOLD("five-tokens", "0.174");
        for (const char* cosine : {".803", ".845", ".568", ".552", ".860", ".719", ".692", ".808", ".720", ".980"})
            VERIFY_TOLD("cosines", cosine);
        for (const char* sum : {"13.96", "13.33", "12.81", "12.25", "13.04"}) VERIFY_TOLD("cosine-row-sums", sum);
        VERIFY_TOLD("exp-cosine", "0.3679");
        VERIFY_TOLD("exp-cosine", "2.7183");
        VERIFY_TOLD("rope-angle", "0.7696");
        VERIFY_TOLD("rope-angle", "\u22120.4823");
        VERIFY_TOLD("grouped-width", "128");
        VERIFY_TOLD("grouped-width", "512");
        VERIFY_TOLD("huge-map", "10^{16}");
        QCOMPARE(valueOf("huge-map", "PB"), std::string("40"));
        QCOMPARE(valueOf("closed-models", "8 key-value heads"), std::string("1.25"));
        QCOMPARE(valueOf("closed-models", "64 key-value heads"), std::string("10.00"));
        QCOMPARE(valueOf("cache", "Llama-3-8B"), std::string("1.00"));
        QCOMPARE(valueOf("bloom", "distance 10"), std::string("5.0"));
    }

    void oneLinearLayerPredictsWhatOneGradientStepDoes() {
        QCOMPARE(valueOf("like-gradient-descent", "gradient step"), std::string("1.2000"));
        QCOMPARE(valueOf("like-gradient-descent", "linear attention"), std::string("1.2000"));
        const auto curves = drawingOf<CurvesDrawing>("like-gradient-descent", 0);
        for (std::size_t i = 0; i < curves.x.size(); ++i) QVERIFY(std::abs(curves.series[0].y[i] - curves.series[1].y[i]) < 1e-12);
        QVERIFY(valueOf("large-models-descend", "softmax") != std::string("1.2000"));
    }

    void claimedDrawingsShowWhatIsClaimed() {
        const auto bars = drawingOf<BarsDrawing>("softmax-three", 0);
        QVERIFY(bars.series[0].tone == Tone::claimed && bars.series[1].tone == Tone::right);
        QCOMPARE(bars.series[0].values, (std::vector<double>{0.665, 0.117, 0.044}));
        const auto divided = drawingOf<CellsDrawing>("row-sums", 1);
        for (int i = 0; i < 3; ++i) {
            double sum = 0.0;
            for (int j = 0; j < 3; ++j) sum += divided.values[static_cast<std::size_t>(3 * i + j)];
            QVERIFY(std::abs(sum - 1.0) < 1e-12);
        }
    }

    void overHeadsOnlyTheChangedTokenMoves() {
        for (const auto& [name, config] : allForms()) {
            const Subject subject = subjectOf(config);
            const StatementScene scene = statementScene(subject);
            const auto wrong = drawingOf<CellsDrawing>("over-heads", 0, scene), right = drawingOf<CellsDrawing>("over-heads", 1, scene);
            for (int i = 0; i < wrong.rows; ++i)
                for (int j = 0; j < wrong.columns; ++j) {
                    const auto at = static_cast<std::size_t>(i * wrong.columns + j);
                    QVERIFY2((wrong.values[at] > 0.0) == (i == j), name.c_str());
                    QVERIFY2(right.values[at] > 0.0, name.c_str());
                }
        }
    }

    void attentionOverPositionsIsTheModels() {
        for (const bool grouped : {false, true}) {
            ModelConfig c = smallConfig();
            c.d_model = 16;
            c.num_heads = 4;
            c.num_kv_heads = grouped ? 2 : 4;
            const Subject s = subjectOf(c);
            const NumberSource numbers(s.trace);
            const std::string block = "encoder.0.attention";
            const NumberView q = numbers.at(block + ".query"), k = numbers.at(block + ".key"), v = numbers.at(block + ".value");
            PositionHeads in{q.extent(1), q.extent(0), k.extent(0), q.extent(2), {}, {}, {}};
            const auto fill = [&](std::vector<double>& to, const NumberView& from) {
                for (int t = 0; t < from.extent(1); ++t)
                    for (int h = 0; h < from.extent(0); ++h)
                        for (int p = 0; p < from.extent(2); ++p) to.push_back(from(h, t, p));
            };
            fill(in.q, q), fill(in.k, k), fill(in.v, v);
            std::vector<double> wanted;
            fill(wanted, numbers.at(block + ".head_output"));
            const std::vector<double> out = attentionOverPositions(in);
            for (std::size_t i = 0; i < out.size(); ++i) QVERIFY(std::abs(out[i] - wanted[i]) < 1e-5);
        }
    }

    void theRotationIsTheModels() {
        const Rows x{{1, 2, 3, 4}, {.5, -1, 2, 0}, {3, 1, -2, 1}};
        const Rows turned = rotated(x, 10000.0);
        const RopeFrequencies frequencies{plainFrequencies(10000.0, 4), 1.0};
        double cos[6], sin[6];
        ropeTables(frequencies, 0, 3, cos, sin);
        for (std::size_t m = 0; m < 3; ++m)
            for (std::size_t p = 0; p < 2; ++p) {
                QVERIFY(std::abs(turned[m][p] - (x[m][p] * cos[2 * m + p] - x[m][p + 2] * sin[2 * m + p])) < 1e-12);
                QVERIFY(std::abs(turned[m][p + 2] - (x[m][p] * sin[2 * m + p] + x[m][p + 2] * cos[2 * m + p])) < 1e-12);
            }
        const std::vector<double> lambda{2.0, 5.0}, theta = lab::explain::longRope(10000.0, 4, lambda);
        for (std::size_t p = 0; p < 2; ++p) QVERIFY(std::abs(theta[p] - frequencies.theta[p] / lambda[p]) < 1e-15);
    }

    void anUnusedRotationLeavesTheOrderUnseen() {
        for (const auto& [name, config] : allForms()) {
            const StatementScene scene = statementScene(subjectOf(config));
            const std::string unused = valueOf("rotation-unused", "the code", scene),
                              applied = valueOf("rotation-unused", "applied", scene);
            QVERIFY2(unused == "0" || unused.find("e\u22121") != std::string::npos, (name + ": " + unused).c_str());
            QVERIFY2(applied != "0" && applied.find("e\u22121") == std::string::npos, (name + ": " + applied).c_str());
            const std::string masked = valueOf("permutation", "causal", scene);
            QVERIFY2(masked != "0" && masked.find("e\u22121") == std::string::npos, (name + ": " + masked).c_str());
        }
    }

    void weightsDoNotGrowWithTheSequenceButTheMapsDo() {
        const auto scene = [](int length) {
            return statementScene(subjectOf(smallConfig(), [length](Input& input) {
                input.tokens.resize(static_cast<std::size_t>(length), 1);
                input.targets.resize(static_cast<std::size_t>(length), 1);
            }));
        };
        QCOMPARE(valueOf("context-window", "weights of", scene(6)), valueOf("context-window", "weights of", scene(12)));
        QCOMPARE(valueOf("context-window", "in its maps, n", scene(6)), std::string("72"));  // two heads
        QCOMPARE(valueOf("context-window", "twice", scene(6)), valueOf("context-window", "in its maps, n", scene(12)));
    }

    void aDecodersThirdNormIsAccountedForAndThoseOfHeadsAreNone() {
        const Subject s = subjectOf(twoSided());
        const auto& blocks = s.model->attentionBlocks();
        for (int b = 0; b < static_cast<int>(blocks.size()); ++b) {
            const bool decoder = blocks[static_cast<std::size_t>(b)].side == "decoder";
            QCOMPARE(valueOf("block-norms", "norms in", statementScene(s, b)), std::string(decoder ? "3" : "2"));
        }
        const Subject normed = subjectOf(changed("normed", [](ModelConfig& c) { c.attention.qk_norm = true; }).config);
        QCOMPARE(valueOf("block-norms", "norms in", statementScene(normed)), std::string("2"));
    }

    void gradientsOfAllFourMatricesAreShownAndNoneIsZero() {
        const Evidence e = evidenceOf(statementOf("backpropagation"), statementScene(subjectOf(smallConfig())));
        QCOMPARE(e.numbers.size(), std::size_t{5});
        for (const auto& [what, value] : e.numbers) QVERIFY2(value.english() != "0", what.english().c_str());
    }

    void theThreeLossesAreOneAndAnother() {
        const StatementScene scene = statementScene(subjectOf(smallConfig()));
        const std::string logits = valueOf("softmax-loss", "loss of the logits", scene);
        QCOMPARE(valueOf("softmax-loss", "log_softmax", scene), logits);
        QVERIFY(valueOf("softmax-loss", "their softmax", scene) != logits);
        QVERIFY(std::abs(std::stod(logits) - static_cast<double>(scene.numbers.at("loss")[0])) < 1e-3);
    }

    void anothersMapsChangeTheAnswerAndItsOwnDoNot() {
        const Subject s = subjectOf(smallConfig());
        StatementScene scene = statementScene(s);
        QVERIFY(valueOf("map-reuse", "its own", scene) != valueOf("map-reuse", "other", scene));
        scene.other = scene.question.input;
        QCOMPARE(valueOf("map-reuse", "its own", scene), valueOf("map-reuse", "other", scene));
    }

    void keysStayInADecoderOnly() {
        QVERIFY(valueOf("cache", "keys of earlier", statementScene(subjectOf(llamaLike()))).find("e\u2212") != std::string::npos ||
                valueOf("cache", "keys of earlier", statementScene(subjectOf(llamaLike()))) == "0");
        const double moved = std::stod(valueOf("cache", "keys of earlier", statementScene(subjectOf(smallConfig()))));
        QVERIFY(moved > 0.001);
    }

    void noWeightChangesWhileAnswering() {
        QCOMPARE(valueOf("weights-kept", "another bit", statementScene(subjectOf(smallConfig()))), std::string("0"));
    }

    void headsStayInTheirRows() {
        const StatementScene scene = statementScene(subjectOf(smallConfig()));
        QCOMPARE(valueOf("concatenation", "of one position", scene), std::string("6"));
        QCOMPARE(valueOf("concatenation", "without transpose", scene), std::string("0"));
    }

    void theProjectionIsLinear() {
        const std::string rounding = valueOf("nonlinear-projection", "distance", statementScene(subjectOf(smallConfig())));
        QVERIFY2(rounding == "0" || rounding.find("e\u22121") != std::string::npos, rounding.c_str());
    }

    void headsAddUpToTheirProjection() {
        for (const auto& [name, config] : allForms()) {
            const std::string distance = valueOf("heads-added", "distance", statementScene(subjectOf(config)));
            QVERIFY2(distance == "0" || distance.find("\u22121") != std::string::npos, (name + ": " + distance).c_str());
        }
    }

    void everyFormHasTheStagesThatAreShown() {
        const std::string stage = "explain?stage=", example = stage + "example.";
        for (const auto& [name, config] : walkedForms()) {
            const Walk walk = [&] {
                const Subject subject = subjectOf(config);
                return walkOf(subject, questionOf(subject, 0, 0, 2, 1));
            }();
            for (const Statement& s : statements()) {
                const std::string place = s.place;
                if (!place.starts_with(stage) || place.starts_with(example)) continue;
                // Products share no sum: the page stays where it is.
                const bool noSum = !specOf(config.attention.kernel.kind).rowsSumToOne && place.ends_with("=sum");
                QVERIFY2((walk.find(place.substr(stage.size())) != nullptr) != noSum, (name + ": " + place).c_str());
            }
        }
    }

    void whatIsSaidOfAllCasesAndWrongInSomeIsFalse() {
        for (const char* id : {"orthogonal", "fully-connected", "grouped-width", "decay", "map-reuse"})
            QVERIFY2(statementOf(id).verdict == Verdict::fails, id);
        for (const char* id : {"permutation", "map-memory", "soft-maximum"}) QVERIFY2(statementOf(id).verdict == Verdict::depends, id);
    }

    void numbersOfAnotherModelAreSaidToBeSo() {
        const Subject s = subjectOf(twoSided());
        const auto& blocks = s.model->attentionBlocks();
        const auto cross = static_cast<int>(std::ranges::find_if(blocks, &AttentionBlock::cross) - blocks.begin());
        const auto whose = [](const char* id, const StatementScene& scene) { return evidenceOf(statementOf(id), scene).whose.english(); };
        for (const char* id : {"over-heads", "rotation-unused", "permutation", "no-mask", "no-mask-no-positions", "diagonal-zero"}) {
            QVERIFY2(whose(id, statementScene(s, cross)).find("this block is cross-attention") != std::string::npos, id);
            QVERIFY2(whose(id, statementScene(s)).find("model that is open") != std::string::npos, id);
        }
        const Subject longer = subjectOf(smallConfig(), [](Input& input) {
            input.tokens.resize(12, 1);
            input.targets.resize(12, 1);
        });
        QVERIFY(whose("over-heads", statementScene(longer)).find("first 10 tokens") != std::string::npos);
        QVERIFY(whose("values", statementScene(longer)).find("first") == std::string::npos);
    }

    void nineOfTheTenCosinesAreOtherThanStated() {
        const auto bars = drawingOf<BarsDrawing>("cosines", 0);
        QCOMPARE(bars.labels.size(), std::size_t{10});
        int other = 0;
        for (std::size_t i = 0; i < 10; ++i)
            other += std::round(10 * bars.series[1].values[i]) != std::round(10 * bars.series[0].values[i]);
        QCOMPARE(other, 9);
    }

    void scoresHaveNoBoundAndAreNoCorrelation() {
        QCOMPARE(valueOf("scores-cosines", "q = (3, 4)"), std::string("35.4"));
        QCOMPARE(valueOf("scores-cosines", "their cosine"), std::string("1.0"));
        QCOMPARE(valueOf("correlation", "correlation of q"), std::string("\u2212"
                                                                         "1.0000"));
    }

    void freshWeightsAreOthersThanTheExamples() {
        QVERIFY(drawingOf<CellsDrawing>("true-similarity", 0).values != drawingOf<CellsDrawing>("true-similarity", 1).values);
    }

    void softmaxHasAShareForEachNumberAndNoneForTheirSum() {
        const auto shares = drawingOf<BarsDrawing>("soft-maximum", 1);
        QCOMPARE(shares.labels.size(), std::size_t{3});
        QVERIFY(std::ranges::none_of(shares.series[0].values, [](double share) { return share == 0.0; }));
    }

    void theShapesOfQueryAndKeyAreTheirOwn() {
        ModelConfig c = smallConfig();
        c.num_kv_heads = 1;
        const Subject s = subjectOf(c);
        const auto boxes = drawingOf<BoxesDrawing>("values", 0, statementScene(s));
        const int width = c.d_model / c.num_heads;
        QCOMPARE(boxes.lines[0].boxes[0].below.english(), "[" + std::to_string(c.num_heads) + ", 6, " + std::to_string(width) + "]");
        QCOMPARE(boxes.lines[1].boxes[0].below.english(), "[1, 6, " + std::to_string(width) + "]");
    }

    void theProductOverTheDistanceIsTheScoreAtItsOwn() {
        for (const char* scaling : {"none", "yarn"}) {
            ModelConfig c = smallConfig();
            c.position.kind = PositionKind::rope;
            if (std::string(scaling) == "yarn") {
                c.position.rope.scaling.kind = scaling;
                c.position.rope.scaling.factor = 4.0;
                c.position.rope.scaling.original_max_seq_len = 16;
            }
            StatementScene scene = statementScene(subjectOf(c));
            const auto curve = drawingOf<CurvesDrawing>("decay", 0, scene);
            const double score = scene.numbers.at("encoder.0.attention.scores")(0, 2, 1);  // query 2, key 1
            QVERIFY2(std::abs(curve.series[0].y[1] - score) < 1e-5, scaling);
            QVERIFY(valueOf("decay", "of query 2 and key 1", scene).find("nothing") == std::string::npos);
            QVERIFY(evidenceOf(statementOf("decay"), scene).whose.english().find("head 0") != std::string::npos);
        }
        QVERIFY(evidenceOf(statementOf("decay"), {}).whose.empty());
        QVERIFY(valueOf("decay", "made up").find("nothing") == std::string::npos);
    }

    void theNetInPlaceOfAttentionIsSaidAsItsComparisonSays() {
        const Statement& s = statementOf("fully-connected");
        const auto comparison = std::ranges::find(comparisons(), std::string("mixers"), &ClassicComparison::key);
        QVERIFY(comparison != comparisons().end() && std::string(s.place).ends_with("comparison.7-mixers"));
        const std::string why = Words(s.why).english();
        for (const char* number : {"4612", "4224", "132160", "35 %", "98 %", "99 %", "40 %", "94 %", "95 %"})
            QVERIFY2(comparison->about.find(number) != std::string::npos && why.find(number) != std::string::npos, number);
    }

    void whatWasTrainedIsTold() {
        StatementScene scene;
        scene.trained = {{true, true, 1.2, 1.0, 0.1, {3, 1}, {6, 8}},
                         {false, true, 0.01, 0.11, 0.1, {3, 1}, {4, 4}},
                         {false, false, 1.7, 0.12, 0.1, {3, 1}, {5, 5}}};
        QVERIFY(evidenceOf(statementOf("no-mask"), scene).drawings.size() > evidenceOf(statementOf("no-mask"), {}).drawings.size());
        QCOMPARE(valueOf("no-mask", "positions, no mask", scene), std::string("0.010, 0.110"));
        for (TrainedVariant& variant : scene.trained) variant.prompt.assign(8, 3);
        QCOMPARE(valueOf("no-mask", "7 of the 15 next tokens are random", scene), std::string("1.075"));
        for (TrainedVariant& variant : scene.trained) variant.prompt = {3, 1};
        QCOMPARE(valueOf("no-mask", "mask and positions: written behind 3 1", scene), std::string("6 8"));
        for (const Statement& s : statements()) QCOMPARE(s.trains, s.id == "no-mask" || s.id == "no-mask-no-positions");
    }
};

QTEST_APPLESS_MAIN(StatementsTest)
#include "statements_test.moc"
