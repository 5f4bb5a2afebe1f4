#include <QtTest>

#include <algorithm>
#include <set>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/model/frozen.h"
#include "core/model/initialise.h"
#include "core/model/parameter_groups.h"
#include "core/training/trainer.h"
#include "tests/core/model/model_testing.h"
#include "tests/small_experiment.h"

using namespace lab;
using namespace lab::testing;

namespace {

ModelConfig ofDepth(DepthKind kind, int steps, double ponder = 0.3) {
    ModelConfig c = smallConfig();
    c.depth = {kind, 0.01, ponder, 1.0};
    c.num_layers = steps;
    return c;
}

void setParameter(const Model& model, Weights& weights, const char* name, float value) {
    const Parameter& p = *model.layout().find(name);
    std::fill_n(at(weights, p), p.size, value);
}

Input randomInput(std::uint64_t seed, int length) {
    Input input;
    input.tokens = randomTokens(seed, length, 7);
    input.targets = randomTokens(seed + 1, length, 5);
    return input;
}

/// The rows of step t's state, [rows, d].
const Tensor& stateOf(const Trace& trace, int step) {
    return trace.at("encoder." + std::to_string(step) + ".residual");
}

bool sameRow(const Tensor& a, const Tensor& b, int row) {
    const auto width = static_cast<std::ptrdiff_t>(a.extent(1));
    const auto first = a.values.begin() + row * width;
    return std::equal(first, first + width, b.values.begin() + row * width);
}

/// Gradients of what steps cost alone: no answer is asked for.
Weights gradientOfSteps(const Model& model, const Weights& weights) {
    Batch batch = unevenBatch(model.config());
    std::ranges::fill(batch.targets, -1);
    const Weights transposed = model.transposedCopy(weights);
    Weights gradient(weights.size());
    Scratch scratch;
    Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), gradient.data(), scratch};
    model.network().train(pass, viewOf(batch, 0, batch.sequences), 0.0F);
    return gradient;
}

bool isZero(const Weights& numbers) {
    return std::ranges::all_of(numbers, [](float x) { return x == 0.0F; });
}

double meanSteps(const Model& model, const Weights& weights) {
    double sum = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const Tensor steps = model.trace(weights, randomInput(seed, 6)).at("encoder.steps");
        for (const float n : steps.values) sum += static_cast<double>(n) / 60;
    }
    return sum;
}

Experiment trainingOf(DepthKind kind, double ponder) {
    Experiment e = smallExperiment({.name = "depth", .d_model = 8, .layers = 4, .steps = 400});
    e.task.kind = "parity";
    e.task.vocab_size = 2;
    e.model.depth = {kind, 0.01, ponder, 1.0};
    e.training.schedule.kind = "constant";
    e.training.optimizer.learning_rate = 0.03;
    return e;
}

}  // namespace

class DepthTest : public QObject {
    Q_OBJECT

private slots:
    void tiedStepsHaveTheParametersOfOneLayer() {
        const Model one(ofDepth(DepthKind::layers, 1)), tied(ofDepth(DepthKind::tied, 4)), act(ofDepth(DepthKind::act, 4));
        QVERIFY(tied.layout() == one.layout());
        QCOMPARE(parameterGroups(tied.layout()).total(), parameterGroups(one.layout()).total());
        QCOMPARE(parameterGroups(act.layout()).halting, std::size_t{12 + 1});
        QCOMPARE(act.layout().parameterCount(), one.layout().parameterCount() + 13);
        QCOMPARE(tied.transposed().size(), one.transposed().size());
        QCOMPARE(tied.attentionBlocks().size(), std::size_t{4});
        const Parameter* first = tied.layout().find("encoder.0.attention.query.weight");
        QVERIFY(first && first->shared);
        QCOMPARE(tied.layout().find("encoder.3.attention.query.weight"), first);
        QVERIFY(!tied.layout().find("encoder.4.attention.query.weight"));
        QVERIFY(!one.layout().find("encoder.1.attention.query.weight"));
        QVERIFY(!one.layout().find("encoder.0.attention.query.weight")->shared);
    }

    /// The same as layers whose weights happen to be equal.
    void tiedStepsComputeWhatEqualLayersCompute() {
        const Model tied(ofDepth(DepthKind::tied, 3)), layers(ofDepth(DepthKind::layers, 3));
        const Weights weights = randomWeights<float>(tied, 4);
        Weights same(layers.layout().flatSize());
        for (const Parameter& p : layers.layout().parameters()) {
            const Parameter& own = *tied.layout().find(p.name);
            std::copy_n(at(weights, own), own.size, at(same, p));
        }
        TraceRequest request;
        request.gradients = true;
        const Input input = randomInput(2, 7);
        const Trace a = tied.trace(weights, input, request), b = layers.trace(same, input, request);
        for (const NamedTensors::Entry& entry : b.entries())
            if (!entry.name.starts_with("gradient.encoder.") || a.contains(entry.name)) {
                if (entry.name.starts_with("gradient.encoder.0.") && layers.layout().find(entry.name.substr(9))) continue;  // of all steps
                QVERIFY2(a.at(entry.name).values == entry.tensor.values, entry.name.c_str());
            }
        const std::string weight = "attention.query.weight";
        std::vector<float> sum = b.at("gradient.encoder.2." + weight).values;
        for (const char* layer : {"1.", "0."}) {
            const std::vector<float>& more = b.at("gradient.encoder." + std::string(layer) + weight).values;
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
        }
        const std::vector<float>& found = a.at("gradient.encoder.0." + weight).values;
        for (std::size_t i = 0; i < sum.size(); ++i) QVERIFY(std::abs(sum[i] - found[i]) <= 1e-5F * (1 + std::abs(sum[i])));
    }

    void aBiasFarBelowZeroRunsToTheLimit() {
        const Model model(ofDepth(DepthKind::act, 6));
        Weights weights = randomWeights<float>(model, 3);
        setParameter(model, weights, "encoder.halting.weight", 0.0F);
        setParameter(model, weights, "encoder.halting.bias", -30.0F);
        const Trace trace = model.trace(weights, randomInput(1, 8));
        for (int i = 0; i < 8; ++i) {
            const auto at = static_cast<std::size_t>(i);
            QCOMPARE(trace.at("encoder.steps").values[at], 6.0F);
            QVERIFY(std::abs(trace.at("encoder.ponder").values[at] - 7.0F) < 1e-5F);
            QVERIFY(trace.at("encoder.5.share").values[at] > 0.9999F);
        }
    }

    /// The number that a draft can set, so that learners see it.
    void theBiasBeginsWhereTheExperimentSays() {
        ModelConfig c = ofDepth(DepthKind::act, 3);
        for (const double bias : {1.0, -30.0}) {
            c.depth.halting_bias = bias;
            const Model model(c);
            QCOMPARE(*at(initialWeights(model, 1), *model.layout().find("encoder.halting.bias")), static_cast<float>(bias));
        }
    }

private:
    /// `different` gets the numbers of steps.
    static void checkShares(const Trace& trace, std::set<float>& different) {
        for (std::size_t i = 0; i < 9; ++i) {
            const float steps = trace.at("encoder.steps").values[i];
            different.insert(steps);
            float sum = 0, halting = 0;
            for (int t = 0; t < 5; ++t) {
                const std::string name = "encoder." + std::to_string(t);
                const float share = trace.at(name + ".share").values[i], unit = trace.at(name + ".halting").values[i];
                sum += share;
                if (static_cast<float>(t + 1) < steps) {
                    QCOMPARE(share, unit);
                    halting += unit;
                    QVERIFY(halting < 0.99F);
                }
                if (static_cast<float>(t + 1) > steps) QVERIFY(share == 0.0F && unit == 0.0F);
            }
            QVERIFY(std::abs(sum - 1.0F) < 1e-6F);
        }
    }

private slots:
    void sharesAddUpToOneAndStopWhereThePositionHalts() {
        const Model model(ofDepth(DepthKind::act, 5));
        std::set<float> different;
        for (std::uint64_t seed = 5; seed < 15; ++seed)
            checkShares(model.trace(randomWeights<float>(model, seed), randomInput(4, 9)), different);
        QVERIFY(different.size() > 1);  // random weights make some early and some late
    }

    void haltedPositionsAreCopiedBitForBit() {
        const Model model(ofDepth(DepthKind::act, 5));
        const Weights weights = randomWeights<float>(model, 5);
        const Trace trace = model.trace(weights, randomInput(4, 9));
        int copied = 0;
        for (int i = 0; i < 9; ++i) {
            const int steps = static_cast<int>(trace.at("encoder.steps").values[static_cast<std::size_t>(i)]);
            for (int t = 1; t < 5; ++t) {
                const bool same = sameRow(stateOf(trace, t - 1), stateOf(trace, t), i);
                QCOMPARE(same, t >= steps);
                copied += same;
            }
        }
        QVERIFY(copied > 0);
    }

    void withoutPriceStepsHaveNoGradient() {
        for (const NamedConfig& form : haltingForms()) {
            ModelConfig c = form.config;
            const Model dear(c);
            c.depth.ponder = 0;
            const Model free(c);
            const Weights weights = randomWeights<float>(free, 7);
            QVERIFY2(isZero(gradientOfSteps(free, weights)), form.name.c_str());
            QVERIFY2(isZero(gradientOfSteps(dear, weights)) == (c.num_layers == 1), form.name.c_str());  // one step leaves R = 1
        }
    }

    void aHighPriceLeavesOneStep() {
        const LoadedTask task = loadTask(trainingOf(DepthKind::act, 10), {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), 1);
        const auto stepsNow = [&] {
            double sum = 0;
            for (int i = 0; i < 8; ++i) {
                const Tensor steps =
                    model->trace(trainer.state().weights, {task.dataset->validationSample(i).tokens, {}, {}, {}, {}}).at("encoder.steps");
                for (const float n : steps.values) sum += static_cast<double>(n) / static_cast<double>(steps.values.size()) / 8;
            }
            return sum;
        };
        QVERIFY(stepsNow() > 1.5);
        for (int i = 0; i < 400 && stepsNow() > 1.0; ++i) trainer.advance();
        QCOMPARE(stepsNow(), 1.0);
    }

    void sameBitsWithAnyNumberOfThreads() {
        for (const DepthKind kind : {DepthKind::tied, DepthKind::act}) {
            Experiment e = trainingOf(kind, 0.01);
            e.training.batch_size = 192;  // several groups
            e.model.dropout = 0.1;
            const LoadedTask task = loadTask(e, {});
            const auto model = std::make_shared<const Model>(task.experiment.model);
            const auto trained = [&](int threads) {
                Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads);
                for (int i = 0; i < 12; ++i) trainer.advance();
                return trainer.state().weights;
            };
            const Weights one = trained(1);
            for (const int threads : {2, 3, 8}) QVERIFY(trained(threads) == one);
        }
    }

    /// Where nobody looks, no step is made that no position needs; what comes out is the same.
    void theTrainingPathStopsWithTheLastPosition() {
        const Model model(ofDepth(DepthKind::act, 12));
        const Weights weights = randomWeights<float>(model, 5);
        const Input input = randomInput(4, 9);
        TraceRequest plain;
        plain.intermediates = false;
        const std::vector<float> looked = model.trace(weights, input).at("logits").values,
                                 fast = model.trace(weights, input, plain).at("logits").values;
        for (std::size_t i = 0; i < looked.size(); ++i) QVERIFY(std::abs(looked[i] - fast[i]) <= 1e-4F * (1 + std::abs(looked[i])));
        QVERIFY(meanSteps(model, weights) < 10);
    }

    void theUnitIsFrozenByItsName() {
        const ParameterLayout layout = Model(ofDepth(DepthKind::act, 3)).layout();
        const std::vector<bool> frozen = frozenParameters(layout, {"halting"});
        QCOMPARE(std::ranges::count(frozen, true), std::ptrdiff_t{2});
    }

    void laterLayersAreLeftOutMoreOften() {
        ModelConfig c = ofDepth(DepthKind::layers, 4);
        c.layer_dropout = 0.4;
        const std::vector<LayerConfig> layers = layersOf(c, Side::encoder);
        for (int l = 0; l < 4; ++l) QVERIFY(std::abs(layers[static_cast<std::size_t>(l)].dropped - 0.1 * (l + 1)) < 1e-12);
    }

    void gradientStepsAreNotMixed() {
        Experiment e;
        e.task.kind = "regression";
        e.model.init = Initialisation::gradient_descent;
        e.model.depth.kind = DepthKind::act;
        QVERIFY(std::ranges::any_of(problemsOf(e), [](const ConfigProblem& p) { return p.path == "model.depth.kind"; }));
        e.model.depth.kind = DepthKind::tied;
        QVERIFY(std::ranges::none_of(problemsOf(e), [](const ConfigProblem& p) { return p.path == "model.depth.kind"; }));
    }
};

QTEST_APPLESS_MAIN(DepthTest)
#include "depth_test.moc"
