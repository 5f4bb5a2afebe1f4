#include "core/optimizers/optimizer.h"

#include <QtTest>

#include "core/base/random.h"

using namespace lab;

namespace {

ParameterLayout smallLayout() {
    ParameterLayout layout;
    layout.add("token_embedding.weight", {7, 4}, ParameterRole::tokenTable, 4, 7);
    layout.add("a.query.weight", {4, 4}, ParameterRole::attentionInput, 8, 4);
    layout.add("a.value.weight", {4, 4}, ParameterRole::attentionInput, 8, 4);
    layout.add("a.query.bias", {4}, ParameterRole::attentionBias, 4, 4);
    layout.add("a.position_map.weight", {1, 4}, ParameterRole::positionMap, 1, 4);
    layout.add("up.weight", {9, 4}, ParameterRole::linear, 9, 4);
    layout.add("down.weight", {4, 9}, ParameterRole::residualOutput, 4, 9);
    layout.add("output.projection.weight", {5, 4}, ParameterRole::outputHead, 5, 4);
    return layout;
}

Weights numbersFor(const ParameterLayout& layout, std::uint64_t seed) {
    Weights weights(layout.flatSize(), 0.0f);
    for (const Parameter& p : layout.parameters()) {
        const RandomStream random(seed, p.name);
        for (std::size_t i = 0; i < p.size; ++i) at(weights, p)[i] = static_cast<float>(random.normal(i));
    }
    return weights;
}

/// After three steps of one gradient, parameters in any order.
TrainingState updated(const char* kind, const ParameterLayout& layout, bool backwards, double rateFactor = 1.0) {
    OptimizerConfig config;
    config.kind = kind;
    const Optimizer optimizer(config, layout, kernels<float>());
    TrainingState state = startingState(numbersFor(layout, 1), *config.kind);
    const Weights gradient = numbersFor(layout, 2);
    Weights scratch(updateScratch(*config.kind, layout));
    const std::size_t count = layout.parameters().size();
    for (int step = 1; step <= 3; ++step)
        for (std::size_t i = 0; i < count; ++i)
            optimizer.update(backwards ? count - 1 - i : i, {step, 0.01, rateFactor, 0.5}, gradient, state, scratch.data());
    return state;
}

bool same(const Weights& a, const Weights& b, const Parameter& p) {
    return std::equal(at(a, p), at(a, p) + p.size, at(b, p));
}

}  // namespace

class OptimizerTest : public QObject {
    Q_OBJECT

private slots:
    void parametersAreUpdatedEachForItself() {
        const ParameterLayout layout = smallLayout();
        for (const UpdateRule* rule : UpdateRule::table()) {
            const TrainingState there = updated(rule->name.data(), layout, false), back = updated(rule->name.data(), layout, true);
            QVERIFY2(there.weights == back.weights && there.firstMoment == back.firstMoment, rule->name.data());
            QVERIFY2(there.weights != numbersFor(layout, 1), rule->name.data());
            QVERIFY2(hasMomentsOf(there, *rule), rule->name.data());
        }
    }

    /// What follows the schedule by its factor alone goes by AdamW.
    void muonTakesTheMatricesBetweenActivations() {
        const ParameterLayout layout = smallLayout();
        const TrainingState one = updated("muon", layout, false, 1.0), half = updated("muon", layout, false, 0.5);
        for (const Parameter& p : layout.parameters()) {
            const bool hidden =
                p.name == "a.query.weight" || p.name == "a.value.weight" || p.name == "up.weight" || p.name == "down.weight";
            QCOMPARE(p.isHiddenMatrix(), hidden);
            QVERIFY2(same(one.weights, half.weights, p) == hidden, p.name.c_str());
            const float* second = at(one.secondMoment, p);
            QVERIFY2(std::all_of(second, second + p.size, [](float v) { return v == 0.0f; }) == hidden, p.name.c_str());
        }
    }

    /// Query and value lie side by side for the products, but each is a matrix of its own.
    void neighboursDoNotMatter() {
        const ParameterLayout layout = smallLayout();
        ParameterLayout alone;
        alone.add("a.value.weight", {4, 4}, ParameterRole::attentionInput, 8, 4);
        const TrainingState all = updated("muon", layout, false), one = updated("muon", alone, false);
        QVERIFY(std::equal(one.weights.begin(), one.weights.end(), at(all.weights, *layout.find("a.value.weight"))));
    }

    void momentsAreThoseOfTheRule() {
        const Weights weights(16, 1.0f);
        const UpdateRule &sgd = *Kind<UpdateRule>("sgd"), &adam = *Kind<UpdateRule>("adam");
        TrainingState state = startingState(weights, sgd);
        QVERIFY(hasMomentsOf(state, sgd) && !hasMomentsOf(state, adam));
        QVERIFY(state.secondMoment.empty() && state.step == 0);
        resetMoments(state, adam);
        QVERIFY(hasMomentsOf(state, adam) && !hasMomentsOf(state, sgd));
        QCOMPARE(state.secondMoment, Weights(16, 0.0f));
        QVERIFY(hasMomentsOf({weights, {}, {}, 0}, sgd));  // nothing is trained yet
        QVERIFY(!hasMomentsOf({weights, {}, {}, 3}, sgd));
    }

    void clippingShortensLongGradientsOnly() {
        QCOMPARE(clipFactor(0.0, 100.0), 1.0);
        QCOMPARE(clipFactor(5.0, 4.0), 1.0);
        QCOMPARE(clipFactor(5.0, 10.0), 5.0 / (10.0 + 1e-6));
    }
};

QTEST_APPLESS_MAIN(OptimizerTest)
#include "optimizer_test.moc"
