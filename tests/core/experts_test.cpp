#include <QtTest>
#include <numeric>

#include "core/data/loaded_task.h"
#include "core/model/sample_input.h"
#include "core/training/trainer.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

const std::string layer = "encoder.0.feed_forward";

ModelConfig withExperts(int experts, int chosen, double balance = 0) {
    ModelConfig config = smallConfig();
    config.feed_forward = {Activation::gelu, {}, FeedForwardKind::experts, experts, chosen, balance};
    return config;
}

Input sixTokens(const ModelConfig& config) {
    return inputOf(randomSample(config, 3, 6, 6));
}

Intervention putting(const std::string& tensor, std::vector<float> values) {
    Intervention change;
    change.name = tensor;
    change.values = std::move(values);
    return change;
}

/// alpha E sum_e f_e P_e of the layer called `name`, from what the trace shows of it.
double balanceOf(const Trace& trace, const std::string& name, double weight) {
    const Tensor &p = trace.at(name + ".router"), &chosen = trace.at(name + ".experts");
    const auto rows = static_cast<std::size_t>(p.extent(0)), experts = static_cast<std::size_t>(p.extent(1));
    double sum = 0;
    for (std::size_t e = 0; e < experts; ++e) {
        double probability = 0;
        for (std::size_t r = 0; r < rows; ++r) probability += static_cast<double>(p.values[r * experts + e]);
        const auto choices = std::count(chosen.values.begin(), chosen.values.end(), static_cast<float>(e));
        sum += static_cast<double>(choices) / static_cast<double>(chosen.values.size()) * probability / static_cast<double>(rows);
    }
    return weight * static_cast<double>(experts) * sum;
}

PassSums sumsOf(const Model& model, const Weights& weights, const Batch& batch, int first, int count) {
    const Weights transposed = model.transposedCopy(weights);
    Scratch scratch;
    Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, scratch};
    return model.network().evaluate(pass, viewOf(batch, first, count));
}

double sumOfSizes(const Tensor& tensor, std::size_t row, std::size_t width) {
    double sum = 0;
    for (std::size_t c = 0; c < width; ++c) sum += std::abs(static_cast<double>(tensor.values[row * width + c]));
    return sum;
}

TrainingState trained(const Experiment& experiment, int threads) {
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads);
    while (!trainer.finished()) trainer.advance();
    return trainer.state();
}

}  // namespace

class ExpertsTest : public QObject {
    Q_OBJECT

private slots:
    void ofEqualProbabilitiesTheFirstAreChosen() {
        for (const int chosen : {1, 3}) {
            const Model model(withExperts(5, chosen));
            Weights weights = randomWeights<float>(model, 2);
            const Parameter& router = *model.layout().find(layer + ".router.weight");
            std::fill_n(at(weights, router), router.size, 0.0f);
            const Trace trace = model.trace(weights, sixTokens(model.config()));
            QCOMPARE(trace.at(layer + ".router").shape, (std::vector<std::int64_t>{6, 5}));
            QCOMPARE(trace.at(layer + ".experts").shape, (std::vector<std::int64_t>{6, chosen}));
            for (int r = 0; r < 6; ++r)
                for (int j = 0; j < chosen; ++j) {
                    const auto place = static_cast<std::size_t>(r * chosen + j);
                    QCOMPARE(trace.at(layer + ".experts").values[place], static_cast<float>(j));
                    QCOMPARE(trace.at(layer + ".gates").values[place], chosen == 1 ? 0.2f : 1.0f / 3);
                }
        }
    }

    void gatesOfSeveralSumToOneAndThatOfOneIsItsProbability() {
        for (const NamedConfig& form : expertForms()) {
            const Model model(form.config);
            const std::string name = specOf(form.config.architecture).encoder ? layer : "decoder.0.feed_forward";
            const Trace trace = model.trace(randomWeights<float>(model, 2), inputOf(randomSample(form.config, 3, 6, 6)));
            const Tensor &p = trace.at(name + ".router"), &chosen = trace.at(name + ".experts"), &gates = trace.at(name + ".gates");
            const auto k = static_cast<std::size_t>(form.config.feed_forward.top_k), all = static_cast<std::size_t>(p.extent(1));
            for (std::size_t r = 0; r < 6; ++r) {
                const auto first = gates.values.begin() + static_cast<std::ptrdiff_t>(r * k);
                const float sum = std::accumulate(first, first + static_cast<std::ptrdiff_t>(k), 0.0f);
                const float expected = k == 1 ? p.values[r * all + static_cast<std::size_t>(chosen.values[r])] : 1.0f;
                QVERIFY2(std::abs(sum - expected) < 1e-6f, form.name.c_str());
            }
        }
    }

    /// Only the rows that chose an expert went through it: its tensors have as many, and none where nobody did.
    void anExpertReadsTheRowsThatChoseIt() {
        const Model model(withExperts(16, 2));
        const Trace trace = model.trace(randomWeights<float>(model, 2), sixTokens(model.config()));
        const std::vector<float>& chosen = trace.at(layer + ".experts").values;
        std::int64_t rows = 0;
        for (int e = 0; e < 16; ++e) {
            const auto choices = std::count(chosen.begin(), chosen.end(), static_cast<float>(e));
            const Tensor* hidden = trace.find(layer + ".experts." + std::to_string(e) + ".hidden");
            QCOMPARE(hidden != nullptr, choices > 0);
            if (!hidden) continue;
            QCOMPARE(hidden->shape, (std::vector<std::int64_t>{choices, *model.config().d_ff}));
            rows += choices;
        }
        QCOMPARE(rows, std::int64_t{12});
    }

    void choicesFollowTheRouterThatIsPutInItsPlace() {
        const Model model(withExperts(3, 1));
        const Weights weights = randomWeights<float>(model, 2);
        Input input = sixTokens(model.config());
        std::vector<float> probabilities, wanted{2, 0, 1, 1, 0, 2};
        for (const float e : wanted)
            for (int other = 0; other < 3; ++other) probabilities.push_back(static_cast<float>(other) == e ? 0.6f : 0.2f);
        input.interventions = {putting(layer + ".router", probabilities)};
        const Trace trace = model.trace(weights, input);
        QCOMPARE(trace.at(layer + ".experts").values, wanted);
        QCOMPARE(trace.at(layer + ".gates").values, std::vector<float>(6, 0.6f));
    }

    void whatIsPutInTheChoicesPlaceCountsAsTheNearestExpert() {
        const Model model(withExperts(3, 1));
        const Weights weights = randomWeights<float>(model, 2);
        Input near = sixTokens(model.config()), exact = near;
        near.interventions = {putting(layer + ".experts", {0.4f, -7, 1.6f, 99, 1.2f, 0.9f})};
        exact.interventions = {putting(layer + ".experts", {0, 0, 2, 2, 1, 1})};
        QCOMPARE(model.trace(weights, near).at("logits").values, model.trace(weights, exact).at("logits").values);
    }

    /// What is paid for unevenness is that of each sequence alone, whatever it is computed with.
    void unevenChoicesCostWhatTheFormulaSays() {
        for (const NamedConfig& form : expertForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 2);
            std::vector<Sample> samples;
            for (const int length : {7, 1, 9, 4})
                samples.push_back(randomSample(form.config, static_cast<std::uint64_t>(length), length, length));
            double expected = 0;
            for (const Sample& sample : samples) {
                const Trace trace = model.trace(weights, inputOf(sample));
                for (const Trace::Entry& entry : trace.entries())
                    if (entry.name.ends_with(".router"))
                        expected += balanceOf(trace, entry.name.substr(0, entry.name.size() - 7), form.config.feed_forward.balance);
            }
            const Batch batch = makeBatch(samples);
            const double together = sumsOf(model, weights, batch, 0, 4).beside;
            const double apart = sumsOf(model, weights, batch, 0, 1).beside + sumsOf(model, weights, batch, 1, 3).beside;
            QVERIFY2(std::abs(together - expected) <= 1e-5 * expected && (expected > 0) == (form.config.feed_forward.balance > 0),
                     form.name.c_str());
            QVERIFY2(std::abs(together - apart) <= 1e-6 * expected, form.name.c_str());
        }
    }

    void evenProbabilitiesCostTheWeightInEachBlock() {
        const Model model(withExperts(4, 2, 0.25));
        Weights weights = randomWeights<float>(model, 2);
        for (const Parameter& p : model.layout().parameters())
            if (p.name.ends_with(".router.weight")) std::fill_n(at(weights, p), p.size, 0.0f);
        const double cost = sumsOf(model, weights, unevenBatch(model.config()), 0, 4).beside;
        QVERIFY(std::abs(cost - 4 * 2 * 0.25) < 1e-6);
    }

    /// Every row is given to experts 0 and, with two, 1. With two the gates are a softmax of the chosen alone, and the others' logits have
    /// no slope; with one they lower the chosen probability.
    void whoIsNotChosenLearnsNothing() {
        for (const int chosen : {1, 2}) {
            const Model model(withExperts(4, chosen));
            Input input = sixTokens(model.config());
            std::vector<float> choices;
            for (int i = 0; i < 6 * chosen; ++i) choices.push_back(static_cast<float>(i % chosen));
            input.interventions = {putting(layer + ".experts", choices)};
            const Trace trace = model.trace(randomWeights<float>(model, 2), input, {true, true});
            const std::string gradient = "gradient." + layer;
            for (int e = 0; e < 4; ++e)
                for (const char* part : {".up.weight", ".up.bias", ".down.weight", ".down.bias"}) {
                    const Tensor& of = trace.at(gradient + ".experts." + std::to_string(e) + part);
                    const bool none = std::all_of(of.values.begin(), of.values.end(), [](float x) { return x == 0.0f; });
                    QCOMPARE(none, e >= chosen);
                }
            const Tensor& router = trace.at(gradient + ".router.weight");
            const double ofChosen = sumOfSizes(router, 0, 12), ofOther = sumOfSizes(router, 3, 12);
            QVERIFY(ofChosen > 0);
            if (chosen == 2)
                QVERIFY(ofOther <= 1e-5 * ofChosen);
            else
                QVERIFY(ofOther > 1e-3 * ofChosen);
        }
    }

    void sameBitsWithAnyNumberOfThreads() {
        Experiment e;
        e.task.seq_len = 6;
        e.task.train_size = 400;
        e.task.validation_size = 10;
        e.task.test_size = 1;
        e.model.d_model = 12;
        e.model.dropout = 0.1;
        e.model.feed_forward = {Activation::relu, {}, FeedForwardKind::experts, 4, 2, 0.1};
        e.training.batch_size = 192;
        e.training.steps = 8;
        const TrainingState one = trained(e, 1);
        for (const int threads : {2, 3, 8}) QVERIFY(trained(e, threads).weights == one.weights);
    }
};

QTEST_APPLESS_MAIN(ExpertsTest)
#include "experts_test.moc"
