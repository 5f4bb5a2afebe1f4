#include "core/analysis/run_comparison.h"

#include <QtTest>

#include "core/analysis/run_curve.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

Experiment experimentWith(const std::vector<std::pair<const char*, const char*>>& values) {
    Experiment experiment;
    experiment.task.seq_len = 6;
    experiment.model.d_model = 16;
    experiment.model.num_layers = 1;
    for (const auto& [path, value] : values) fieldTable().at(path).setText(experiment, value);
    return resolved(experiment);
}

std::vector<std::string> pathsOf(const std::vector<Difference>& differences) {
    std::vector<std::string> paths;
    for (const Difference& each : differences) paths.push_back(each.path);
    return paths;
}

Trace traceOf(const Model& model, const Experiment& experiment, std::vector<int> tokens) {
    Input input;
    input.tokens = std::move(tokens);
    return model.trace(initialWeights(model, experiment.training.seed), input);
}

}  // namespace

class RunComparisonTest : public QObject {
    Q_OBJECT

private slots:
    void tellsAllThatDiffersAndNothingElse();
    void writesDifferencesAsOneTypesThem();
    void aValueThatFollowsIsNamedOnlyBesideOneThatWasChosen();
    void seedsOfOneVariant();
    void sameBatchesNeedTheSameDataAndSeed();
    void cacheBytesCountTheLayersAndKeyValueHeads();
    void overlapIsTheSharedWeight();
    void matchingFindsThePermutedHeads();
    void matchingComparesOnlyWhatIsAlike();
    void curvesCountEffort();
    void timeToAnAccuracyIsTheFirstValidationThatReachesIt();
    void withoutValidationTheAverageDecides();
    void spreadIsThatOfASample();
    void bandsMeetTheCurvesWhereAllOfThemAre();
};

void RunComparisonTest::tellsAllThatDiffersAndNothingElse() {
    const std::vector<Experiment> runs{experimentWith({}), experimentWith({{"model.attention.form", "kv"}, {"training.pace", "60"}}),
                                       experimentWith({{"model.attention.form", "kv+pos"}, {"model.d_model", "32"}})};
    const auto found = differencesOf(runs);
    const std::vector<std::string> expected{"model.d_model", "model.attention.form", "model.attention.pos_dim"};
    QCOMPARE(pathsOf(found), expected);  // d_ff follows from d_model
    const std::vector<std::string> forms{"qkv", "kv", "kv+pos"};
    QCOMPARE(found[1].values, forms);
    const std::vector<std::string> dims{"", "", "10"};
    QCOMPARE(found[2].values, dims);
    QVERIFY(differencesOf(std::vector<Experiment>{runs[0], runs[0]}).empty());
}

void RunComparisonTest::writesDifferencesAsOneTypesThem() {
    const std::vector<Experiment> runs{experimentWith({}), experimentWith({{"model.attention.form", "kv+pos"}, {"training.seed", "7"}})};
    const auto found = differencesOf(runs);
    QCOMPARE(differenceText(found, 0), std::string("qkv, seed 42"));
    QCOMPARE(differenceText(found, 1), std::string("kv+pos, pos_dim 10, seed 7"));
    QCOMPARE(differenceText(differencesOf(runs, false), 1), std::string("kv+pos, pos_dim 10"));
}

void RunComparisonTest::aValueThatFollowsIsNamedOnlyBesideOneThatWasChosen() {
    const std::vector<Experiment> runs{experimentWith({{"model.num_heads", "4"}}),
                                       experimentWith({{"model.num_heads", "4"}, {"model.num_kv_heads", "1"}})};
    const auto found = differencesOf(runs);
    QCOMPARE(pathsOf(found), std::vector<std::string>{"model.num_kv_heads"});
    const std::vector<std::string> values{"4", "1"};
    QCOMPARE(found[0].values, values);
}

void RunComparisonTest::seedsOfOneVariant() {
    Experiment other = experimentWith({{"training.seed", "9"}});
    other.name = "another";
    QVERIFY(sameVariant(experimentWith({}), other));
    QVERIFY(!sameVariant(experimentWith({}), experimentWith({{"model.num_heads", "4"}})));
    QVERIFY(!sameVariant(experimentWith({}), experimentWith({{"task.seed", "9"}})));
}

void RunComparisonTest::sameBatchesNeedTheSameDataAndSeed() {
    const Experiment one = experimentWith({});
    QVERIFY(sameBatches(one, experimentWith({{"model.attention.form", "kv"}, {"training.steps", "50"}})));
    QVERIFY(!sameBatches(one, experimentWith({{"training.seed", "9"}})));
    QVERIFY(!sameBatches(one, experimentWith({{"training.batch_size", "9"}})));
    QVERIFY(!sameBatches(one, experimentWith({{"task.seq_len", "9"}})));
}

void RunComparisonTest::cacheBytesCountTheLayersAndKeyValueHeads() {
    QVERIFY(!cacheBytesPerToken(experimentWith({}).model));
    const auto bytes = [](const char* kvHeads) {
        return *cacheBytesPerToken(
            experimentWith(
                {{"model.architecture", "decoder"}, {"model.num_layers", "3"}, {"model.num_heads", "4"}, {"model.num_kv_heads", kvHeads}})
                .model);
    };
    QCOMPARE(bytes("4"), std::size_t{2 * 3 * 4 * 4 * 4});  // keys and values, L, G, head_dim, float
    QCOMPARE(bytes("1"), bytes("4") / 4);
    const auto inArchitecture = [](const char* architecture, const char* form) {
        return *cacheBytesPerToken(experimentWith({{"model.architecture", architecture},
                                                   {"model.num_layers", "3"},
                                                   {"model.num_decoder_layers", "3"},
                                                   {"model.num_heads", "4"},
                                                   {"model.attention.form", form}})
                                       .model);
    };
    QCOMPARE(inArchitecture("encoder-decoder", "qkv"), 2 * bytes("4"));  // the cross-attention keeps the source's
    QCOMPARE(inArchitecture("decoder", "q+kv"), bytes("4") / 2);         // keys are the values
    QCOMPARE(*cacheBytesPerToken(experimentWith({{"model.architecture", "decoder"}, {"model.attention.kernel", "retention"}}).model),
             std::size_t{0});
    QCOMPARE(inArchitecture("decoder", "latent"), std::size_t{3 * 4 * 4});  // L, latent_dim = d_model / 4, float
    QCOMPARE(inArchitecture("decoder", "k"), bytes("4") / 2);
    QCOMPARE(inArchitecture("decoder", "kv"), bytes("4"));  // queries are kept by nobody
    const Experiment shared = experimentWith(
        {{"model.architecture", "decoder"}, {"model.num_layers", "3"}, {"model.num_heads", "4"}, {"model.attention.share_kv", "2"}});
    QCOMPARE(*cacheBytesPerToken(shared.model), bytes("4") / 3 * 2);  // the second layer reads the first one's
}

void RunComparisonTest::overlapIsTheSharedWeight() {
    const std::vector<float> a{1, 0, 0, 0.5F, 0.5F, 0};
    const std::vector<float> b{0, 1, 0, 0.25F, 0.25F, 0.5F};
    QCOMPARE(mapOverlap(a, a, {2, 3}), 1.0);
    QCOMPARE(mapOverlap(a, b, {2, 3}), 0.25);  // rows share 0 and 0.5
    const std::vector<float> difference{-1, 1, 0, -0.25F, -0.25F, 0.5F};
    QCOMPARE(mapDifference(a, b), difference);
}

/// The same weights with the heads' rows swapped: every head finds its twin.
void RunComparisonTest::matchingFindsThePermutedHeads() {
    const Experiment experiment = experimentWith({});
    const Model model(experiment.model);
    const Trace one = traceOf(model, experiment, {3, 1, 4, 1, 5, 9});
    Trace swapped = one;
    const std::string name = model.attentionBlocks().front().name + ".weights";
    Tensor weights = one.at(name);
    const auto half = static_cast<std::ptrdiff_t>(weights.values.size() / 2);  // of two heads
    std::rotate(weights.values.begin(), weights.values.begin() + half, weights.values.end());
    swapped.set(name, weights);
    HeadMatching matching(model, model);
    QVERIFY(!matching.best(0));
    matching.add(one, swapped);
    matching.add(one, swapped);
    QCOMPARE(matching.inputs(), 2);
    QCOMPARE(matching.best(0), std::optional(1));
    QCOMPARE(matching.best(1), std::optional(0));
    QVERIFY(std::abs(*matching.overlap(0, 1) - 1.0) < 1e-6);
    QVERIFY(*matching.overlap(0, 0) < 1.0);
}

void RunComparisonTest::matchingComparesOnlyWhatIsAlike() {
    const Experiment encoder = experimentWith({});
    const Experiment both = experimentWith({{"model.architecture", "encoder-decoder"}});
    const Model a(encoder.model), b(both.model);
    Input input;
    input.tokens = {3, 1, 4, 1, 5, 9};
    input.targetTokens = {10, 9, 5, 1};
    const Trace traceB = b.trace(initialWeights(b, both.training.seed), input);
    HeadMatching matching(a, b);
    matching.add(traceOf(a, encoder, input.tokens), traceB);
    for (std::size_t column = 0; column < matching.columns().size(); ++column) {
        const AttentionBlock& block = b.attentionBlocks()[static_cast<std::size_t>(matching.columns()[column].block)];
        QCOMPARE(matching.overlap(0, static_cast<int>(column)).has_value(), block.side == "encoder" && !block.cross);
    }
}

void RunComparisonTest::curvesCountEffort() {
    RunCurve curve;
    curve.add({.step = 5, .tokens = 32, .seconds = 0.5, .loss = 2, .accuracy = 0.25});
    curve.add({.step = 6, .tokens = 16, .seconds = 0.25, .loss = 2, .accuracy = 0.25});
    const std::vector<double> steps{5, 6}, tokens{32, 48}, seconds{0.5, 0.75};
    QCOMPARE(curve.effort(Effort::steps), steps);
    QCOMPARE(curve.effort(Effort::tokens), tokens);
    QCOMPARE(curve.effort(Effort::seconds), seconds);
    QVERIFY(std::abs(curve.loss().back() - 2.0) < 1e-12);  // a constant stays itself
    QVERIFY(std::abs(curve.accuracy().back() - 0.25) < 1e-12);
}

void RunComparisonTest::timeToAnAccuracyIsTheFirstValidationThatReachesIt() {
    RunCurve curve;
    for (int step = 1; step <= 40; ++step) {
        RunCurve::Step each{.step = step, .tokens = 10, .seconds = 1, .loss = 1, .accuracy = 1};
        if (step % 10 == 0) each.validationAccuracy = step / 40.0;
        curve.add(each);
    }
    QCOMPARE(curve.effortTo(0.7, Effort::steps), std::optional(30.0));
    QCOMPARE(curve.effortTo(0.5, Effort::tokens), std::optional(200.0));
    QVERIFY(!curve.effortTo(1.01, Effort::steps));
    QCOMPARE(curve.latestValidation(), std::optional(1.0));
    QVERIFY(!RunCurve().latestValidation());
}

void RunComparisonTest::withoutValidationTheAverageDecides() {
    RunCurve curve;
    QVERIFY(!curve.effortTo(0.5, Effort::steps));
    for (int step = 1; step <= 60; ++step) curve.add({.step = step, .accuracy = step > 20 ? 1.0 : 0.0});
    const auto passed = curve.effortTo(0.5, Effort::steps);
    QVERIFY(passed);
    std::vector<double> raw;
    for (int step = 1; step <= 60; ++step) raw.push_back(step > 20 ? 1.0 : 0.0);
    const auto smooth = exponentialAverage(raw, RunCurve::smoothingFactor);
    const auto first = std::find_if(smooth.begin(), smooth.end(), [](double v) { return v >= 0.5; }) - smooth.begin() + 1;
    QCOMPARE(*passed, static_cast<double>(first));
    QVERIFY(*passed > 21);
}

void RunComparisonTest::spreadIsThatOfASample() {
    const std::vector<double> values{2, 4, 4, 6};
    const Spread spread = spreadOf(values);
    QCOMPARE(spread.mean, 4.0);
    QVERIFY(std::abs(spread.deviation - std::sqrt(8.0 / 3.0)) < 1e-12);
    QCOMPARE(spread.low, 2.0);
    QCOMPARE(spread.high, 6.0);
    QCOMPARE(spreadOf(std::vector<double>{3}).deviation, 0.0);
    QCOMPARE(bandOf(spread, BandKind::range), std::pair(2.0, 6.0));
    QCOMPARE(bandOf(spread, BandKind::deviation), std::pair(4.0 - spread.deviation, 4.0 + spread.deviation));
}

void RunComparisonTest::bandsMeetTheCurvesWhereAllOfThemAre() {
    const std::vector<double> xa{1, 2, 3, 4, 5}, ya{1, 2, 3, 4, 5}, xb{2, 4, 6}, yb{20, 40, 60};
    const std::vector<CurveView> curves{{xa, ya}, {xb, yb}};
    const auto band = bandOver(curves, 4);
    QCOMPARE(band.size(), std::size_t{4});
    QCOMPARE(band.front().x, 2.0);
    QCOMPARE(band.back().x, 5.0);
    for (const BandPoint& point : band) {
        QVERIFY(std::abs(point.spread.low - point.x) < 1e-12);
        QVERIFY(std::abs(point.spread.high - 10 * point.x) < 1e-9);
        QVERIFY(std::abs(point.spread.mean - 5.5 * point.x) < 1e-9);
    }
    const std::vector<CurveView> apart{{xa, ya}, {std::span(xb).last(1), std::span(yb).last(1)}};
    QVERIFY(bandOver(apart, 4).empty());
}

QTEST_GUILESS_MAIN(RunComparisonTest)
#include "run_comparison_test.moc"
