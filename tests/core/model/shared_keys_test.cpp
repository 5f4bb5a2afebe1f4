#include <QtTest>

#include "core/base/errors.h"
#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// Keys of length 6: no width is a multiple of 16.
ModelConfig sharingModel(int layers, int together) {
    ModelConfig c = llamaLike();
    c.d_model = 24;
    c.num_layers = c.num_decoder_layers.emplace(layers);
    c.attention.share_kv = together;
    return c;
}

std::string nameOfLayer(int layer, const char* tensor) {
    return "decoder." + std::to_string(layer) + ".attention." + tensor;
}

Input inputWithTargets() {
    return {randomTokens(1, 7, 7), {}, randomTokens(2, 7, 5), {}, {}};
}

}  // namespace

/// Layers that read the keys and values of the first of their group.
class SharedKeysTest : public QObject {
    Q_OBJECT

private slots:
    /// Of five layers in twos the first, third and fifth have matrices for keys and values.
    void onlyTheFirstOfAGroupHasKeysOfItsOwn() {
        ModelConfig c = sharingModel(5, 2);
        c.attention.qk_norm = true;
        const Model model(c);
        c.attention.share_kv = 1;
        const Model alone(c);
        QCOMPARE(alone.layout().parameterCount() - model.layout().parameterCount(),
                 std::size_t{2 * (2 * 2 * 6 * 24 + 6)});  // of two layers: W_K, W_V of two heads, and the keys' norm
        for (int layer = 0; layer < 5; ++layer) {
            for (const char* part : {"key.weight", "value.weight", "key_norm.weight"})
                QCOMPARE(model.layout().find(nameOfLayer(layer, part)) != nullptr, layer % 2 == 0);
            for (const char* part : {"query.weight", "query_norm.weight", "output.weight"})
                QVERIFY(model.layout().find(nameOfLayer(layer, part)));
            QCOMPARE(model.attentionBlocks()[static_cast<std::size_t>(layer)].keyOwner,
                     "decoder." + std::to_string(layer / 2 * 2) + ".attention");
        }
    }

    /// What they have in common starts with the same numbers.
    void weightsStartAsThoseOfLayersOfTheirOwn() {
        const Model shared(sharingModel(4, 2)), alone(sharingModel(4, 1));
        const Weights some = initialWeights(shared, 3), all = initialWeights(alone, 3);
        for (const Parameter& p : shared.layout().parameters()) {
            const Parameter* same = alone.layout().find(p.name);
            QVERIFY(same && std::equal(at(some, p), at(some, p) + p.size, at(all, *same)));
        }
    }

    void aLayerReadsTheKeysOfTheFirst() {
        const Model model(sharingModel(3, 3));
        const Trace trace = model.trace(randomWeights<float>(model, 3), {randomTokens(1, 7, 7), {}, {}, {}, {}});
        for (const int layer : {1, 2}) {
            for (const char* part : {"key", "value"})
                QVERIFY(trace.at(nameOfLayer(layer, part)).values == trace.at(nameOfLayer(0, part)).values);
            QVERIFY(trace.contains(nameOfLayer(layer, "unrotated_query")));
            QVERIFY(!trace.contains(nameOfLayer(layer, "unrotated_key")));
            QVERIFY(trace.at(nameOfLayer(layer, "query")).values != trace.at(nameOfLayer(0, "query")).values);
        }
    }

    /// Written over in the first layer, keys are others in every layer that reads them; written over in one that reads them, in that alone.
    void editedKeysReachWhoReadsThem() {
        const Model model(sharingModel(4, 3));
        const Weights weights = randomWeights<float>(model, 3);
        TraceRequest request;
        request.gradients = true;
        const Trace plain = model.trace(weights, inputWithTargets(), request);
        for (const int edited : {0, 1}) {
            Input input = inputWithTargets();
            const std::string name = nameOfLayer(edited, "key");
            input.interventions.push_back({Intervention::Kind::replace, name, 0, randomNumbers(5, plain.at(name).values.size())});
            const Trace trace = model.trace(weights, input, request);
            for (int layer = 0; layer < 3; ++layer)
                QCOMPARE(trace.at(nameOfLayer(layer, "key")).values == input.interventions.front().values, edited == 0 || layer == edited);
            const std::vector<float>& ofKeys = trace.at("gradient." + nameOfLayer(0, "key.weight")).values;
            QCOMPARE(std::ranges::all_of(ofKeys, [](float g) { return g == 0; }), edited == 0);
        }
    }

    /// The gradient of the keys where they are made is the sum of what it is in each layer that reads them, its own included.
    void whoMadeTheKeysGetsTheGradientsOfAll() {
        const Model model(sharingModel(3, 3));
        const Weights weights = randomWeights<float>(model, 3);
        TraceRequest request;
        request.gradients = true;
        const Trace whole = model.trace(weights, inputWithTargets(), request);
        // Replaced by themselves in both other layers, the keys get what the first layer alone gives them.
        Input input = inputWithTargets();
        for (const int layer : {1, 2})
            for (const char* part : {"key", "value"})
                input.interventions.push_back(
                    {Intervention::Kind::replace, nameOfLayer(layer, part), 0, whole.at(nameOfLayer(layer, part)).values});
        const Trace own = model.trace(weights, input, request);
        QCOMPARE(own.at("logits").values, whole.at("logits").values);
        for (const char* part : {"key", "value"}) {
            const std::string name = "gradient." + nameOfLayer(0, part);
            const std::vector<float>& all = whole.at(name).values;
            float largest = 0, apart = 0;
            for (std::size_t i = 0; i < all.size(); ++i) {
                double sum = static_cast<double>(own.at(name).values[i]);
                for (const int layer : {1, 2}) sum += static_cast<double>(whole.at("gradient." + nameOfLayer(layer, part)).values[i]);
                largest = std::max(largest, std::abs(all[i]));
                apart = std::max(apart, std::abs(all[i] - static_cast<float>(sum)));
            }
            QVERIFY2(largest > 0 && apart <= 1e-5F * largest, part);
        }
    }

    /// Keys and values of the layers that make them, and of tokens that some layer of the group can still see.
    void keysAreKeptOnceForAGroup() {
        for (const int together : {1, 2, 3, 6}) {
            const ModelConfig c = sharingModel(6, together);
            const auto model = std::make_shared<const Model>(c);
            const Weights weights = randomWeights<float>(*model, 4);
            Decoding decoding(model, weights);
            decoding.append({1, 2, 3});
            QCOMPARE(decoding.cacheBytes(), static_cast<std::size_t>(2 * 3 * (6 / together) * 2 * 6 * 4));
        }
    }

    /// In a group whose first or last layer sees everything all keys stay; in one of segments alone those before the memory go.
    void aGroupKeepsWhatItsFarthestReaderSees() {
        for (const int fullEvery : {0, 2, 3}) {
            ModelConfig c = sharingModel(4, 2);
            c.max_seq_len = 100;
            c.attention.pattern = {"segments", {{"segment", 4}, {"memory", 4}}};
            c.attention.full_every = fullEvery;
            const auto model = std::make_shared<const Model>(c);
            const Weights weights = randomWeights<float>(*model, 4);
            const std::vector<int> tokens = randomTokens(2, 80, 5);
            Decoding whole(model, weights), single(model, weights);
            const std::vector<float> logits = whole.append(tokens);
            std::vector<float> last;
            for (const int token : tokens) last = single.append({token});
            QCOMPARE(last, logits);
            QCOMPARE(whole.cacheBytes(), single.cacheBytes());
            const std::size_t ofToken = 2 * 2 * 6 * 4, few = 16;  // those before 76, down to a multiple of 16, are gone
            const std::size_t kept = fullEvery == 0 ? few + few : fullEvery == 2 ? 80 + 80 : few + 80;
            QCOMPARE(whole.cacheBytes(), kept * ofToken);
            const Tensor all = model->trace(weights, {tokens, {}, {}, {}, {}}).at("logits");
            for (std::size_t i = 0; i < logits.size(); ++i) {
                const float expected = all.values[all.values.size() - logits.size() + i];
                QVERIFY(std::abs(logits[i] - expected) <= 1e-5F * std::max(1.0F, std::abs(expected)));
            }
        }
    }
};

QTEST_APPLESS_MAIN(SharedKeysTest)
#include "shared_keys_test.moc"
