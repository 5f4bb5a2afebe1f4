#include <QtTest>

#include <cmath>
#include <limits>
#include <set>

#include "core/base/errors.h"
#include "core/layers/position/sinusoidal.h"
#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "core/model/parameter_groups.h"
#include "core/model/sample_input.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr int count = 8;

ModelConfig formCalled(const std::string& name) {
    for (const NamedConfig& form : formsOfEveryInput())
        if (form.name == name) return form.config;
    qFatal("no form %s", name.c_str());
}

const std::string construction = "product kernel of context pattern, no norm, no feed-forward, numbers";
const std::string ofPictures = "vectors with class token, pre-norm, learned positions";

struct Asked {
    explicit Asked(const ModelConfig& config)
        : model(config), weights(randomWeights<float>(model, 4)), input(inputOf(randomSample(config, 5, count, count))) {}

    Trace trace(bool gradients = false) const { return model.trace(weights, input, {true, gradients}); }
    const float* parameter(const char* name) const { return at(weights, *model.layout().find(name)); }

    Model model;
    Weights weights;
    Input input;
};

/// Row r of a linear map of x.
double mapped(const float* matrix, int row, int columns, const float* x) {
    double sum = 0;
    for (int c = 0; c < columns; ++c) sum += static_cast<double>(matrix[row * columns + c]) * static_cast<double>(x[c]);
    return sum;
}

/// Channel c of the embedding at a position, from the definition.
double embedded(const Asked& asked, int position, int c) {
    const ModelConfig& config = asked.model.config();
    const int d = config.d_model, width = *config.input_dim;
    double x = 0;
    if (asked.input.tokens[static_cast<std::size_t>(position)] == classToken) {
        x = asked.parameter("class_embedding.weight")[c];
    } else {
        x = mapped(asked.parameter("input_embedding.weight"), c, width, asked.input.vectors.data() + position * width);
        if (config.embedding_bias) x += asked.parameter("input_embedding.bias")[c];
    }
    if (config.position.kind == PositionKind::learned) x += asked.parameter("position_embedding.weight")[position * d + c];
    if (config.position.kind == PositionKind::sinusoidal) x += sinusoidalTable(position + 1, d)[static_cast<std::size_t>(position * d + c)];
    return x;
}

std::string refusalOf(const Asked& asked) {
    try {
        asked.trace();
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

std::string decodingRefusal(const ModelConfig& config) {
    const auto model = std::make_shared<const Model>(config);
    try {
        const Decoding decoding(model, initialWeights(*model, 1), {});
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

/// Models of vectors, of numbers, and without the parts that a construction by hand leaves out.
class VectorsTest : public QObject {
    Q_OBJECT

private slots:
    void vectorsAreEmbeddedByOneLinearMap() {
        for (const NamedConfig& form : vectorForms()) {
            const Asked asked(form.config);
            const Tensor found = asked.trace().at("embedding");
            QCOMPARE(found.shape, (std::vector<std::int64_t>{count, 12}));
            for (int p = 0; p < count; ++p)
                for (int c = 0; c < 12; ++c)
                    QVERIFY2(
                        std::abs(static_cast<double>(found.values[static_cast<std::size_t>(p * 12 + c)]) - embedded(asked, p, c)) < 1e-5,
                        form.name.c_str());
        }
    }

    void parametersAreThoseOfTheForm() {
        const Asked pictures(formCalled(ofPictures)), plain(formCalled("vectors"));
        QCOMPARE(pictures.model.layout().find("input_embedding.weight")->shape, (std::vector<int>{12, 3}));
        QCOMPARE(pictures.model.layout().find("class_embedding.weight")->shape, (std::vector<int>{1, 12}));
        QVERIFY(!pictures.model.layout().find("input_embedding.bias") && plain.model.layout().find("input_embedding.bias"));
        QVERIFY(!plain.model.layout().find("class_embedding.weight"));
        for (const NamedConfig& form : vectorForms())
            for (const char* name : {"token_embedding.weight", "token_embedding.bias"})
                QVERIFY2(!Model(form.config).layout().find(name), form.name.c_str());
        const ParameterGroups groups = parameterGroups(pictures.model.layout());
        QCOMPARE(groups.embedding, std::size_t{12 * 3 + 12 + 12 * 12});
        std::set<std::string> names;
        const Model constructed(formCalled(construction));
        for (const Parameter& p : constructed.layout().parameters()) {
            QVERIFY2(p.name.find("norm") == std::string::npos && p.name.find("feed_forward") == std::string::npos, p.name.c_str());
            names.insert(p.name);
        }
        QCOMPARE(names.size(), std::size_t{1 + 2 * 4 + 1});
    }

    void aClassTokensVectorIsItsOwnAndNobodyElses() {
        Asked asked(formCalled(ofPictures));
        const Trace trace = asked.trace(true);
        const std::vector<float>& gradient = trace.at("gradient.class_embedding.weight").values;
        const std::vector<float>& row = trace.at("gradient.embedding").values;
        QVERIFY(std::equal(gradient.begin(), gradient.end(), row.begin()));  // position 0
        for (float& x : std::span(asked.input.vectors).first(3)) x = 5.0f;   // what stands beneath a class token is not read
        QVERIFY(asked.trace().at("logits").values == trace.at("logits").values);
    }

    void aTraceShowsTheVectorsThatWereRead() {
        const Asked asked(formCalled(ofPictures));
        const Trace trace = asked.trace();
        QVERIFY(trace.at("vectors").values == asked.input.vectors);
        QCOMPARE(trace.at("vectors").shape, (std::vector<std::int64_t>{count, 3}));
        QVERIFY(trace.tokens == asked.input.tokens);
    }

    void withoutANormItsTensorIsItsInput() {
        for (const char* name : {"no norm", construction.c_str()}) {
            const Asked asked(formCalled(name));
            const Trace trace = asked.trace();
            const bool post = asked.model.config().norm.placement == NormPlacement::post;
            const std::vector<float>& norm = trace.at("encoder.0.attention_norm").values;
            const std::vector<float>& before = trace.at("embedding").values;
            const std::vector<float>& mixed = trace.at("encoder.0.attention.output").values;
            for (std::size_t i = 0; i < norm.size(); ++i)
                QVERIFY2(std::abs(norm[i] - (post ? before[i] + mixed[i] : before[i])) < 1e-6f, name);
            QVERIFY2(!trace.find("encoder_norm"), name);
        }
    }

    void withoutAFeedForwardLayerABlockEndsBehindItsAttention() {
        const Asked asked(formCalled(construction));
        const Trace trace = asked.trace();
        const std::vector<float>&x = trace.at("embedding").values, &mixed = trace.at("encoder.0.attention.output").values;
        const std::vector<float>& residual = trace.at("encoder.0.residual").values;
        for (std::size_t i = 0; i < x.size(); ++i) QVERIFY(std::abs(residual[i] - (x[i] + mixed[i])) < 1e-6f);
        for (const Trace::Entry& entry : trace.entries())
            QVERIFY2(entry.name.find("feed_forward") == std::string::npos, entry.name.c_str());
    }

    /// softmax-free attention of the construction, from its definition: sum over the context of value (key . query).
    void productsAreWeights() {
        const Asked asked(formCalled(construction));
        const Trace trace = asked.trace();
        const std::string block = "encoder.0.attention";
        const int heads = 2, width = 6;
        const auto number = [&](const char* what, int h, int p, int c) {
            return static_cast<double>(trace.at(block + what).values[static_cast<std::size_t>((h * count + p) * width + c)]);
        };
        bool negative = false;
        for (int h = 0; h < heads; ++h)
            for (int i = 0; i < count; ++i) {
                std::vector<double> out(width);
                for (int j = 0; j < count; ++j) {
                    double product = 0;
                    for (int c = 0; c < width; ++c) product += number(".query", h, i, c) * number(".key", h, j, c);
                    const auto cell = static_cast<std::size_t>((h * count + i) * count + j);
                    QVERIFY(std::abs(static_cast<double>(trace.at(block + ".scores").values[cell]) - product) < 1e-5);
                    const double expected = j < count - 1 ? product : 0.0;  // the query is nobody's key
                    QVERIFY(std::abs(static_cast<double>(trace.at(block + ".weights").values[cell]) - expected) < 1e-5);
                    negative = negative || expected < 0;
                    for (int c = 0; c < width; ++c) out[static_cast<std::size_t>(c)] += expected * number(".value", h, j, c);
                }
                for (int c = 0; c < width; ++c)
                    QVERIFY(std::abs(number(".head_output", h, i, c) - out[static_cast<std::size_t>(c)]) < 1e-4);
            }
        QVERIFY(negative);
    }

    void lossOfNumbersIsHalfTheMeanSquareAtTheReadOut() {
        for (const char* name : {"numbers", "numbers causal, every position", construction.c_str()}) {
            const Asked asked(formCalled(name));
            const Trace trace = asked.trace();
            double sum = 0;
            int counted = 0;
            for (std::size_t p = 0; p < asked.input.targets.size(); ++p) {
                if (asked.input.targets[p] < 0) continue;
                ++counted;
                for (std::size_t c = 0; c < 2; ++c)
                    sum += std::pow(static_cast<double>(trace.at("logits").values[p * 2 + c] - asked.input.values[p * 2 + c]), 2) / 4;
            }
            QVERIFY(counted >= 1);
            QVERIFY2(std::abs(static_cast<double>(trace.at("loss").values[0]) - sum / counted) < 1e-5 * (1 + sum), name);
        }
    }

    void paddingOfABatchIsZeroAndNobodys() {
        const ModelConfig config = formCalled("numbers");
        const Batch batch = makeBatch({randomSample(config, 1, 4, 4), randomSample(config, 2, 7, 7)});
        QCOMPARE(batch.vectors.size(), std::size_t{2 * 7 * 3});
        QCOMPARE(batch.values.size(), std::size_t{2 * 7 * 2});
        for (std::size_t p = 4; p < 7; ++p) {
            QCOMPARE(batch.tokens[p], Batch::padding);
            for (std::size_t c = 0; c < 3; ++c) QCOMPARE(batch.vectors[p * 3 + c], 0.0f);
            for (std::size_t c = 0; c < 2; ++c) QCOMPARE(batch.values[p * 2 + c], 0.0f);
        }
    }

    void wrongInputsGetTheirSentence() {
        const ModelConfig config = formCalled("numbers");
        const auto refusal = [&](void (*spoil)(Input&)) {
            Asked asked(config);
            spoil(asked.input);
            return refusalOf(asked);
        };
        QCOMPARE(refusal([](Input&) {}), std::string());
        QCOMPARE(refusal([](Input& input) { input.vectors.pop_back(); }),
                 std::string("The input has 23 numbers, but its 8 positions are vectors of 3."));
        QCOMPARE(refusal([](Input& input) { input.vectors.clear(); }),
                 std::string("The input has 0 numbers, but its 8 positions are vectors of 3."));
        QCOMPARE(refusal([](Input& input) { input.vectors[7] = std::numeric_limits<float>::infinity(); }),
                 std::string("The vector at position 2 of the input has a number that is not finite."));
        QCOMPARE(refusal([](Input& input) { input.values.resize(3); }),
                 std::string("The target has 3 numbers, but the model answers 8 positions with 2 each."));
        QCOMPARE(refusal([](Input& input) { input.values.back() = std::numeric_limits<float>::quiet_NaN(); }),
                 std::string("The target at position 7 is not finite."));
        Asked tokens(smallConfig());
        tokens.input.vectors = {1, 2, 3};
        QCOMPARE(refusalOf(tokens), std::string("The input has vectors, but this model reads tokens."));
    }

    void whatIsNoTextIsNotGenerated() {
        QCOMPARE(decodingRefusal(formCalled("numbers causal, every position")),
                 std::string("A model of vectors does not generate: what it answers is no vector to read next."));
    }

    void everyInitialisationStartsThem() {
        for (const Initialisation init : {Initialisation::paper, Initialisation::gpt2, Initialisation::xavier}) {
            ModelConfig config = formCalled(ofPictures);
            config.init = init;
            const Model model(config);
            const Weights weights = initialWeights(model, 1);
            for (const char* name : {"input_embedding.weight", "class_embedding.weight"}) {
                const Parameter& p = *model.layout().find(name);
                double squares = 0;
                for (std::size_t i = 0; i < p.size; ++i) squares += std::pow(static_cast<double>(at(weights, p)[i]), 2);
                const double deviation = std::sqrt(squares / static_cast<double>(p.size));
                QVERIFY2(deviation > 0.005 && deviation < 1.0, name);
            }
        }
    }

    /// GPT-2 divides by the root of the residual additions: one a block where there is no feed-forward layer.
    void residualAdditionsAreCounted() {
        const auto deviation = [](std::optional<int> dff) {
            ModelConfig c = smallConfig();
            c.d_model = 64;
            c.num_heads = 4;
            c.init = Initialisation::gpt2;
            c.d_ff = dff;
            const Model model(c);
            const Weights weights = initialWeights(model, 1);
            const Parameter& p = *model.layout().find("encoder.0.attention.output.weight");
            double squares = 0;
            for (std::size_t i = 0; i < p.size; ++i) squares += std::pow(static_cast<double>(at(weights, p)[i]), 2);
            return std::sqrt(squares / static_cast<double>(p.size));
        };
        QVERIFY(std::abs(deviation(32) - 0.02 / 2) < 2e-4);              // two blocks, two additions each
        QVERIFY(std::abs(deviation(0) - 0.02 / std::sqrt(2.0)) < 3e-4);  // one each
    }
};

QTEST_APPLESS_MAIN(VectorsTest)
#include "vectors_test.moc"
