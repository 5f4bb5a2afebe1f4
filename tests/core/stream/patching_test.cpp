#include <QTest>

#include "core/base/errors.h"
#include "core/stream/patching.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// Restoring parts of a clean run in a corrupted one brings back nothing, all of the answer, or what a slow second way says.
class PatchingTest : public QObject {
    Q_OBJECT

    static Input corruptedOf(const StreamCase& c) {
        Input input = c.input;
        if (c.model.config().readsVectors())
            for (float& x : input.vectors) x = -x;
        else
            for (int& token : input.tokens) token = (token + 1) % *c.model.config().vocab_size;
        return input;
    }
    /// Everything that adds to the stream, embeddings included.
    static std::vector<PatchSite> everySum(const StreamCase& c) {
        std::vector<PatchSite> sites{{"embedding", -1, -1}};
        if (!c.input.targetTokens.empty()) sites.push_back({"target_embedding", -1, -1});
        for (const PatchPart part : {PatchPart::attention, PatchPart::feed_forward})
            for (PatchSite site : patchGrid(c.model, part, c.input).sites) {
                site.position = -1;
                if (!site.tensor.empty()) sites.push_back(site);
            }
        return sites;
    }

private slots:
    void nothingIsNoneAndTheWholeStreamIsAll_data() {
        QTest::addColumn<int>("index");
        const auto forms = formsWithStream();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void nothingIsNoneAndTheWholeStreamIsAll() {
        QFETCH(int, index);
        const StreamCase c(formsWithStream()[static_cast<std::size_t>(index)]);
        const StreamRuns runs(c.model, c.weights);
        const Input corrupted = corruptedOf(c);
        const bool looksUp = specOf(c.model.config().dictionary.kind).lookedUp;
        std::optional<Patching> patching;
        try {
            patching.emplace(runs, c.input, corrupted, PatchQuestion{3, 1, 0});
        } catch (const InputError&) {
            // A bottleneck's code may be the same for both, and what a dictionary finds; then there is nothing to bring back.
            QVERIFY(c.model.config().hasBottleneck() || looksUp);
            return;
        }
        QCOMPARE(patching->recovered({}), 0.0);
        QCOMPARE(patching->recovered(everySum(c)), 1.0);
        const PatchGrid grid = patchGrid(c.model, PatchPart::stream, c.input);
        for (const PatchGrid::Row& row : grid.rows) {
            const auto r = static_cast<int>(&row - grid.rows.data());
            if (row.side == "decoder" && !c.input.targetTokens.empty()) continue;  // what differs is on the other side
            const bool sharesKeys = c.model.config().attention.share_kv > 1;       // later layers read keys of earlier states
            if (looksUp || (sharesKeys && row.layer >= 0)) continue;               // or a dictionary that the stream has no part in
            PatchSite whole = grid.at(r, 0);
            whole.position = -1;
            QCOMPARE(patching->recovered({whole}), 1.0);
            std::vector<PatchSite> all;
            for (int p = 0; p < grid.columns; ++p)
                if (!grid.at(r, p).tensor.empty()) all.push_back(grid.at(r, p));
            QCOMPARE(patching->recovered(all), 1.0);
        }
        for (const PatchPart part : {PatchPart::head, PatchPart::weights, PatchPart::values})
            for (const PatchSite& site : patchGrid(c.model, part, c.input).sites)
                if (!site.tensor.empty()) QVERIFY(std::isfinite(patching->recovered({site})));
    }

    void aRunGoesOnFromAnyBlock_data() { nothingIsNoneAndTheWholeStreamIsAll_data(); }
    void aRunGoesOnFromAnyBlock() {
        QFETCH(int, index);
        const StreamCase c(formsWithStream()[static_cast<std::size_t>(index)]);
        if (!c.model.network().blocksStandAlone()) QSKIP("its blocks read more than the stream");
        const StreamRuns runs(c.model, c.weights);
        KeepingTap whole(c.input, [](const std::string& name) { return name.ends_with(".residual"); });
        const std::vector<float> logits = runs.logits(c.input, whole);
        KeepingTap rest(c.input, [](const std::string& name) { return name.ends_with(".residual"); });
        const std::string side = std::string(nameOf(answeringSide(c.model.config()))) + ".";
        for (int block = 1; block < c.model.config().num_layers; ++block) {
            const std::vector<float>& stream = whole.kept.at(side + std::to_string(block - 1) + ".residual").values;
            QVERIFY(runs.logitsFrom(c.input, block, stream, rest) == logits);
        }
        QVERIFY(!rest.kept.contains(side + "0.residual"));
    }

    void aSiteIsWhatAnEditedTensorSays() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        const Input corrupted = corruptedOf(c);
        const Patching patching(runs, c.input, corrupted, {3, 1, 0});
        const Trace clean = c.model.trace(c.weights, c.input), dirty = c.model.trace(c.weights, corrupted);
        const std::string name = "encoder.0.attention.head_output";
        Tensor edited = dirty.at(name);
        const std::int64_t size = edited.extent(1) * edited.extent(2);
        std::copy_n(clean.at(name).values.begin() + size, size, edited.values.begin() + size);
        Input input = corrupted;
        input.interventions.push_back({Intervention::Kind::replace, name, 0, edited.values});
        QCOMPARE(patching.patchedLogits({{name, 1, -1}}), c.model.trace(c.weights, input).at("logits").values);
        const auto logit = [](const Trace& t, std::size_t k) { return static_cast<double>(t.at("logits").values[3 * 5 + k]); };
        QCOMPARE(patching.clean(), logit(clean, 1) - logit(clean, 0));
        QCOMPARE(patching.corrupted(), logit(dirty, 1) - logit(dirty, 0));
    }

    void weightsAndValuesTogetherAreTheHead() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        const Patching patching(runs, c.input, corruptedOf(c), {3, 1, 0});
        const double both = patching.recovered({{"encoder.0.attention.weights", 1, -1}, {"encoder.0.attention.value", 1, -1}});
        QCOMPARE(both, patching.recovered({{"encoder.0.attention.head_output", 1, -1}}));
    }

    void probabilityIsMeasuredToo() {
        const StreamCase c({"qkv", smallConfig()});
        const Patching patching(StreamRuns(c.model, c.weights), c.input, corruptedOf(c), {2, 3});
        QVERIFY(patching.clean() > 0 && patching.clean() < 1);
        double sum = 0;
        for (int answer = 0; answer < 5; ++answer) sum += PatchQuestion{2, answer}.measure(patching.cleanLogits(), 5);
        QVERIFY(std::abs(sum - 1.0) < 1e-12);
    }

    /// With one layer before it and nothing in between a path is what the head does through that input alone; all paths of a linear model
    /// without later parts together are the whole effect of the head.
    void aPathThatEndsNowhereElseIsTheHeadsEffect() {
        ModelConfig config = smallConfig();
        config.norm = {NormKind::none, NormPlacement::pre, 1e-5};
        config.d_ff = 0;
        config.num_heads = 1;
        config.num_kv_heads = 1;
        const StreamCase c({"one head", config});
        const StreamRuns runs(c.model, c.weights);
        const Patching patching(runs, c.input, corruptedOf(c), {3, 1, 0});
        // Query, key and value of the second layer all reached, and the direct way to the logits: nothing else is left of the head.
        const Trace clean = c.model.trace(c.weights, c.input), dirty = c.model.trace(c.weights, corruptedOf(c));
        Input input = corruptedOf(c);
        input.interventions.push_back(
            {Intervention::Kind::replace, "encoder.0.attention.head_output", 0, clean.at("encoder.0.attention.head_output").values});
        const Trace headIn = c.model.trace(c.weights, input);
        for (const PathEnd end : {PathEnd::query, PathEnd::key, PathEnd::value}) {
            const std::string name = "encoder.1.attention." + std::string(nameOf(end));
            Input slow = corruptedOf(c);
            slow.interventions.push_back({Intervention::Kind::replace, name, 0, headIn.at(name).values});
            const double expected = patching.recoveredOf(c.model.trace(c.weights, slow).at("logits").values);
            QCOMPARE(patching.recoveredByPath({0, 0}, {1, 0}, end), expected);
            QVERIFY(expected != 0.0);
        }
    }

    void refusesWhatCannotBeCompared() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        QVERIFY_THROWS_EXCEPTION(InputError, Patching(runs, c.input, c.input, {3, 1, 0}));
        Input shorter = corruptedOf(c);
        shorter.tokens.pop_back();
        shorter.targets.pop_back();
        QVERIFY_THROWS_EXCEPTION(InputError, Patching(runs, c.input, shorter, {3, 1, 0}));
        QVERIFY_THROWS_EXCEPTION(InputError, Patching(runs, c.input, corruptedOf(c), {7, 1, 0}));
        QVERIFY_THROWS_EXCEPTION(InputError, Patching(runs, c.input, corruptedOf(c), {0, 5, 0}));
        const Patching patching(runs, c.input, corruptedOf(c), {3, 1, 0});
        QVERIFY_THROWS_EXCEPTION(InputError, patching.recoveredByPath({1, 0}, {0, 0}, PathEnd::key));
        QVERIFY_THROWS_EXCEPTION(InputError, patching.recoveredByPath({0, 2}, {1, 0}, PathEnd::key));
    }
};

QTEST_APPLESS_MAIN(PatchingTest)
#include "patching_test.moc"
