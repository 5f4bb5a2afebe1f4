#include "core/model/decoding.h"

#include <QtTest>

#include "core/base/errors.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

std::vector<NamedConfig> decoders() {
    std::vector<NamedConfig> result;
    for (const auto& forms : {allForms(), kernelForms(), expertForms(), reachForms(), unitKeyForms(), globalProjectionForms(),
                              sharedKeyForms(), bottleneckForms(), depthForms(), segmentForms(), publishedForms()})
        std::ranges::copy_if(forms, std::back_inserter(result),
                             [](const NamedConfig& form) { return form.config.architecture != Architecture::encoder; });
    return result;
}

}  // namespace

class DecodingTest : public QObject {
    Q_OBJECT

private slots:
    /// Weights as they lie, by several threads: to the bit what one thread makes of a transposed copy.
    void theMannerChangesNoBit() {
        for (const NamedConfig& form : decoders()) {
            const auto model = std::make_shared<const Model>(form.config);
            const Weights weights = randomWeights<float>(*model, 3);
            const bool twoSides = model->config().architecture == Architecture::encoder_decoder;
            const std::vector<int> source = twoSides ? randomTokens(1, 6, 7) : std::vector<int>{}, tokens = randomTokens(2, 7, 5);
            Decoding usual(model, weights, source), shared(model, weights, source, {.threads = 3, .fewWeights = 0});
            for (const std::vector<int>& more : {std::vector<int>(tokens.begin(), tokens.begin() + 5), {tokens[5]}, {tokens[6]}})
                QVERIFY2(usual.append(more) == shared.append(more), form.name.c_str());
        }
    }

    void bytesGiveWhatTheyStandFor() {
        ModelConfig config = llamaLike();
        const auto model = std::make_shared<const Model>(config);
        const QuantisationScheme& scheme = *findQuantisation("int8");
        const Weights weights = quantised(randomWeights<float>(*model, 3), model->layout(), scheme);
        const std::vector<int> tokens = randomTokens(2, 7, 5);
        Decoding usual(model, weights), bytes(model, weights, {}, {.threads = 2, .quantisation = &scheme, .fewWeights = 0});
        for (const int token : tokens) {
            const std::vector<float> expected = usual.append({token}), found = bytes.append({token});
            for (std::size_t c = 0; c < expected.size(); ++c)
                QVERIFY(std::abs(found[c] - expected[c]) <= 1e-5f * (1 + std::abs(expected[c])));
        }
    }

    void equalsTheUncachedForward_data() {
        QTest::addColumn<int>("index");
        const auto forms = decoders();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void equalsTheUncachedForward() {
        QFETCH(int, index);
        const auto model = std::make_shared<const Model>(decoders()[static_cast<std::size_t>(index)].config);
        const Weights weights = randomWeights<float>(*model, 3);
        const bool twoSides = model->config().architecture == Architecture::encoder_decoder;
        const std::vector<int> source = twoSides ? randomTokens(1, 6, 7) : std::vector<int>{};
        const std::vector<int> tokens = randomTokens(2, 12, 5);
        Decoding decoding(model, weights, source);
        for (std::size_t n = 1; n <= tokens.size(); ++n) {
            // First a prompt of three tokens at once, then one by one.
            std::vector<int> more{tokens[n - 1]};
            if (n < 3) continue;
            if (n == 3) more.assign(tokens.begin(), tokens.begin() + 3);
            const std::vector<float> logits = decoding.append(more);
            Input input;
            (twoSides ? input.targetTokens : input.tokens).assign(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(n));
            if (twoSides) input.tokens = source;
            const Tensor whole = model->trace(weights, input).at("logits");
            float largest = 1;
            for (const float x : whole.values) largest = std::max(largest, std::abs(x));
            for (std::size_t c = 0; c < logits.size(); ++c) {
                const float expected = whole.values[whole.values.size() - logits.size() + c];
                QVERIFY2(std::abs(logits[c] - expected) <= 1e-5f * largest,
                         qPrintable(QString("token %1: %2, uncached %3").arg(n).arg(logits[c]).arg(expected)));
            }
        }
    }

    void readsTheSameAtOnceAndOneByOne() {
        for (const NamedConfig& form : decoders()) {
            const auto model = std::make_shared<const Model>(form.config);
            const Weights weights = randomWeights<float>(*model, 3);
            const bool twoSides = form.config.architecture == Architecture::encoder_decoder;
            const std::vector<int> source = twoSides ? randomTokens(1, 6, 7) : std::vector<int>{};
            const std::vector<int> tokens = randomTokens(2, 12, 5);
            Decoding whole(model, weights, source), single(model, weights, source);
            const std::vector<float> logits = whole.append(tokens);
            std::vector<float> last;
            for (const int token : tokens) last = single.append({token});
            QVERIFY2(logits == last, form.name.c_str());
            whole.clear();
            QVERIFY(whole.tokens().empty());
            QVERIFY2(whole.append(tokens) == logits, form.name.c_str());
        }
    }

    void readsLongPromptsInPortions() {
        ModelConfig c = llamaLike();
        c.max_seq_len = 400;
        const auto model = std::make_shared<const Model>(c);
        const Weights weights = randomWeights<float>(*model, 3);
        const std::vector<int> tokens = randomTokens(2, 150, 5);
        Decoding whole(model, weights), single(model, weights);
        const std::vector<float> logits = whole.append(tokens);
        std::vector<float> last;
        for (const int token : tokens) last = single.append({token});
        QVERIFY(logits == last);
        QCOMPARE(whole.cacheBytes(), single.cacheBytes());
    }

    void generatesTheSameWithAndWithoutCache() {
        for (const NamedConfig& form : decoders()) {
            const auto model = std::make_shared<const Model>(form.config);
            const Weights weights = randomWeights<float>(*model, 4);
            const bool twoSides = form.config.architecture == Architecture::encoder_decoder;
            const Input input{randomTokens(5, 4, 5), twoSides ? std::vector<int>{1} : std::vector<int>{}, {}, {}, {}};
            for (const double temperature : {0.0, 0.8}) {
                GenerateOptions options{6, {temperature, 7}, true};
                const Generated cached = generate(model, weights, input, options);
                options.cache = false;
                QVERIFY2(cached.tokens == generate(model, weights, input, options).tokens, form.name.c_str());
                QCOMPARE(cached.tokens.size(), std::size_t{6});
            }
        }
    }

    void reportsTheBytesOfTheCache() {
        const auto model = std::make_shared<const Model>(llamaLike());
        const Weights weights = randomWeights<float>(*model, 4);
        Decoding decoding(model, weights);
        decoding.append({1, 2, 3});
        const ModelConfig& c = model->config();
        QCOMPARE(decoding.cacheBytes(), static_cast<std::size_t>(2 * 3 * c.num_layers * *c.num_kv_heads * c.headDim() * 4));
    }

    void keysThatAreValuesAreKeptOnce() {
        for (const auto& [form, normalised] : {std::pair(AttentionForm::q_kv, false), std::pair(AttentionForm::q_kv, true),
                                               std::pair(AttentionForm::k, false), std::pair(AttentionForm::k, true)}) {
            ModelConfig c = llamaLike();
            c.attention.form = form;
            if (!specOf(form).ownQuery) c.num_kv_heads = c.num_heads;
            c.attention.qk_norm = normalised;
            const auto model = std::make_shared<const Model>(c);
            const Weights weights = randomWeights<float>(*model, 4);
            Decoding decoding(model, weights);
            decoding.append({1, 2, 3});
            QCOMPARE(decoding.cacheBytes(), static_cast<std::size_t>(3 * c.num_layers * *c.num_kv_heads * c.headDim() * 4));
        }
    }

    /// A state of one size stands for all keys and values, however many tokens were read.
    void whatFadesIsKeptInOneMatrixAHead() {
        for (const NamedConfig& form : fadingForms()) {
            const auto model = std::make_shared<const Model>(form.config);
            const Weights weights = randomWeights<float>(*model, 4);
            Decoding decoding(model, weights);
            const ModelConfig& c = model->config();
            const auto expected = static_cast<std::size_t>(c.num_layers * c.num_heads * c.headDim() * c.headDim() * 4);
            for (const std::vector<int>& tokens : {std::vector<int>{1}, randomTokens(2, 9, 5)}) {
                decoding.append(tokens);
                QCOMPARE(decoding.cacheBytes(), expected);
            }
        }
    }

    void answersBehindThePrompt() {
        const auto model = std::make_shared<const Model>(llamaLike());
        const Weights weights = randomWeights<float>(*model, 4);
        const Input input{{1, 2, 3, 6, 3, 2, 1}, {}, {-1, -1, -1, 3, 2, 1, -1}, {}, {}};
        const std::vector<int> found = answer(model, weights, input);
        QCOMPARE(found.size(), input.tokens.size());
        QCOMPARE(found[2], -1);
        QCOMPARE(found[6], -1);
        std::vector<int> prompt{1, 2, 3, 6};
        for (std::size_t i = 3; i < 6; ++i) {  // each answer is the most probable token behind the prompt and the answers before it
            QCOMPARE(found[i], predictions(model->trace(weights, {prompt, {}, {}, {}, {}})).back());
            prompt.push_back(found[i]);
        }
    }

    void tellsEachTokenOfItsAnswerAsItComes() {
        const auto model = std::make_shared<const Model>(llamaLike());
        const Weights weights = randomWeights<float>(*model, 4);
        const Input input{{1, 2, 3, 6, 3, 2, 1}, {}, {-1, -1, -1, 3, 2, 1, -1}, {}, {}};
        QVERIFY(writesAnswer(model->config(), input));
        const std::vector<int> whole = answer(model, weights, input);
        std::vector<int> told(whole.size(), -1);
        int next = 3;
        const std::vector<int> same = answer(model, weights, input, [&](int position, int token) {
            if (position != next++) return false;
            told[static_cast<std::size_t>(position)] = token;
            return true;
        });
        QCOMPARE(told, whole);
        QCOMPARE(same, whole);
        const std::vector<int> stopped = answer(model, weights, input, [](int position, int) { return position < 4; });
        QCOMPARE(stopped, (std::vector<int>{-1, -1, -1, whole[3], whole[4], -1, -1}));
        QVERIFY(!writesAnswer(model->config(), {{1, 2}, {}, {2, -1}, {}, {}}));
        QVERIFY(!writesAnswer(smallConfig(), {{1, 2}, {}, {-1, 2}, {}, {}}));  // an encoder answers at once
    }

    void refusesWhatItCannotRead() {
        const auto encoder = std::make_shared<const Model>(smallConfig());
        const Weights weights = randomWeights<float>(*encoder, 4);
        QVERIFY_THROWS_EXCEPTION(InputError, Decoding(encoder, weights));
        const auto decoder = std::make_shared<const Model>(llamaLike());
        const Weights others = randomWeights<float>(*decoder, 4);
        Decoding decoding(decoder, others);
        QVERIFY_THROWS_EXCEPTION(InputError, decoding.append({99}));
        QVERIFY_THROWS_EXCEPTION(InputError, generate(decoder, others, {}, {}));
    }
};

QTEST_APPLESS_MAIN(DecodingTest)
#include "decoding_test.moc"
