#include "core/analysis/attention_memory.h"

#include <QtTest>
#include <cmath>
#include <set>

#include "core/config/layer_config.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

struct Looked {
    explicit Looked(const ModelConfig& config, Input asked = {})
        : model(config), weights(randomWeights<float>(model, 11)), input(std::move(asked)) {
        if (input.tokens.empty()) {
            const Sample sample = randomSample(config, 3, 8, 6);
            input.tokens = sample.tokens;
            input.targetTokens = sample.targetTokens;
        }
        trace = model.trace(weights, input);
    }
    AttentionMemory at(int block, int head, int query) const { return attentionMemory(model, weights, input, trace, {block, head, query}); }
    int queries(int block) const {
        return static_cast<int>(trace.at(model.attentionBlocks()[static_cast<std::size_t>(block)].name + ".weights").extent(1));
    }

    Model model;
    Weights weights;
    Input input;
    Trace trace;
};

ModelConfig with(void (*change)(ModelConfig&)) {
    return changed("", change).config;
}

QString joined(const std::vector<Message>& messages) {
    QStringList words;
    for (const Message& m : messages) words += QString::fromStdString(m.english());
    return words.join('\n');
}

/// Of models that read tokens.
std::vector<NamedConfig> bridgedForms() {
    std::vector<NamedConfig> forms = formsOfEveryMixer();
    for (NamedConfig& form : bottleneckForms()) forms.push_back(std::move(form));
    return forms;
}

QString differencesOf(const AttentionMemory& memory) {
    return joined(memory.differences);
}

/// The row's state is the key of the query's own token.
bool stateIsOwnKey(const AttentionMemory& memory, int query) {
    return memory.state == std::vector<double>(memory.patterns.row(query), memory.patterns.row(query + 1));
}

/// The row by its definition, with nothing shared but the trace's q and k: scores with all terms, softmax over the visible.
std::vector<double> slowRow(const Looked& look, int block, int head, int query) {
    const AttentionBlock& b = look.model.attentionBlocks()[static_cast<std::size_t>(block)];
    const Tensor& masked = look.trace.at(b.name + ".masked_scores");
    const float* scores = masked.values.data() + (head * masked.extent(1) + query) * masked.extent(2);
    double sum = 0;
    std::vector<double> row;
    for (int j = 0; j < masked.extent(2); ++j) sum += std::isinf(scores[j]) ? 0 : std::exp(static_cast<double>(scores[j]));
    for (int j = 0; j < masked.extent(2); ++j) row.push_back(std::isinf(scores[j]) ? 0 : std::exp(static_cast<double>(scores[j])) / sum);
    return row;
}

}  // namespace

class AttentionMemoryTest : public QObject {
    Q_OBJECT

private slots:
    void oneUpdateIsTheRow_data() {
        QTest::addColumn<int>("form");
        const auto forms = bridgedForms();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void oneUpdateIsTheRow() {
        QFETCH(int, form);
        const ModelConfig config = bridgedForms()[static_cast<std::size_t>(form)].config;
        const Looked look(config);
        const bool softmax = config.attention.kernel.kind == KernelKind::softmax && config.attention.soft_cap == 0 &&
                             !config.attention.sink && !config.attention.differential && !config.attention.span &&
                             !specOf(config.position.kind).vectors;
        for (int b = 0; b < static_cast<int>(look.model.attentionBlocks().size()); ++b) {
            const AttentionBlock& block = look.model.attentionBlocks()[static_cast<std::size_t>(b)];
            for (int h = 0; h < block.heads; ++h)
                for (int i = 0; i < look.queries(b); ++i) {
                    const AttentionMemory memory = look.at(b, h, i);
                    QCOMPARE(memory.isNet, softmax || block.cross);
                    if (!memory.isNet) {
                        QVERIFY(!memory.why.empty() && !memory.agrees && memory.weights.empty());
                        continue;
                    }
                    QVERIFY2(memory.difference < 1e-5 && memory.agrees, qPrintable(QString::number(memory.difference)));
                    QVERIFY(memory.outputDifference < 1e-4);
                    const std::vector<double> slow = slowRow(look, b, h, i);
                    for (std::size_t j = 0; j < slow.size(); ++j) QVERIFY(std::abs(slow[j] - memory.weights[j]) < 1e-5);
                    checkPromises(memory);
                }
        }
    }

    void aDecoderAsksTokensOrSlots() {
        const auto forms = allForms();
        for (const bool ofSlots : {false, true}) {
            const Looked look(ofSlots ? bottleneckForms().front().config
                                      : std::ranges::find(forms, std::string("encoder-decoder"), &NamedConfig::name)->config);
            const int last = static_cast<int>(look.model.attentionBlocks().size()) - 1;
            QVERIFY(look.model.attentionBlocks().back().cross);
            const AttentionMemory memory = look.at(last, 0, 0);
            QCOMPARE(memory.patterns.count, ofSlots ? 3 : static_cast<int>(look.input.tokens.size()));
            QCOMPARE(joined(memory.remarks).contains("slots of the bottleneck"), ofSlots);
            QCOMPARE(joined(memory.remarks).contains("the encoder's tokens"), !ofSlots);
        }
    }

    void furtherUpdatesBeginWithTheRow() {
        for (const NamedConfig& form : allForms()) {
            const AttentionMemory memory = Looked(form.config).at(0, 0, 2);
            if (!memory.isNet) continue;
            const BridgeLook look = bridgeLook(memory);
            QCOMPARE(look.weights.front(), memory.weights);
            QCOMPARE(look.found.front(), memory.found);
            QCOMPARE(look.weights.size(), static_cast<std::size_t>(std::max(look.way.updates, 1)));
            QVERIFY(look.energies.size() >= 2);
            QCOMPARE(look.heaviest.size(), look.weights.size());
            QVERIFY(look.effective.front() >= 1 - 1e-12 && look.effective.front() <= memory.storedCount + 1e-9);
            QVERIFY(look.separation <= 1e300 || memory.storedCount == 1);
            if (memory.isPlain()) QVERIFY(!look.energyRose && look.biasScale == 0);
            for (const int pattern : look.end.patterns) QVERIFY(!memory.hidden[static_cast<std::size_t>(pattern)]);
        }
    }

    void whatIsNotThePlainNetworkIsSaid() {
        QVERIFY(Looked(with([](ModelConfig&) {})).at(0, 0, 3).isPlain());
        const Looked kv(with([](ModelConfig& c) { c.attention.form = AttentionForm::kv; }));
        const AttentionMemory own = kv.at(0, 1, 3);
        QVERIFY(own.isPlain());
        QCOMPARE(own.remarks.size(), std::size_t{1});
        QCOMPARE(own.state, std::vector<double>(own.patterns.row(3), own.patterns.row(4)));

        const auto said = [](void (*change)(ModelConfig&), int query = 3) { return differencesOf(Looked(with(change)).at(0, 0, query)); };
        QVERIFY(said([](ModelConfig& c) { c.attention.form = AttentionForm::kv_pos; }).contains("g(j)"));
        QVERIFY(said([](ModelConfig& c) { c.position.kind = PositionKind::alibi; }).startsWith("ALiBi"));
        QVERIFY(said([](ModelConfig& c) { c.position.kind = PositionKind::rope; }).startsWith("RoPE"));
        QVERIFY(
            said([](ModelConfig& c) { c.position.kind = PositionKind::relative_bias; }).startsWith("A learned number for the distance"));
        const auto why = [](void (*change)(ModelConfig&)) {
            return QString::fromStdString(Looked(with(change)).at(0, 0, 3).why.english());
        };
        QVERIFY(why([](ModelConfig& c) { c.attention.soft_cap = 3; }).contains("towards a cap"));
        QVERIFY(why([](ModelConfig& c) { c.attention.sink = true; }).startsWith("A sink takes a share"));
        const auto decoder = [](ModelConfig& c) { c.architecture = Architecture::decoder; };
        QVERIFY(said(decoder).startsWith("This query may look at 4 of 8 keys"));
        QCOMPARE(said(decoder, 7), QString());  // the last query sees all
        QVERIFY(said([](ModelConfig& c) { c.attention.mask_diagonal = true; }).contains("7 of 8"));
    }

    void keysThatServeAsQueriesAreSaidWhereItHolds() {
        const QString among = "the state is itself one of the patterns", notItself = "a token may not look at itself";
        const ModelConfig keyOnly = with([](ModelConfig& c) { c.attention.form = AttentionForm::kv; });
        const AttentionMemory plain = Looked(keyOnly).at(0, 0, 3);
        QVERIFY(joined(plain.remarks).contains(among) && stateIsOwnKey(plain, 3));
        QVERIFY(!joined(Looked(smallConfig()).at(0, 0, 3).remarks).contains("Keys serve"));

        const ModelConfig masked = with([](ModelConfig& c) {
            c.attention.form = AttentionForm::kv;
            c.attention.mask_diagonal = true;
        });
        const AttentionMemory hidden = Looked(masked).at(0, 0, 3);
        QVERIFY(hidden.hidden[3] && stateIsOwnKey(hidden, 3));
        QVERIFY(!joined(hidden.remarks).contains(among) && joined(hidden.remarks).contains(notItself));

        const Looked padded(keyOnly, {randomTokens(3, 6, 7), {}, {}, {false, false, true, false, false, false}, {}});
        QVERIFY(!joined(padded.at(0, 0, 2).remarks).contains("Keys serve as queries"));
        QVERIFY(joined(padded.at(0, 0, 1).remarks).contains(among));

        for (const char* name : {".query", ".key"}) {
            Input input{randomTokens(3, 8, 7), {}, {}, {}, {}};
            std::vector<float> values(2 * 8 * 6);
            for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 7) / 10;
            input.interventions = {{Intervention::Kind::replace, std::string("encoder.0.attention") + name, 0, values}};
            const Looked replaced(keyOnly, input);
            QVERIFY(replaced.at(0, 0, 3).isNet && !stateIsOwnKey(replaced.at(0, 0, 3), 3));
            QVERIFY(!joined(replaced.at(0, 0, 3).remarks).contains("Keys serve as queries"));
            QVERIFY(joined(replaced.at(1, 0, 3).remarks).contains("Keys serve as queries"));
        }
    }

    void keysThatServeAsValuesAreThoseBeforeNormAndRotation() {
        const QString stored = "a mixture of what was stored", before = "before norm and rotation";
        for (const int change : {0, 1, 2}) {
            for (const AttentionForm form : {AttentionForm::q_kv, AttentionForm::k}) {
                ModelConfig config = with([](ModelConfig& c) { c.attention.form = AttentionForm::q_kv; });
                config.attention.form = form;
                if (change == 1) config.attention.qk_norm = true;
                if (change == 2) config.position.kind = PositionKind::rope;
                const AttentionMemory memory = Looked(config).at(0, 0, 3);
                const QString said = joined(memory.remarks);
                QCOMPARE(said.contains(stored), change == 0);
                QCOMPARE(said.contains(before), change != 0);
                QCOMPARE(memory.values == memory.patterns, change == 0);
            }
        }
    }

    void aBridgeStopsWhenAsked() {
        const AttentionMemory memory = Looked(smallConfig()).at(0, 0, 3);
        const BridgeLook look = bridgeLook(memory, [] { return true; });
        QCOMPARE(look.weights, std::vector<std::vector<double>>{memory.weights});
        QVERIFY(look.curve.betas.empty() && look.way.updates == 0 && look.energies.size() == 2);
        int asked = 0;
        const BetaCurve curve = bridgeCurve(memory, 31, [&asked] { return ++asked > 4; });
        QCOMPARE(curve.betas.size(), std::size_t{4});
        QCOMPARE(curve.effective.size(), std::size_t{4});
    }

    void aNegativeFactorIsNoMemoryToRelyOn() {
        const ModelConfig config = with([](ModelConfig& c) { c.attention.form = AttentionForm::kv_pos; });
        Looked look(config);
        for (const float sign : {1.0F, -1.0F}) {
            const Parameter* map = look.model.layout().find("encoder.0.attention.position_map.weight");
            for (std::size_t c = 0; c < map->size; ++c) at(look.weights, *map)[c] = sign * 0.2F;
            look.trace = look.model.trace(look.weights, look.input);
            const AttentionMemory memory = look.at(0, 0, 2);
            QVERIFY(std::abs(memory.factor - sign * 2.0) < 1e-5);
            QVERIFY(std::abs(memory.beta - memory.factor / std::sqrt(6.0)) < 1e-12);
            QVERIFY(memory.agrees && !memory.isPlain());
            QCOMPARE(differencesOf(memory).contains("not above 0"), sign < 0);
            const BetaCurve curve = bridgeCurve(memory, 31);
            QVERIFY(curve.betas.front() <= std::abs(memory.beta) / 10 && curve.betas.back() >= std::abs(memory.beta) * 10);
            for (std::size_t k = 0; k < curve.betas.size(); ++k) {
                const std::vector<double> weights = memory.net().withBeta(sign * curve.betas[k]).weights(memory.state);
                for (std::size_t j = 0; j < weights.size(); ++j) QVERIFY(std::abs(curve.weights[j][k] - weights[j]) < 1e-12);
            }
        }
    }

    void changedHeadsAreNoMemory() {
        const ModelConfig config = smallConfig();
        Input input{randomTokens(3, 8, 7), {}, {}, {}, {{Intervention::Kind::headUniform, "encoder.0.attention", 1, {}}}};
        const Looked uniform(config, input);
        QVERIFY(!uniform.at(0, 1, 2).isNet && uniform.at(0, 0, 2).isNet && uniform.at(1, 1, 2).isNet);
        input.interventions = {{Intervention::Kind::headOff, "encoder.0.attention", 1, {}}};
        const AttentionMemory off = Looked(config, input).at(0, 1, 2);
        QVERIFY(off.isNet && off.agrees && off.headOff);
        input.interventions = {{Intervention::Kind::replace, "encoder.0.attention.scores", 0, std::vector<float>(2 * 8 * 8, 0.5F)}};
        QVERIFY(!Looked(config, input).at(0, 1, 2).isNet);
        // Replaced queries are asked as they are.
        input.interventions = {{Intervention::Kind::replace, "encoder.0.attention.query", 0, std::vector<float>(2 * 8 * 6, 0.5F)}};
        QVERIFY(Looked(config, input).at(0, 1, 2).agrees);
    }

    void paddingIsNotStored() {
        const Looked look(smallConfig(), {randomTokens(3, 6, 7), {}, {}, {false, false, true, false, true, true}, {}});
        const AttentionMemory memory = look.at(0, 0, 1);
        QCOMPARE(memory.storedCount, 3);
        QVERIFY(memory.hidden[2] && memory.agrees);
        QCOMPARE(memory.weights[4], 0.0);
        const Looked none(smallConfig(), {randomTokens(3, 3, 7), {}, {}, {true, true, true}, {}});
        QVERIFY(!none.at(0, 0, 1).isNet);
    }

private:
    /// Where nothing is said against it the network is the paper's and its energy falls; elsewhere a reason is given.
    static void checkPromises(const AttentionMemory& memory) {
        QCOMPARE(memory.isPlain(), memory.net().isPlain() && memory.differences.empty());
        if (!memory.net().isPlain()) QVERIFY(!memory.differences.empty());
        if (!memory.isPlain()) return;
        const Settling way = memory.net().settle(memory.state);
        for (std::size_t u = 1; u < way.energies.size(); ++u) QVERIFY(way.energies[u] <= way.energies[u - 1] + 1e-9);
    }
};

QTEST_APPLESS_MAIN(AttentionMemoryTest)
#include "attention_memory_test.moc"
