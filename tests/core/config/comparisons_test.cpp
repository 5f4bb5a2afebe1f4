#include "core/config/comparisons.h"

#include <QtTest>
#include <algorithm>
#include <set>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"

using namespace lab;

class ComparisonsTest : public QObject {
    Q_OBJECT

private slots:
    void allCanBeTrained();
    void theClassicOnesAreThere();
    void variantsDifferInWhatTheyAreNamedAfterOnly();
    void aWrongTextIsRefused();
};

void ComparisonsTest::allCanBeTrained() {
    for (const ClassicComparison& comparison : comparisons()) {
        QVERIFY2(!comparison.about.empty(), comparison.key.c_str());
        QVERIFY(comparison.variants.size() >= 2);
        std::set<std::string> names;
        for (const Experiment& variant : comparison.variants) {
            validate(resolved(variant));
            QCOMPARE(variant.about, comparison.about);
            names.insert(variant.name);
        }
        QCOMPARE(names.size(), comparison.variants.size());
    }
}

void ComparisonsTest::theClassicOnesAreThere() {
    std::vector<std::string> keys;
    for (const ClassicComparison& comparison : comparisons()) keys.push_back(comparison.key);
    const std::vector<std::string> expected{
        "forms",  "kv-heads",         "positions", "norms",       "kernels", "windows",         "mixers",
        "vision", "steps-in-context", "induction", "bottlenecks", "depth",   "kernels-in-time", "projections",
        "memory", "patterns",         "lengths",   "experts",     "cache"};
    QCOMPARE(keys, expected);
}

void ComparisonsTest::variantsDifferInWhatTheyAreNamedAfterOnly() {
    const std::vector<std::set<std::string>> allowed{
        {"model.attention.form"},
        {"model.num_kv_heads"},
        {"model.position.kind"},
        {"model.norm.placement"},
        {"model.attention.kernel"},
        {"model.attention.pattern.kind", "model.attention.pattern.window"},
        {"model.mixer.kind", "model.mixer.width", "model.max_seq_len", "model.position.kind"},
        {"model.attention.form", "model.attention.pos_dim"},
        {"model.num_layers", "model.attention.kernel", "model.init_scale", "training.optimizer.learning_rate"},
        {"task.period", "model.num_layers"},
        {"model.bottleneck.kind", "model.bottleneck.slots", "model.bottleneck.levels", "model.bottleneck.count", "model.bottleneck.codes",
         "model.bottleneck.dim", "model.bottleneck.usage", "training.optimizer.learning_rate"},
        {"model.num_layers", "model.depth.kind", "model.depth.ponder"},
        {"model.attention.kernel", "model.attention.features"},
        {"model.attention.form", "model.num_kv_heads", "model.attention.mask_diagonal", "model.attention.share_kv"},
        {"model.num_layers", "model.attention.pattern.kind", "model.attention.pattern.memory", "model.attention.pattern.segment"},
        {"model.attention.pattern.kind", "model.attention.pattern.window", "model.attention.pattern.dilation", "model.attention.full_every",
         "model.attention.pattern.buckets", "model.attention.pattern.rounds", "model.attention.pattern.chunk",
         "model.attention.pattern.seed"},
        {"model.position.kind"},
        {"model.d_ff", "model.feed_forward.kind", "model.feed_forward.experts", "model.feed_forward.top_k"},
        {"model.attention.form", "model.num_kv_heads", "model.attention.latent_dim"}};
    for (std::size_t i = 0; i < comparisons().size(); ++i)
        for (const Experiment& variant : comparisons()[i].variants)
            for (const std::string& path : differences(comparisons()[i].variants.front(), variant))
                QVERIFY2(allowed[i].contains(path) || path == "name", path.c_str());
}

void ComparisonsTest::aWrongTextIsRefused() {
    QVERIFY_THROWS_EXCEPTION(InputError, parseComparison("{"));
    QVERIFY_THROWS_EXCEPTION(InputError, parseComparison(R"({"name": "x", "about": "y"})"));
    QVERIFY_THROWS_EXCEPTION(
        InputError,
        parseComparison(R"({"name": "x", "about": "y", "experiment": {}, "variants": [{"name": "a", "set": {"model.heads": "2"}}]})"));
}

QTEST_GUILESS_MAIN(ComparisonsTest)
#include "comparisons_test.moc"
