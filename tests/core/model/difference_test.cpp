#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/layer_config.h"
#include "core/config/validation.h"
#include "core/model/model.h"
#include "core/tensor/parameter_layout.h"
#include "tests/core/model/model_testing.h"

using namespace lab;

namespace {

Input readBy(const ModelConfig& config) {
    Input input;
    input.tokens = randomTokens(5, 7, *config.vocab_size);
    return input;
}

}  // namespace

/// Differential attention: what its numbers are, and with what it does not go. Gradients, decoding and the twin are those of every form.
class DifferenceTest : public QObject {
    Q_OBJECT

private slots:
    void bothHeadsOfAPairHaveTheDifference() {
        ModelConfig config = smallConfig();
        config.attention.differential = true;
        const Model model(config);
        const Trace trace = model.trace(randomWeights<float>(model, 3), readBy(config));
        const std::string name = "encoder.0.attention";
        const Tensor &weights = trace.at(name + ".weights"), &shares = trace.at(name + ".softmax_weights");
        const float lambda = trace.at(name + ".lambda").values.front();
        const std::size_t map = static_cast<std::size_t>(weights.extent(1) * weights.extent(2));
        for (std::size_t pair = 0; pair < static_cast<std::size_t>(config.num_heads); pair += 2)
            for (std::size_t at = 0; at < map; ++at) {
                const float expected = shares.values[pair * map + at] - lambda * shares.values[(pair + 1) * map + at];
                QVERIFY(std::abs(weights.values[pair * map + at] - expected) < 1e-6F);
                QCOMPARE(weights.values[(pair + 1) * map + at], weights.values[pair * map + at]);
            }
        QVERIFY(std::ranges::any_of(weights.values, [](float w) { return w < 0; }));
        QVERIFY(!model.attentionBlocks().front().shares);
    }

    /// Section 2.1: 0.2 in the first layer, towards 0.8 in later ones.
    void lambdaStartsLowerInEarlyLayers() {
        ModelConfig config = smallConfig();
        config.attention.differential = true;
        config.num_layers = 3;
        const std::vector<LayerConfig> layers = layersOf(config, Side::encoder);
        QVERIFY(std::abs(layers[0].difference_start - 0.2) < 1e-12);
        QVERIFY(std::abs(layers[1].difference_start - 0.3555090676) < 1e-9);
        QVERIFY(std::abs(layers[2].difference_start - 0.4707130183) < 1e-9);
        const Model model(config);
        QVERIFY(model.layout().find("encoder.2.attention.lambda_key_2"));
        config.attention.differential = false;
        QVERIFY(!Model(config).layout().find("encoder.2.attention.lambda_key_2"));
    }

    /// A pair's output has a root mean square of 1 - lambda_init where its gain is 1.
    void pairsAreNormalised() {
        ModelConfig config = smallConfig();
        config.attention.differential = true;
        const Model model(config);
        Weights weights = randomWeights<float>(model, 4);
        const Parameter* gain = model.layout().find("encoder.0.attention.pair_norm.weight");
        std::fill_n(weights.data() + gain->offset, gain->size, 1.0F);
        const Trace trace = model.trace(weights, readBy(config));
        const Tensor& pairs = trace.at("encoder.0.attention.normalised_pair");
        const std::size_t width = gain->size;
        for (std::size_t at = 0; at < pairs.values.size(); at += width) {
            double squares = 0;
            for (std::size_t c = 0; c < width; ++c) squares += std::pow(static_cast<double>(pairs.values[at + c]), 2);
            QVERIFY(std::abs(std::sqrt(squares / static_cast<double>(width)) - 0.8) < 0.02);
        }
    }

    void whatDoesNotGoWithItIsSaid_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("change");
        QTest::newRow("odd heads") << "model.num_heads" << 0;
        QTest::newRow("shared values") << "model.num_kv_heads" << 1;
        QTest::newRow("sink") << "model.attention.differential" << 2;
        QTest::newRow("dropout") << "model.attention.differential" << 3;
        QTest::newRow("globals") << "model.attention.differential" << 4;
    }
    void whatDoesNotGoWithItIsSaid() {
        QFETCH(QString, path);
        QFETCH(int, change);
        Experiment experiment;
        ModelConfig& model = experiment.model;
        model.attention.differential = true;
        model.num_heads = 4;
        model.d_model = 24;
        QVERIFY(problemsOf(experiment).empty());
        if (change == 0) model.num_heads = 3;
        if (change == 1) model.num_kv_heads = 2;
        if (change == 2) model.attention.sink = true;
        if (change == 3) model.attention.dropout = 0.1;
        if (change == 4) {
            model.attention.pattern = {"longformer", {{"window", 1}, {"globals", 1}}};
            model.attention.global_projections = true;
        }
        const std::vector<ConfigProblem> problems = problemsOf(experiment);
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(problems.front().path, path.toStdString());
    }
};

QTEST_GUILESS_MAIN(DifferenceTest)
#include "difference_test.moc"
