#include <QtTest>

#include "core/data/loaded_task.h"
#include "core/explain/walk_limits.h"
#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "core/model/sample_input.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

ModelConfig standingConfig() {
    return dictionaryForms()[1].config;
}

/// Entries of three tokens, of the words 4, 5 and 4 again.
Input textWithDictionary(std::vector<int> text) {
    return {{0, 1, 4, 2, 3, 5, 1, 1, 4}, std::move(text), {}, {}, {}};
}

std::vector<float> rowOf(const Tensor& tensor, int row) {
    const auto width = static_cast<std::ptrdiff_t>(tensor.extent(1));
    return {tensor.values.begin() + row * width, tensor.values.begin() + (row + 1) * width};
}

}  // namespace

class DictionaryModelTest : public QObject {
    Q_OBJECT

private slots:
    void aTokenReadsTheLastEntryThatItIsTheWordOf() {
        const Model model(standingConfig());
        const Trace trace = model.trace(randomWeights<float>(model, 3), textWithDictionary({4, 6, 5, 0}));
        const Tensor& table = trace.at("dictionary");
        const Tensor& read = trace.at("dictionary.read");
        QCOMPARE(table.extent(0), 3);
        QCOMPARE(read.extent(0), 4);
        const Tensor& encoded = trace.at("encoder.1.residual");
        for (int e = 0; e < 3; ++e) QCOMPARE(rowOf(table, e), rowOf(encoded, 3 * e + 2));
        QCOMPARE(rowOf(read, 0), rowOf(table, 2));
        QCOMPARE(rowOf(read, 2), rowOf(table, 1));
        const std::vector<float> nothing(static_cast<std::size_t>(model.config().d_model));
        QCOMPARE(rowOf(read, 1), nothing);
        QCOMPARE(rowOf(read, 3), nothing);  // a word of a definition is none that is defined
    }

    void noEntrySeesAnother() {
        const Model model(standingConfig());
        const Weights weights = randomWeights<float>(model, 3);
        Input input = textWithDictionary({5});
        const Trace before = model.trace(weights, input);
        input.tokens[1] = 3;  // of the first entry
        const Trace after = model.trace(weights, input);
        QVERIFY(rowOf(before.at("dictionary"), 0) != rowOf(after.at("dictionary"), 0));
        QCOMPARE(rowOf(before.at("dictionary"), 1), rowOf(after.at("dictionary"), 1));
        QCOMPARE(before.at("logits").values, after.at("logits").values);
    }

    void feedForwardReadsTwiceAsMuchAndNothingAttendsToEntries() {
        const Model model(standingConfig());
        QCOMPARE(model.layout().find("decoder.0.feed_forward.up.weight")->shape[1], 2 * model.config().d_model);
        QCOMPARE(model.layout().find("encoder.0.feed_forward.up.weight")->shape[1], model.config().d_model);
        QVERIFY(!model.layout().find("decoder.0.cross_attention.query.weight"));
        for (const AttentionBlock& block : model.attentionBlocks()) QVERIFY(!block.cross);
        const Model attended(dictionaryForms()[0].config);
        QVERIFY(attended.layout().find("decoder.0.cross_attention.query.weight"));
        QCOMPARE(attended.layout().find("decoder.0.feed_forward.up.weight")->shape[1], attended.config().d_model);
    }

    /// The looking path, the training path in a padded batch, and token by token.
    void allPathsAgree() {
        for (const NamedConfig& form : dictionaryForms()) {
            const auto model = std::make_shared<const Model>(form.config);
            const Weights weights = randomWeights<float>(*model, 4);
            const Sample sample = randomSample(form.config, 1, 7, 5);
            Input input = inputOf(sample);
            input.targets.clear();
            const Tensor logits = model->trace(weights, input).at("logits");
            TraceRequest plain;
            plain.intermediates = false;
            const Tensor trained = model->trace(weights, input, plain).at("logits");
            Decoding decoding(model, weights, sample.tokens);
            for (std::size_t i = 0; i < sample.targetTokens.size(); ++i) {
                const std::vector<float> step = decoding.append({sample.targetTokens[i]});
                const std::vector<float> row = rowOf(logits, static_cast<int>(i)), fast = rowOf(trained, static_cast<int>(i));
                for (std::size_t c = 0; c < step.size(); ++c) {
                    QVERIFY2(std::abs(step[c] - row[c]) < 1e-4f, form.name.c_str());
                    QVERIFY2(std::abs(fast[c] - row[c]) < 1e-4f, form.name.c_str());
                }
            }
        }
    }

    void anEditedEntryChangesWhatIsReadAndStopsTheGradient() {
        const Model model(standingConfig());
        const Weights weights = randomWeights<float>(model, 3);
        Input input = textWithDictionary({4, 5});
        input.targets = {1, 2};
        TraceRequest request;
        request.gradients = true;
        const Trace before = model.trace(weights, input, request);
        QVERIFY(before.contains("gradient.dictionary") && before.contains("gradient.dictionary.read"));
        const auto isZero = [](const Tensor& t) { return std::ranges::all_of(t.values, [](float v) { return v == 0.0f; }); };
        QVERIFY(!isZero(before.at("gradient.encoder.0.residual")));
        const std::vector<float> edited(before.at("dictionary").values.size(), 0.5f);
        input.interventions = {{Intervention::Kind::replace, "dictionary", 0, edited}};
        const Trace after = model.trace(weights, input, request);
        QVERIFY(before.at("logits").values != after.at("logits").values);
        QVERIFY(isZero(after.at("gradient.encoder.0.residual")));
    }

    /// No stage explains what is looked up, and what comes behind it would be explained wrongly.
    void onlyAStandingDictionaryIsNotWalked() {
        for (const NamedConfig& form : dictionaryForms())
            QCOMPARE(explain::whyNoWalk(form.config).empty(), form.config.dictionary.kind != DictionaryKind::standing);
        QVERIFY(explain::whyNoWalk(smallConfig()).empty());
    }

    /// As PyTorch has it: what a token is outweighs what the layers add at first.
    void pytorchInitialisesTablesWide() {
        ModelConfig c = standingConfig();
        c.init = Initialisation::pytorch;
        c.vocab_size = 400;
        const Model model(c);
        const Weights weights = initialWeights(model, 3);
        const auto deviation = [&](const char* name) {
            const Parameter& p = *model.layout().find(name);
            double squares = 0;
            for (std::size_t i = 0; i < p.size; ++i) squares += std::pow(static_cast<double>(at(weights, p)[i]), 2);
            return std::sqrt(squares / static_cast<double>(p.size));
        };
        QVERIFY(std::abs(deviation("token_embedding.weight") - 1.0) < 0.05);
        const double ofUp = 1.0 / std::sqrt(3.0 * 2 * c.d_model);  // uniform within +-1/sqrt(2 d_model)
        QVERIFY(std::abs(deviation("decoder.0.feed_forward.up.weight") - ofUp) < 0.1 * ofUp);
    }

    void questionsAreAnsweredWhereTheyAreAsked() {
        for (const DictionaryKind kind :
             {DictionaryKind::none, DictionaryKind::context, DictionaryKind::attended, DictionaryKind::standing}) {
            Experiment e;
            e.task.kind = "glossary";
            e.task.parameters = {{"entries", 6}, {"questions", 3}, {"words", 20}};
            e.model.architecture = Architecture::decoder;
            e.model.position.kind = PositionKind::rope;
            e.model.dictionary.kind = kind;
            const LoadedTask task = loadTask(e, {});
            const auto model = std::make_shared<const Model>(task.experiment.model);
            const Weights weights = initialWeights(*model, 1);
            const Input input = inputOf(task.dataset->testSample(0));
            QVERIFY(!writesAnswer(model->config(), input));
            QCOMPARE(answer(model, weights, input), predictions(model->trace(weights, input)));
        }
    }
};

QTEST_APPLESS_MAIN(DictionaryModelTest)
#include "dictionary_test.moc"
