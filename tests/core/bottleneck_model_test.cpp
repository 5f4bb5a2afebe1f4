#include <QtTest>

#include <cmath>
#include <set>

#include "core/analysis/answer_sources.h"
#include "core/analysis/average_maps.h"
#include "core/analysis/compression.h"
#include "core/analysis/head_metrics.h"
#include "core/analysis/kept_map.h"
#include "core/data/loaded_task.h"
#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "core/model/parameter_groups.h"
#include "core/model/sample_input.h"
#include "core/tensor/quantise.h"
#include "core/training/trainer.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// A model with a code, a sequence, and what a look at it shows.
struct Coded {
    explicit Coded(const ModelConfig& config, std::uint64_t seed = 4)
        : model(std::make_shared<const Model>(config)),
          weights(randomWeights<float>(*model, seed)),
          transposed(model->transposedCopy(weights)),
          sample(randomSample(config, seed, 7, 5)),
          batch(makeBatch({sample})),
          input(inputOf(sample)) {
        input.targets.clear();
    }

    Trace trace() const { return model->trace(weights, input); }
    Pass<float> pass() const { return {kernels<float>(), weights.data(), transposed.data(), nullptr, scratch}; }
    const Network& network() const { return model->network(); }
    BatchView view() const { return viewOf(batch, 0, 1); }
    int slotCount() const { return network().bottleneck()->shape().slotCount; }
    std::vector<int> codes() const {
        scratch.arena.reset();
        Pass<float> own = pass();
        return network().codes(own, view());
    }
    /// [target tokens, classes]
    std::vector<float> logitsOf(const std::vector<int>& code) const {
        scratch.arena.reset();
        Pass<float> own = pass();
        const float* logits = network().logitsOfCodes(own, view(), code.data());
        std::vector<float> compact;
        for (int r = 0; r < view().target.rows(); ++r, logits += network().logitStride())
            compact.insert(compact.end(), logits, logits + network().classes());
        return compact;
    }
    /// One after the other, behind what `store` leaves to the decoder.
    template <class Store>
    std::vector<float> stepped(const Store& store) const {
        Network::Stores stores;
        stores.assign(network().decoderBlocks(), {});
        scratch.arena.reset();
        Pass<float> own = pass();
        store(own, stores);
        std::vector<float> logits;
        const int length = static_cast<int>(sample.targetTokens.size());
        for (int i = 0; i < length; ++i) {
            const float* row =
                network().step(own, std::span(sample.targetTokens).subspan(static_cast<std::size_t>(i), 1), i, length, stores);
            logits.insert(logits.end(), row, row + network().classes());
        }
        return logits;
    }

    std::shared_ptr<const Model> model;
    Weights weights, transposed;
    Sample sample;
    Batch batch;
    Input input;
    mutable Scratch scratch;
};

bool near(const std::vector<float>& a, const std::vector<float>& b, float tolerance = 1e-4f) {
    return std::ranges::equal(a, b, [tolerance](float x, float y) { return std::abs(x - y) <= tolerance * (1 + std::abs(y)); });
}

std::vector<float> floats(const std::vector<int>& numbers) {
    return {numbers.begin(), numbers.end()};
}

bool isZero(const Tensor& tensor) {
    return std::ranges::all_of(tensor.values, [](float x) { return x == 0.0f; });
}

/// Another code in one slot.
std::vector<int> withOther(std::vector<int> codes, std::size_t slot, int count) {
    codes[slot] = (codes[slot] + 1) % count;
    return codes;
}

/// A training of copying, with a batch of several groups.
Experiment copying(const ModelConfig& config) {
    Experiment e;
    e.task.kind = "copy";
    e.task.seq_len = 4;
    e.task.train_size = 400;
    e.task.validation_size = 10;
    e.task.test_size = 1;
    e.model = config;
    e.model.vocab_size = e.model.num_classes = e.model.max_seq_len = std::nullopt;
    e.model.bottleneck.usage = 0.1;
    e.model.bottleneck.injectivity = 0.1;
    e.training.batch_size = 192;
    e.training.steps = 8;
    return e;
}

TrainingState trainedState(const Experiment& experiment, int threads, int steps) {
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads);
    for (int i = 0; i < steps; ++i) trainer.advance();
    return trainer.state();
}

void addBottlenecks() {
    QTest::addColumn<int>("index");
    const auto forms = bottleneckForms();
    for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
}

ModelConfig bottleneckForm(int index) {
    return bottleneckForms()[static_cast<std::size_t>(index)].config;
}

}  // namespace

class BottleneckModelTest : public QObject {
    Q_OBJECT

private slots:
    /// The looking path, the training path, token by token, and from the codes alone.
    void allPathsAgree_data() { addBottlenecks(); }
    void allPathsAgree() {
        QFETCH(int, index);
        const Coded coded(bottleneckForm(index));
        const Trace trace = coded.trace();
        const std::vector<float>& logits = trace.at("logits").values;
        TraceRequest plain;
        plain.intermediates = false;
        QVERIFY(near(coded.model->trace(coded.weights, coded.input, plain).at("logits").values, logits));
        const std::vector<int> codes = coded.codes();
        QCOMPARE(static_cast<int>(codes.size()), coded.slotCount());
        QCOMPARE(trace.at("bottleneck.codes").values, floats(codes));
        QVERIFY(near(coded.logitsOf(codes), logits));
        const auto ofSource =
            coded.stepped([&](Pass<float>& pass, Network::Stores& stores) { coded.network().storeMemory(pass, coded.view(), stores); });
        const auto ofCodes =
            coded.stepped([&](Pass<float>& pass, Network::Stores& stores) { coded.network().storeCodes(pass, codes.data(), stores); });
        QVERIFY(near(ofSource, logits));
        QVERIFY(ofSource == ofCodes);
        Decoding decoding(coded.model, coded.weights, coded.sample.tokens);
        QVERIFY(
            near(decoding.append(coded.sample.targetTokens), std::vector<float>(logits.end() - coded.network().classes(), logits.end())));
    }

    void aTraceShowsTheCode_data() { addBottlenecks(); }
    void aTraceShowsTheCode() {
        QFETCH(int, index);
        const Coded coded(bottleneckForm(index));
        const BottleneckShape shape = coded.network().bottleneck()->shape();
        const Trace trace = coded.trace();
        const std::int64_t slotCount = shape.slotCount, d = coded.model->config().d_model;
        for (const char* name : {"bottleneck.numbers", "bottleneck.relaxed", "bottleneck.sent"})
            QCOMPARE(trace.at(name).shape, (std::vector<std::int64_t>{slotCount, shape.width}));
        QCOMPARE(trace.at("bottleneck.codes").shape, std::vector<std::int64_t>{slotCount});
        QCOMPARE(trace.at("bottleneck.memory").shape, (std::vector<std::int64_t>{slotCount, d}));
        const std::int64_t heads = coded.model->config().num_heads, tokens = std::ssize(coded.sample.tokens);
        QCOMPARE(trace.at("bottleneck.attention.weights").shape, (std::vector<std::int64_t>{heads, slotCount, tokens}));
        for (const AttentionBlock& block : coded.model->attentionBlocks()) {
            QCOMPARE(block.slotCount, block.cross ? shape.slotCount : 0);
            if (block.cross) QCOMPARE(trace.at(block.name + ".weights").extent(2), slotCount);
        }
        const Model plain(smallConfig());
        for (const AttentionBlock& block : plain.attentionBlocks()) QCOMPARE(block.slotCount, 0);
    }

    /// What is put in the place of a code, or of what is sent, is what the decoder hears of.
    void anotherCodeInItsPlaceIsWhatTheDecoderHears_data() { addBottlenecks(); }
    void anotherCodeInItsPlaceIsWhatTheDecoderHears() {
        QFETCH(int, index);
        const Coded coded(bottleneckForm(index));
        const std::vector<int> codes = coded.codes();
        const std::vector<float> before = coded.trace().at("logits").values;
        for (std::size_t slot = 0; slot < codes.size(); ++slot) {
            const std::vector<int> other = withOther(codes, slot, coded.network().bottleneck()->shape().codes);
            const std::vector<float> expected = coded.logitsOf(other);
            QVERIFY(!near(expected, before));
            Input input = coded.input;
            input.interventions = {{Intervention::Kind::replace, "bottleneck.codes", 0, floats(other)}};
            const Trace ofCodes = coded.model->trace(coded.weights, input);
            QVERIFY(near(ofCodes.at("logits").values, expected));
            input.interventions = {{Intervention::Kind::replace, "bottleneck.sent", 0, ofCodes.at("bottleneck.sent").values}};
            QCOMPARE(coded.model->trace(coded.weights, input).at("logits").values, ofCodes.at("logits").values);
        }
    }

    void theGradientGoesThroughTheChoice_data() { addBottlenecks(); }
    void theGradientGoesThroughTheChoice() {
        QFETCH(int, index);
        ModelConfig config = bottleneckForm(index);
        config.bottleneck.usage = config.bottleneck.injectivity = 0;
        const Coded coded(config);
        Input input = inputOf(coded.sample);
        const Trace trace = coded.model->trace(coded.weights, input, {true, true});
        if (!coded.network().bottleneck()->shape().hasBook)
            QCOMPARE(trace.at("gradient.bottleneck.sent").values, trace.at("gradient.bottleneck.relaxed").values);
        const std::string encoded = "gradient.encoder." + std::to_string(config.num_layers - 1) + ".residual";
        for (const std::string& name : {encoded, std::string("gradient.bottleneck.queries"), std::string("gradient.bottleneck.in.weight"),
                                        std::string("gradient.bottleneck.out.weight")})
            QVERIFY2(!isZero(trace.at(name)), name.c_str());
        input.interventions = {{Intervention::Kind::replace, "bottleneck.memory", 0, trace.at("bottleneck.memory").values}};
        const Trace stopped = coded.model->trace(coded.weights, input, {true, true});
        if (!coded.network().bottleneck()->shape().hasBook) QVERIFY(isZero(stopped.at(encoded)));
        QVERIFY(isZero(stopped.at("gradient.bottleneck.out.weight")));
    }

    void aMaskedTokenIsReadByNoSlot_data() { addBottlenecks(); }
    void aMaskedTokenIsReadByNoSlot() {
        QFETCH(int, index);
        const Coded coded(bottleneckForm(index));
        Input input = coded.input;
        input.masked.assign(input.tokens.size(), false);
        input.masked[3] = true;
        const Trace trace = coded.model->trace(coded.weights, input);
        const Tensor& map = trace.at("bottleneck.attention.weights");
        const std::size_t keys = input.tokens.size();
        for (std::size_t i = 0; i < map.values.size(); ++i) QCOMPARE(map.values[i] == 0.0f, i % keys == 3);
        input.tokens[3] = (input.tokens[3] + 1) % *coded.model->config().vocab_size;
        const Trace other = coded.model->trace(coded.weights, input);
        for (const char* name : {"bottleneck.numbers", "bottleneck.memory", "logits"})
            QCOMPARE(other.at(name).values, trace.at(name).values);
        // The decoder's keys are slots: none of them is a token that could be hidden.
        input.masked.assign(input.tokens.size(), true);
        const Trace blind = coded.model->trace(coded.weights, input);
        QVERIFY(isZero(blind.at("bottleneck.attention.weights")));
        for (const float x : blind.at("logits").values) QVERIFY(std::isfinite(x));
        const Tensor& cross = blind.at("decoder.0.cross_attention.weights");
        for (const float x : cross.values) QVERIFY(x > 0);
    }

    /// More slots than tokens, or fewer: no place of the source is looked for among them.
    void aHeadThatLooksAtSlotsLooksAtNoPlaces_data() { addBottlenecks(); }
    void aHeadThatLooksAtSlotsLooksAtNoPlaces() {
        QFETCH(int, index);
        const Coded coded(bottleneckForm(index));
        const Trace trace = coded.trace();
        TaskConfig task;
        task.seq_len = 7;
        const std::vector<HeadMetrics> metrics = allHeadMetrics(*coded.model, task, trace);
        std::size_t measured = 0;
        double cells = 0;
        for (const AttentionBlock& block : coded.model->attentionBlocks()) {
            const Tensor& map = trace.at(block.name + ".weights");
            cells += static_cast<double>(map.values.size());
            QVERIFY(!answerSources(task, Architecture::encoder_decoder, block, trace));
            for (int head = 0; head < block.heads; ++head) {
                const HeadMetrics& of = metrics[measured++];
                if (specOf(coded.model->config().attention.kernel.kind).rowsSumToOne || block.cross)
                    QVERIFY(of[HeadMetric::effectiveKeys] > 0 && of[HeadMetric::effectiveKeys] <= static_cast<double>(map.extent(2)));
                for (const HeadMetric place :
                     {HeadMetric::agreement, HeadMetric::diagonal, HeadMetric::firstToken, HeadMetric::meanDistance})
                    if (block.cross) QVERIFY(std::isnan(of[place]));
            }
        }
        QCOMPARE(mapBytes(*coded.model, coded.sample), sizeof(float) * cells);
        const KeptMap kept = sharpestMap(*coded.model, task, trace);
        QVERIFY(kept.rows > 0 && kept.columns > 0 && kept.columns <= coded.slotCount());
        const auto average = averageMaps(*coded.model, coded.weights, {coded.sample}, {});
        QCOMPARE(average->blocks.back().keys, coded.slotCount());
    }

    void whatCodesCostIsTold() {
        for (NamedConfig& form : bottleneckForms())
            for (const double weight : {0.0, 0.5}) {
                form.config.bottleneck.usage = form.config.bottleneck.injectivity = weight;
                const Coded coded(form.config);
                const Batch batch = unevenBatch(form.config);
                coded.scratch.arena.reset();
                Pass<float> pass = coded.pass();
                const PassSums sums = coded.network().evaluate(pass, viewOf(batch, 0, batch.sequences));
                const bool costs = weight > 0 || coded.network().bottleneck()->shape().commitment > 0;
                QVERIFY2(costs ? sums.beside > 0 : sums.beside == 0, form.name.c_str());
            }
    }

    void sameBitsWithAnyNumberOfThreads_data() { addBottlenecks(); }
    void sameBitsWithAnyNumberOfThreads() {
        QFETCH(int, index);
        const Experiment e = copying(bottleneckForm(index));
        const TrainingState one = trainedState(e, 1, 5);
        for (const int threads : {2, 3, 8}) {
            const TrainingState many = trainedState(e, threads, 5);
            QVERIFY(many.weights == one.weights && many.firstMoment == one.firstMoment && many.secondMoment == one.secondMoment);
        }
    }

    void noiseIsTheSeeds() {
        Experiment e = copying(bottleneckForms().back().config);
        QVERIFY(e.model.bottleneck.shape().draws);
        e.training.shuffle = false;
        const LoadedTask task = loadTask(e, {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        const TrainingState start = initialState(*model, task.experiment);
        const auto after = [&](std::uint64_t seed) {
            Experiment other = task.experiment;
            other.training.seed = seed;
            Trainer trainer(other, model, task.dataset, start, 1);
            trainer.advance();
            return trainer.state().weights;
        };
        QVERIFY(after(1) == after(1));
        QVERIFY(after(1) != after(2));
    }

    void everyOptimizerMovesEveryPart() {
        for (const UpdateRule* rule : UpdateRule::table()) {
            Experiment e = copying(bottleneckForms()[4].config);
            e.training.optimizer.kind = rule->name;
            e.training.optimizer.learning_rate = 0.03;
            const LoadedTask task = loadTask(e, {});
            const auto model = std::make_shared<const Model>(task.experiment.model);
            const Weights before = randomWeights<float>(*model, 4);
            Trainer trainer(task.experiment, model, task.dataset, startingState(before, *rule), 1);
            for (int i = 0; i < 3; ++i) trainer.advance();
            const Weights& after = trainer.state().weights;
            for (const Parameter& p : model->layout().parameters()) {
                if (!p.name.starts_with("bottleneck.") || p.name.ends_with("key.bias")) continue;
                QVERIFY2(!std::equal(at(before, p), at(before, p) + p.size, at(after, p)),
                         (p.name + " by " + std::string(rule->name)).c_str());
                for (std::size_t i = 0; i < p.size; ++i) QVERIFY(std::isfinite(at(after, p)[i]));
            }
        }
    }

    void itsGroupCanBeFrozen() {
        Experiment e = copying(bottleneckForms()[4].config);
        e.training.frozen = {"bottleneck"};
        const LoadedTask task = loadTask(e, {});
        const Model model(task.experiment.model);
        const Weights before = initialWeights(model, task.experiment.training.seed), after = trainedState(e, 2, 3).weights;
        for (const Parameter& p : model.layout().parameters()) {
            const bool same = std::equal(at(before, p), at(before, p) + p.size, at(after, p));
            if (!p.name.ends_with("key.bias")) QVERIFY2(same == p.name.starts_with("bottleneck."), p.name.c_str());
        }
    }

    /// Matrices between activations in few bits, tables of slots in 8.
    void itCanBeKeptInFewBits() {
        const Model model(bottleneckForms()[4].config);
        const QuantisationScheme& scheme = *findQuantisation(4);
        const auto codeFor = [&](const char* name) { return codeOf(scheme, *model.layout().find(name)); };
        for (const char* name : {"bottleneck.in.weight", "bottleneck.attention.query.weight"}) QCOMPARE(codeFor(name), &scheme.hidden);
        for (const char* name : {"bottleneck.queries", "bottleneck.out.weight", "bottleneck.out.bias", "bottleneck.book"})
            QCOMPARE(codeFor(name), &scheme.tables);
        QVERIFY(!codeFor("bottleneck.in.bias"));
    }

    void itCanBeMadeSmaller_data() { addBottlenecks(); }
    void itCanBeMadeSmaller() {
        QFETCH(int, index);
        const Model model(bottleneckForm(index));
        const Weights weights = randomWeights<float>(model, 4);
        std::vector<Sample> samples;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) samples.push_back(randomSample(model.config(), seed, 6, 4));
        const auto quantised = quantisedForms(model, weights, samples);
        QVERIFY(quantised.has_value());
        for (const Compressed& form : *quantised) {
            QVERIFY(std::isfinite(form.score.loss));
            QCOMPARE(form.bytes, storedBytes(model.layout(), form.scheme));
        }
        const double shares[] = {0.25, 1};
        for (const PruneWhat what : {PruneWhat::heads, PruneWhat::weights})
            for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
                const auto forms = *prunedForms(model, weights, what, by, shares, samples, 3);
                QVERIFY(forms[0].zeros < forms[1].zeros && forms[1].zeros < forms[2].zeros);
                for (const Compressed& form : forms) QVERIFY(std::isfinite(form.score.loss));
            }
    }

    /// Slots begin different from each other, however weights are drawn.
    void slotsBeginDifferent() {
        for (const Initialisation init : {Initialisation::paper, Initialisation::gpt2, Initialisation::xavier, Initialisation::pytorch})
            for (NamedConfig& form : bottleneckForms()) {
                form.config.init = init;
                const Model model(form.config);
                const Weights weights = initialWeights(model, 2);
                for (const char* name : {"bottleneck.queries", "bottleneck.in.weight", "bottleneck.out.weight", "bottleneck.book"}) {
                    const Parameter* p = model.layout().find(name);
                    if (!p) continue;
                    const std::set<float> numbers(at(weights, *p), at(weights, *p) + p->size);
                    QVERIFY2(numbers.size() > p->size / 2, name);
                }
            }
    }

    void theNumberOfSlotsChangesNothingElse() {
        ModelConfig config = bottleneckForms().front().config;
        const Model few(config);
        config.bottleneck.parameters.set("slots", 7);
        const Model more(config);
        const Weights a = initialWeights(few, 3), b = initialWeights(more, 3);
        for (const Parameter& p : few.layout().parameters()) {
            if (parameterGroupOf(p.name) == ParameterGroup::bottleneck) continue;
            QVERIFY2(std::equal(at(a, p), at(a, p) + p.size, at(b, *more.layout().find(p.name))), p.name.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(BottleneckModelTest)
#include "bottleneck_model_test.moc"
