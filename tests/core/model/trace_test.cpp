#include "core/model/trace.h"

#include <QtTest>

#include <cmath>
#include <set>

#include "core/base/errors.h"
#include "core/model/abandonable_trace.h"
#include "core/model/initialise.h"
#include "core/model/sample_input.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

Input inputFor(const ModelConfig& config, std::uint64_t seed = 1) {
    return inputOf(randomSample(config, seed, 8, 6));
}

std::string messageOf(const Model& model, const Weights& weights, const Input& input, const TraceRequest& request = {}) {
    try {
        model.trace(weights, input, request);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

double rowSum(const Tensor& weights, std::int64_t head, std::int64_t row) {
    const std::int64_t n = weights.extent(2);
    double sum = 0;
    for (std::int64_t j = 0; j < n; ++j)
        sum += static_cast<double>(weights.values[static_cast<std::size_t>((head * weights.extent(1) + row) * n + j)]);
    return sum;
}

/// What of a row went to no key.
double sunkOf(const Trace& trace, const AttentionBlock& block, std::int64_t head, std::int64_t query) {
    const Tensor* sunk = trace.find(block.name + ".sunk");
    Q_ASSERT((sunk != nullptr) == block.sink);
    return sunk ? static_cast<double>(sunk->values[static_cast<std::size_t>(head * sunk->extent(1) + query)]) : 0.0;
}

}  // namespace

class TraceTest : public QObject {
    Q_OBJECT

private slots:
    void rowsOfWeightsSumToOneWhereSomethingIsAllowed() {
        for (const NamedConfig& form : allForms()) {
            const Model model(form.config);
            const Trace trace = model.trace(randomWeights<float>(model, 2), inputFor(form.config));
            for (const AttentionBlock& block : model.attentionBlocks()) {
                const Tensor& weights = trace.at(block.name + ".weights");
                if (!block.cross && !specOf(form.config.attention.kernel.kind).rowsSumToOne) continue;
                const Tensor* lambda = trace.find(block.name + ".lambda");  // of differential attention a row keeps the rest
                const double all = lambda ? 1.0 - static_cast<double>(lambda->values.front()) : 1.0;
                for (std::int64_t h = 0; h < weights.extent(0); ++h)
                    for (std::int64_t i = 0; i < weights.extent(1); ++i)
                        QVERIFY2(std::abs(rowSum(weights, h, i) + sunkOf(trace, block, h, i) - all) < 1e-4, form.name.c_str());
            }
        }
    }

    /// What is left out of a large trace and made anew when somebody asks is to the bit what a whole one has.
    void onDemandIsTheWhole() {
        for (const NamedConfig& form : allForms()) {
            const auto model = std::make_shared<const Model>(form.config);
            const auto weights = std::make_shared<const Weights>(randomWeights<float>(*model, 2));
            Input input = inputFor(form.config);
            if (!model->attentionBlocks().empty())
                input.interventions = {{Intervention::Kind::headOff, model->attentionBlocks().back().name, 0, {}}};
            const Trace whole = model->trace(*weights, input);
            TraceMemory memory;
            const Trace part = traceOnDemand(model, weights, input, {}, memory, 0);
            for (const Trace::Entry& entry : whole.entries()) {
                const Tensor* found = part.find(entry.name);
                QVERIFY2(found && found->shape == entry.tensor.shape && found->values == entry.tensor.values,
                         (form.name + ": " + entry.name).c_str());
            }
            QVERIFY(!part.contains("encoder.0.attention.nothing") && !part.contains("decoder.0.attention.nothing"));
            QVERIFY(part.size() <= whole.size());
        }
    }

    void aLargeTraceLeavesOutWhatIsWide() {
        ModelConfig config = llamaLike();
        const auto model = std::make_shared<const Model>(config);
        const auto weights = std::make_shared<const Weights>(randomWeights<float>(*model, 2));
        TraceMemory memory;
        const Input input = inputFor(config);
        const Trace part = traceOnDemand(model, weights, input, {}, memory, 0);
        const auto isKept = [&part](const std::string& name) {
            return std::ranges::any_of(part.entries(), [&](const Trace::Entry& entry) { return entry.name == name; });
        };
        QVERIFY(isKept("decoder.0.attention.weights") && isKept("decoder.1.residual") && isKept("logits"));
        QVERIFY(!isKept("decoder.0.feed_forward.hidden") && part.contains("decoder.0.feed_forward.hidden"));
    }

    void aPositionMapGoesOnBehindTheLengthThatItKeeps() {
        ModelConfig config = smallConfig();
        config.attention.form = AttentionForm::kv_pos;
        const Model longer(config);
        config.max_seq_len = 4;
        const Model shorter(config);
        const Weights weights = randomWeights<float>(longer, 2);
        const Input input = inputFor(config);
        QVERIFY(input.tokens.size() > 5);
        QCOMPARE(shorter.trace(weights, input).at("logits").values, longer.trace(weights, input).at("logits").values);
    }

    void memoryOfOtherTracesChangesNoBit() {
        TraceMemory memory;
        for (int round = 0; round < 2; ++round)
            for (const NamedConfig& form : formsOfEveryKind()) {
                const Model model(form.config);
                const Weights weights = randomWeights<float>(model, 2);
                const Input input = inputFor(form.config, 3);
                for (const bool gradients : {true, false}) {
                    const TraceRequest what{.intermediates = true, .gradients = gradients};
                    const Trace expected = model.trace(weights, input, what), found = model.trace(weights, input, what, memory);
                    QCOMPARE(found.size(), expected.size());
                    for (const Trace::Entry& entry : expected.entries())
                        QVERIFY2(found.at(entry.name).values == entry.tensor.values, (form.name + " " + entry.name).c_str());
                }
            }
    }

    void aRowInWhichNothingIsAllowedGivesZeros() {
        for (const NamedConfig& form : allForms()) {
            const Model model(form.config);
            Input input = inputFor(form.config);
            input.masked.assign(input.tokens.size(), true);
            const Trace trace = model.trace(randomWeights<float>(model, 2), input);
            const AttentionBlock block = model.attentionBlocks().front();
            for (const char* what : {".weights", ".head_output"})
                for (const float x : trace.at(block.name + what).values) QCOMPARE(x, 0.0f);
            for (const float x : trace.at(block.name + ".masked_scores").values) QVERIFY(std::isinf(x) && x < 0);
            for (const float x : trace.at("logits").values) QVERIFY(std::isfinite(x));
        }
    }

    void aMaskedTokenGetsNoWeightAndOnlyItselfChanges() {
        const Model model(smallConfig());
        const Weights weights = randomWeights<float>(model, 2);
        Input input = inputFor(model.config());
        input.masked.assign(input.tokens.size(), false);
        input.masked[3] = true;
        const Trace trace = model.trace(weights, input);
        const Tensor& map = trace.at("encoder.0.attention.weights");
        for (std::size_t row = 0; row < map.values.size() / 8; ++row) QCOMPARE(map.values[row * 8 + 3], 0.0f);
        input.tokens[3] = (input.tokens[3] + 1) % 7;  // nobody sees it: the other positions' logits stay
        const Trace other = model.trace(weights, input);
        const std::size_t classes = 5;
        for (std::size_t i = 0; i < trace.at("logits").values.size(); ++i)
            if (i / classes != 3) QCOMPARE(other.at("logits").values[i], trace.at("logits").values[i]);
    }

    void tokensAreIntegersOfAnySize() {
        Trace trace;
        trace.tokens = {16777217, 2147483647, 0};
        trace.targetTokens = {16777219};
        trace.set("logits", {{1}, {0.5f}});
        const NamedTensors file = fileTensors(trace);
        QCOMPARE(file.size(), std::size_t{3});
        QCOMPARE(file.at("tokens").integers, (std::vector<std::int64_t>{16777217, 2147483647, 0}));
        QCOMPARE(file.at("target_tokens").integers, std::vector<std::int64_t>{16777219});
        QCOMPARE(file.at("target_tokens").shape, std::vector<std::int64_t>{1});
        QCOMPARE(file.at("logits").values, std::vector<float>{0.5f});
        trace.targetTokens.clear();
        QVERIFY(!fileTensors(trace).contains("target_tokens"));
    }

    void tokensAreThoseThatWereRead() {
        for (const NamedConfig& form : formsOfEveryKind()) {
            const Model model(form.config);
            const Trace trace = model.trace(randomWeights<float>(model, 2), inputFor(form.config));
            QVERIFY2(trace.tokens == inputFor(form.config).tokens && trace.targetTokens == inputFor(form.config).targetTokens,
                     form.name.c_str());
        }
    }

    void oneChangedWeightChangesEveryMapAndTheLogits() {
        for (const NamedConfig& form : allForms()) {
            const Model model(form.config);
            Weights weights = randomWeights<float>(model, 2);
            const Trace before = model.trace(weights, inputFor(form.config));
            const Parameter& table = *model.layout().find("token_embedding.weight");
            const auto token =
                static_cast<std::size_t>(before.tokensOf(model.config().architecture == Architecture::encoder_decoder).front());
            at(weights, table)[token * table.size / static_cast<std::size_t>(table.shape[0])] += 0.5f;
            const Trace after = model.trace(weights, inputFor(form.config));
            QVERIFY2(before.at("logits").values != after.at("logits").values, form.name.c_str());
            const AttentionBlock& last = model.attentionBlocks().back();
            QVERIFY2(before.at(last.name + ".scores").values != after.at(last.name + ".scores").values, form.name.c_str());
        }
    }

    void gradientsAreThoseOfTheTrainingPath() {
        for (const NamedConfig& form : formsOfEveryKind()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 4);
            const Input input = inputFor(form.config);
            TraceRequest request;
            request.gradients = true;
            const Trace trace = model.trace(weights, input, request);
            const Batch batch = makeBatch({{input.tokens, input.targetTokens, input.targets, input.vectors, input.values}});
            Weights gradient(weights.size());
            const Weights transposed = model.transposedCopy(weights);
            Scratch scratch;
            Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), gradient.data(), scratch};
            const PassSums sums = model.network().train(pass, viewOf(batch, 0, 1), 1.0f / static_cast<float>(countingPositions(batch)));
            const double loss = sums.loss / sums.counted;
            QVERIFY2(std::abs(loss - static_cast<double>(trace.at("loss").values[0])) < 1e-5 * (1 + loss), form.name.c_str());
            double total = 0;
            for (const float g : gradient) total += std::abs(static_cast<double>(g));
            for (const Parameter& p : model.layout().parameters()) {
                const Tensor& found = trace.at("gradient." + p.name);
                for (std::size_t i = 0; i < p.size; ++i)
                    QVERIFY2(std::abs(static_cast<double>(found.values[i] - at(gradient, p)[i])) <= 1e-5 * (1 + total / 50),
                             (form.name + ": " + p.name).c_str());
            }
            for (const AttentionBlock& block : model.attentionBlocks())
                for (const char* what : {".query", ".key", ".value", ".scores", ".weights", ".head_output", ".output"})
                    QCOMPARE(trace.at("gradient." + block.name + what).shape, trace.at(block.name + what).shape);
        }
    }

    void replacingATensorWithItselfChangesNothing() {
        const Model model(smallConfig());
        const Weights weights = randomWeights<float>(model, 2);
        Input input = inputFor(model.config());
        const Trace trace = model.trace(weights, input);
        for (const char* name : {"embedding", "encoder.0.attention.query", "encoder.1.attention.scores", "encoder.1.attention.weights",
                                 "encoder.0.residual"}) {
            input.interventions = {{Intervention::Kind::replace, name, 0, trace.at(name).values}};
            QVERIFY2(model.trace(weights, input).at("logits").values == trace.at("logits").values, name);
            for (float& x : input.interventions[0].values) x += 0.25f;
            const Trace changed = model.trace(weights, input);
            QVERIFY(changed.at(name).values == input.interventions[0].values);
            if (std::string(name) != "encoder.1.attention.scores") QVERIFY2(changed.at("logits").values != trace.at("logits").values, name);
        }
    }

    void whatTheScoresAreMadeOfCanBeReplacedAtEachStage() {
        for (const char* form : {"q+kv gqa rope qk_norm", "kv rope qk_norm"}) {
            const auto forms = allForms();
            const Model model(std::ranges::find(forms, std::string(form), &NamedConfig::name)->config);
            const Weights weights = randomWeights<float>(model, 2);
            const std::string block = model.attentionBlocks().front().name;
            Input input = inputFor(model.config());
            const Trace trace = model.trace(weights, input);
            std::string before;
            for (const char* stage : {".unnormalised_", ".unrotated_", "."}) {
                for (const char* what : {"query", "key"}) {
                    const std::string name = block + stage + what;
                    if (!before.empty()) QVERIFY2(trace.at(before + what).values != trace.at(name).values, name.c_str());
                    input.interventions = {{Intervention::Kind::replace, name, 0, trace.at(name).values}};
                    QVERIFY2(model.trace(weights, input).at("logits").values == trace.at("logits").values, name.c_str());
                    for (float& x : input.interventions[0].values) x = 0.5f - x;
                    const Trace changed = model.trace(weights, input, {true, true});
                    QVERIFY2(changed.at(block + ".scores").values != trace.at(block + ".scores").values, name.c_str());
                    QVERIFY(changed.at("gradient." + name).shape == trace.at(name).shape);
                }
                before = block + stage;
            }
        }
    }

    void normalisedQueriesAndKeysHaveUnitRootMeanSquareBeforeTheirGain() {
        ModelConfig c = llamaLike();
        c.attention.qk_norm = true;
        const Model model(c);
        const Trace trace = model.trace(initialWeights(model, 1), inputFor(c));  // gains are 1 at first
        for (const char* what : {"decoder.0.attention.unrotated_query", "decoder.1.attention.unrotated_key"}) {
            const Tensor& x = trace.at(what);
            const std::int64_t d = x.extent(2);
            for (std::size_t at = 0; at < x.values.size(); at += static_cast<std::size_t>(d)) {
                double squares = 0;
                for (std::int64_t k = 0; k < d; ++k)
                    squares += std::pow(static_cast<double>(x.values[at + static_cast<std::size_t>(k)]), 2);
                QVERIFY(std::abs(squares / static_cast<double>(d) - 1.0) < 1e-2);
            }
        }
        QCOMPARE(model.layout().find("decoder.0.attention.query_norm.weight")->shape, std::vector<int>{c.headDim()});
        QCOMPARE(model.layout().find("decoder.0.attention.key_norm.weight")->shape, std::vector<int>{c.headDim()});
        c.attention.form = AttentionForm::kv;
        c.num_kv_heads = c.num_heads;
        QVERIFY(!Model(c).layout().find("decoder.0.attention.query_norm.weight"));
        QVERIFY(Model(c).layout().find("decoder.0.attention.key_norm.weight"));
    }

    void keysAreTheValuesAsTheyWereProjected() {
        ModelConfig c = llamaLike();
        c.attention.form = AttentionForm::q_kv;
        c.attention.qk_norm = true;
        const Model model(c);
        const Trace trace = model.trace(randomWeights<float>(model, 2), inputFor(c));
        QVERIFY(trace.at("decoder.0.attention.value").values == trace.at("decoder.0.attention.unnormalised_key").values);
        QVERIFY(!model.layout().find("decoder.0.attention.value.weight"));
        QVERIFY(model.layout().find("decoder.0.attention.query.weight"));
    }

    void aMaskedDiagonalLeavesItselfToWhoeverHasNobodyElse() {
        ModelConfig c = smallConfig();
        c.architecture = Architecture::decoder;
        c.attention.mask_diagonal = true;
        const Model model(c);
        const Tensor map = model.trace(randomWeights<float>(model, 2), inputFor(c)).at("decoder.0.attention.weights");
        const auto n = static_cast<std::size_t>(map.extent(1));
        for (std::size_t h = 0; h < 2; ++h)
            for (std::size_t i = 0; i < n; ++i) QCOMPARE(map.values[(h * n + i) * n + i], i == 0 ? 1.0f : 0.0f);
    }

    void headsCanBeSwitchedOffOrMadeUniform() {
        const Model model(smallConfig());
        const Weights weights = randomWeights<float>(model, 2);
        Input input = inputFor(model.config());
        input.interventions = {{Intervention::Kind::headOff, "encoder.0.attention", 1, {}}};
        const Trace off = model.trace(weights, input);
        const Tensor& out = off.at("encoder.0.attention.head_output");
        for (std::size_t i = 0; i < out.values.size(); ++i) QCOMPARE(out.values[i] == 0.0f, i >= out.values.size() / 2);
        input.interventions = {{Intervention::Kind::headUniform, "encoder.0.attention", 0, {}}};
        const Trace uniform = model.trace(weights, input);
        for (std::size_t i = 0; i < 64; ++i) QCOMPARE(uniform.at("encoder.0.attention.weights").values[i], 0.125f);
    }

    void predictionsAreTheLargestLogits() {
        Trace trace;
        trace.set("logits", {{2, 3}, {0.1f, 2, 2, -1, -3, -0.5f}});
        QCOMPARE(predictions(trace), (std::vector<int>{1, 2}));
    }

    void logitsAloneAreTheSame() {
        for (const NamedConfig& form : formsOfEveryKind()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 2);
            const Trace whole = model.trace(weights, inputFor(form.config));
            const Trace plain = model.trace(weights, inputFor(form.config), {false, false});
            QVERIFY(!plain.contains("embedding"));
            for (std::size_t i = 0; i < whole.at("logits").values.size(); ++i)
                QVERIFY2(std::abs(whole.at("logits").values[i] - plain.at("logits").values[i]) < 1e-4f, form.name.c_str());
        }
    }

    void badInputGetsASentence() {
        const Model model(smallConfig());
        const Weights weights = randomWeights<float>(model, 2);
        QCOMPARE(messageOf(model, weights, {}), std::string("The input is empty."));
        QCOMPARE(messageOf(model, weights, {{1, 9}, {}, {}, {}, {}}),
                 std::string("Token 9 at position 1 of the input is not in the vocabulary 0 .. 6."));
        QVERIFY(messageOf(model, weights, {{1, 2}, {3}, {}, {}, {}}).find("no encoder-decoder") != std::string::npos);
        QVERIFY(messageOf(model, weights, {{1, 2}, {}, {1}, {}, {}}).find("answers at 2 positions") != std::string::npos);
        QVERIFY(messageOf(model, weights, {{1, 2}, {}, {1, 7}, {}, {}}).find("Target 7 at position 1") != std::string::npos);
        QVERIFY(messageOf(model, weights, {{1, 2}, {}, {-1, -1}, {}, {}}, {true, true}).find("no position that counts") !=
                std::string::npos);
        QVERIFY(messageOf(model, weights, {{1, 2}, {}, {}, {true}, {}}).find("mask") != std::string::npos);
        QVERIFY(messageOf(model, weights, {std::vector<int>(3000, 1), {}, {}, {}, {}}).find("at most 2048") != std::string::npos);
        QVERIFY(
            messageOf(model, weights, {{1}, {}, {}, {}, {{Intervention::Kind::headOff, "encoder.9.attention", 0, {}}}}).find("no head 0") !=
            std::string::npos);
        for (const int head : {-1, model.attentionBlocks().front().heads})
            QVERIFY(messageOf(model, weights, {{1}, {}, {}, {}, {{Intervention::Kind::headOff, "encoder.0.attention", head, {}}}})
                        .find("no head " + std::to_string(head)) != std::string::npos);
        QVERIFY(messageOf(model, weights, {{1}, {}, {}, {}, {{Intervention::Kind::replace, "embedding", 0, {1}}}}).find("has 1 number,") !=
                std::string::npos);
    }

    void aTraceMayBeGivenUpOnItsWay() {
        const ModelConfig config = smallConfig();
        const Model model(config);
        const Weights weights = randomWeights<float>(model, 2);
        const Input input = inputFor(config);
        int asked = 0;
        const auto whole = traceUnlessAbandoned(model, weights, input, [&] { return ++asked < 0; });
        QVERIFY(whole && whole->at("logits").values == model.trace(weights, input).at("logits").values);
        const int all = asked;
        QVERIFY(all > 4 * config.num_layers);
        for (int last = 1; last <= all; ++last) {
            asked = 0;
            QVERIFY(!traceUnlessAbandoned(model, weights, input, [&] { return ++asked == last; }));
            QCOMPARE(asked, last);
        }
    }

    void aMixingNetIsTiedToItsPositionsAndReadsAllOfThem() {
        for (const NamedConfig& form : mixingForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 2);
            QVERIFY(model.attentionBlocks().empty());
            Input input = inputFor(form.config);
            const Trace trace = model.trace(weights, input);
            for (const Trace::Entry& entry : trace.entries())
                QVERIFY2(entry.name.find("attention") == std::string::npos, entry.name.c_str());
            QCOMPARE(trace.at("encoder.0.mixing.hidden").shape, (std::vector<std::int64_t>{1, *form.config.mixer.width}));
            const std::size_t classes = 5;
            const auto changedRows = [&](const Trace& before, const Trace& after) {
                std::set<std::size_t> rows;
                const auto &a = before.at("logits").values, &b = after.at("logits").values;
                for (std::size_t i = 0; i < a.size(); ++i)
                    if (a[i] != b[i]) rows.insert(i / classes);
                return rows;
            };
            Input other = input;
            other.tokens[3] = (other.tokens[3] + 1) % 7;
            QCOMPARE(changedRows(trace, model.trace(weights, other)).size(), input.tokens.size());
            input.masked.assign(input.tokens.size(), false);
            input.masked[3] = true;
            other.masked = input.masked;
            QCOMPARE(changedRows(model.trace(weights, input), model.trace(weights, other)), std::set<std::size_t>{3});
            QCOMPARE(messageOf(model, weights, {std::vector<int>(13, 1), {}, {}, {}, {}}),
                     std::string("The input has 13 tokens, but the net that mixes the model's positions has weights for 12 "
                                 "(model.max_seq_len)."));
        }
    }

    void withoutAWidthAMixingNetHasAsManyParametersAsAttention() {
        const auto parametersOf = [](const ModelConfig& config, const std::string& part) {
            std::size_t sum = 0;
            const Model model(config);
            for (const Parameter& p : model.layout().parameters())
                if (p.name.starts_with("encoder.0." + part + ".")) sum += p.size;
            return sum;
        };
        for (const bool bias : {true, false})
            for (const Activation activation : {Activation::relu, Activation::swiglu})
                for (const int d : {32, 128}) {
                    Experiment e;
                    e.task.seq_len = 6;
                    e.model.d_model = d;
                    e.model.bias = bias;
                    e.model.feed_forward.activation = activation;
                    const std::size_t wanted = parametersOf(resolved(e).model, "attention");
                    e.model.mixer.kind = MixerKind::feed_forward;
                    const int width = *resolved(e).model.mixer.width;
                    QVERIFY(width > 1);
                    const auto distanceAt = [&](int units) {
                        e.model.mixer.width = units;
                        return std::abs(static_cast<double>(parametersOf(resolved(e).model, "mixing")) - static_cast<double>(wanted));
                    };
                    QVERIFY(distanceAt(width) <= std::min(distanceAt(width - 1), distanceAt(width + 1)));
                }
    }

    void sharedParametersShareTheirInitialValues() {
        ModelConfig qkv = smallConfig(), kv = smallConfig();
        kv.attention.form = AttentionForm::kv;
        const Model a(qkv), b(kv);
        const Weights wa = initialWeights(a, 42), wb = initialWeights(b, 42), other = initialWeights(a, 43);
        for (const char* name :
             {"token_embedding.weight", "encoder.1.feed_forward.up.weight", "encoder.0.attention.output.weight", "output.projection.bias"})
            for (std::size_t i = 0; i < a.layout().find(name)->size; ++i) {
                QCOMPARE(at(wa, *a.layout().find(name))[i], at(wb, *b.layout().find(name))[i]);
                QVERIFY(at(wa, *a.layout().find(name))[i] != at(other, *a.layout().find(name))[i]);
            }
    }

    void initialisationsHaveTheirBounds() {
        ModelConfig c = smallConfig();
        c.d_model = 64;
        c.d_ff = 128;
        c.position.kind = PositionKind::learned;
        const auto largest = [&](const char* name) {
            const Model model(c);
            const Weights w = initialWeights(model, 1);
            float most = 0;
            for (std::size_t i = 0; i < model.layout().find(name)->size; ++i)
                most = std::max(most, std::abs(at(w, *model.layout().find(name))[i]));
            return static_cast<double>(most);
        };
        const auto near = [](double found, double bound) { return found <= bound && found > 0.9 * bound; };
        QVERIFY(near(largest("encoder.0.attention.query.weight"), std::sqrt(6.0 / (64 + 192))));
        QVERIFY(near(largest("encoder.0.attention.output.weight"), std::sqrt(6.0 / 128)));
        QVERIFY(near(largest("encoder.0.feed_forward.down.weight"), 1 / std::sqrt(128.0)));
        QVERIFY(near(largest("token_embedding.weight"), 1 / std::sqrt(7.0)));
        QCOMPARE(largest("encoder.0.attention.key.bias"), 0.0);
        QCOMPARE(largest("encoder.0.attention_norm.weight"), 1.0);
        c.init = Initialisation::gpt2;
        QCOMPARE(largest("encoder.0.feed_forward.up.bias"), 0.0);
        QVERIFY(largest("encoder.0.feed_forward.up.weight") < 0.02 * 5.5);
        QVERIFY(largest("encoder.0.attention.output.weight") < 0.01 * 5.5);
        c.init = Initialisation::xavier;
        QVERIFY(near(largest("encoder.0.attention.query.weight"), std::sqrt(6.0 / 128)));
    }
};

QTEST_APPLESS_MAIN(TraceTest)
#include "trace_test.moc"
