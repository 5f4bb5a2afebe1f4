#include <QtTest>

#include <QTemporaryDir>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/io/safetensors.h"
#include "core/pretrained/pretrained_model.h"
#include "core/pretrained/rope_reader.h"
#include "tests/core/pretrained/pretrained_cases.h"

// What the eleven cases have not: keys that are rarer, families without a case.

using namespace lab;
using namespace lab::testing;
using Keys = nlohmann::json;

namespace {

/// A case of which some keys are changed.
PretrainedModel changed(const std::string& name, const Keys& keys) {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    copyCase(name, path);
    Keys config = Keys::parse(readFile(path / "config.json"));
    if (!keys.is_null()) config.update(keys);
    writeText(path / "config.json", config.dump());
    return openPretrained(path);
}

Trace traceOf(const PretrainedModel& opened) {
    Input input;
    input.tokens = {5, 17, 300, 8, 41, 99, 7};
    return opened.model->trace(opened.weights, input);
}

RopeConfig ropeFor(const Keys& keys) {
    return ropeOf(ConfigReader(keys, "config.json"), 16, 4096, {});
}

Tensor drawn(std::mt19937& random, std::vector<std::int64_t> shape) {
    std::normal_distribution<float> normal(0, 0.1F);
    Tensor tensor{std::move(shape), {}, {}};
    std::size_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= static_cast<std::size_t>(extent);
    for (std::size_t i = 0; i < count; ++i) tensor.values.push_back(normal(random));
    return tensor;
}

/// An ALBERT of 12 shared layers with the tokenizer of a BERT.
NamedTensors albertTensors() {
    std::mt19937 random(7);
    NamedTensors tensors;
    const std::int64_t d = 24, e = 12, hidden = 40;
    const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
        tensors.set("albert." + name, drawn(random, std::move(shape)));
    };
    const auto map = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        add(name + ".weight", {out, in}), add(name + ".bias", {out});
    };
    const auto norm = [&](const std::string& name, std::int64_t n) { add(name + ".weight", {n}), add(name + ".bias", {n}); };
    add("embeddings.word_embeddings.weight", {420, e});
    add("embeddings.position_embeddings.weight", {64, e});
    add("embeddings.token_type_embeddings.weight", {2, e});
    norm("embeddings.LayerNorm", e);
    map("encoder.embedding_hidden_mapping_in", d, e);
    const std::string layer = "encoder.albert_layer_groups.0.albert_layers.0.";
    for (const char* name : {"attention.query", "attention.key", "attention.value", "attention.dense"}) map(layer + name, d, d);
    norm(layer + "attention.LayerNorm", d);
    map(layer + "ffn", hidden, d);
    map(layer + "ffn_output", d, hidden);
    norm(layer + "full_layer_layer_norm", d);
    map("pooler", d, d);
    return tensors;
}

}  // namespace

class FamiliesTest : public QObject {
    Q_OBJECT

private slots:
    void albertSharesOneLayer() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        copyCase("bert-bare", path);
        const NamedTensors tensors = albertTensors();
        writeSafetensors(path / "model.safetensors", tensors);
        const Keys config{
            {"model_type", "albert"},  {"vocab_size", 420},        {"embedding_size", 12},    {"hidden_size", 24},
            {"num_hidden_layers", 12}, {"num_attention_heads", 8}, {"intermediate_size", 40}, {"max_position_embeddings", 64}};
        writeText(path / "config.json", config.dump());
        const PretrainedModel opened = openPretrained(path);
        QCOMPARE(opened.experiment.model.num_layers, 12);
        const ParameterLayout& layout = opened.model->layout();
        QVERIFY(layout.find("encoder.11.attention.query.weight") == layout.find("encoder.0.attention.query.weight"));
        const auto same = [&](const char* ours, const char* theirs) {
            const Parameter& own = *layout.find(ours);
            const Tensor& other = tensors.at(std::string("albert.") + theirs);
            return std::equal(other.values.begin(), other.values.end(), at(opened.weights, own));
        };
        QVERIFY(same("embedding_map.weight", "encoder.embedding_hidden_mapping_in.weight"));
        QVERIFY(same("encoder.0.attention.output.weight", "encoder.albert_layer_groups.0.albert_layers.0.attention.dense.weight"));
        QVERIFY(same("encoder.0.feed_forward_norm.bias", "encoder.albert_layer_groups.0.albert_layers.0.full_layer_layer_norm.bias"));
        QVERIFY(traceOf(opened).find("encoder.11.attention.weights"));
    }

    void layersWithoutRotationComeAtTheirPlaces() {
        const PretrainedModel turning = changed("llama-gqa", {}),
                              still = changed("llama-gqa", {{"model_type", "smollm3"}, {"no_rope_layer_interval", 2}});
        QCOMPARE(still.experiment.model.position.skip_every, 2);
        QCOMPARE(changed("llama-gqa", {{"model_type", "smollm3"}, {"no_rope_layers", {1, 0}}}).experiment.model.position.skip_every, 2);
        QCOMPARE(changed("llama-gqa", {{"model_type", "smollm3"}, {"no_rope_layers", {1, 1}}}).experiment.model.position.skip_every, 0);
        const Trace a = traceOf(turning), b = traceOf(still);
        QVERIFY(a.at("decoder.0.attention.weights").values == b.at("decoder.0.attention.weights").values);
        QVERIFY(a.at("decoder.1.attention.weights").values != b.at("decoder.1.attention.weights").values);
    }

    void windowsBeginBehindTheFullLayers() {
        const Keys window{{"use_sliding_window", true}, {"sliding_window", 3}, {"layer_types", nullptr}};
        Keys later = window;
        later["max_window_layers"] = 1;
        const PretrainedModel opened = changed("qwen2", later);
        QCOMPARE(opened.experiment.model.attention.full_first, 1);
        const Trace trace = traceOf(opened);
        QVERIFY(trace.at("decoder.0.attention.weights").values[6 * 7] > 0);         // query 6, key 0
        QCOMPARE(trace.at("decoder.1.attention.weights").values[6 * 7 + 3], 0.0F);  // three keys with its own
        QVERIFY(trace.at("decoder.1.attention.weights").values[6 * 7 + 4] > 0);
        Keys named = window;
        named["layer_types"] = {"full_attention", "sliding_attention"};
        QCOMPARE(changed("qwen2", named).experiment.model.attention.full_first, 1);
        QVERIFY(changed("qwen2", {{"sliding_window", 3}}).experiment.model.attention.pattern.kind == Kind<PatternSpec>());
    }

    void rotationsOfThreeGenerationsAreRead() {
        QCOMPARE(ropeFor(Keys::object()).base, 10000.0);
        QCOMPARE(ropeFor({{"rope_theta", 5e5}}).base, 5e5);
        QCOMPARE(ropeFor({{"rope_theta", 5e5}, {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 7e5}}}}).base, 7e5);
        const RopeConfig dynamic = ropeFor({{"rope_scaling", {{"type", "dynamic"}, {"factor", 4}}}});
        QCOMPARE(dynamic.scaling.kind.name(), std::string_view("dynamic"));
        QCOMPARE(dynamic.scaling.factor, std::optional(4.0));
        QCOMPARE(dynamic.scaling.original_max_seq_len, std::optional(4096));
        const RopeConfig linear = ropeFor({{"rope_scaling", {{"type", "linear"}, {"factor", 4}}}});
        QCOMPARE(linear.scaling.kind.name(), std::string_view("linear"));
        QCOMPARE(linear.scaling.factor, std::optional(4.0));
        const RopeConfig both =
            ropeFor({{"rope_scaling", {{"type", "linear"}, {"rope_type", "yarn"}, {"factor", 4}, {"beta_fast", nullptr}}}});
        QCOMPARE(both.scaling.kind.name(), std::string_view("yarn"));
        QCOMPARE(both.scaling.original_max_seq_len, std::optional(4096));
        QVERIFY(!both.scaling.attention_factor);
        const RopeConfig scaled = ropeFor(
            {{"rope_scaling", {{"rope_type", "yarn"}, {"factor", 8}, {"mscale", 1}, {"mscale_all_dim", 0.5}, {"truncate", false}}}});
        QVERIFY(!scaled.scaling.truncate);
        QVERIFY(std::abs(*scaled.scaling.attention_factor - (0.1 * std::log(8) + 1) / (0.05 * std::log(8) + 1)) < 1e-12);
        const RopeConfig nested = ropeFor({{"rope_parameters", {{"full_attention", {{"rope_type", "default"}, {"rope_theta", 3e5}}}}}});
        QCOMPARE(nested.base, 3e5);
        QCOMPARE(ropeFor({{"partial_rotary_factor", 0.5}}).dims, std::optional(8));
        const std::vector<double> factors(8, 1.5);
        const RopeConfig longer = ropeFor({{"original_max_position_embeddings", 1024},
                                           {"rope_scaling", {{"type", "longrope"}, {"short_factor", factors}, {"long_factor", factors}}}});
        QCOMPARE(longer.scaling.original_max_seq_len, std::optional(1024));
        QCOMPARE(longer.scaling.max_seq_len, std::optional(4096));
    }
};

QTEST_APPLESS_MAIN(FamiliesTest)
#include "families_test.moc"
