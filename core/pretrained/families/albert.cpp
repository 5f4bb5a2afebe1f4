#include "core/pretrained/families/bert_parts.h"

namespace lab::families {
namespace {

constexpr std::string_view albertPrefixes[] = {"albert."};
constexpr std::string_view albertIgnored[] = {"embeddings.position_ids", "pooler.*", "sop_classifier.*"};

ModelConfig albertModel(const ConfigReader& config, const StoredTensors& tensors) {
    ModelConfig model = bertEncoder(config);
    for (const char* key : {"num_hidden_groups", "inner_group_num"})
        if (config.count(key, 1) != 1) config.refuseValue(key);
    if (!config.has("vocab_size")) model.vocab_size = 30000;
    if (!config.has("hidden_size")) model.d_model = 4096;
    if (!config.has("num_attention_heads")) model.num_heads = 64;
    if (!config.has("intermediate_size")) model.d_ff = 16384;
    if (!config.has("hidden_act")) model.feed_forward.activation = Activation::gelu_tanh;
    model.embedding_dim = config.count("embedding_size", 128);
    model.depth.kind = DepthKind::tied;
    setMaskedWordHead(model, config, tensors.has("predictions.dense.weight"));
    return model;
}

void nameAlbert(const ModelConfig& model, NameTable& table) {
    table.one("token_embedding.weight", {"embeddings.word_embeddings.weight"});
    table.one("position_embedding.weight", {"embeddings.position_embeddings.weight"});
    table.one("segment_embedding.weight", {"embeddings.token_type_embeddings.weight"});
    table.same("embedding_norm", "embeddings.LayerNorm");
    table.same("embedding_map", "encoder.embedding_hidden_mapping_in");
    const std::string ours = "encoder.0", theirs = "encoder.albert_layer_groups.0.albert_layers.0";
    for (const char* map : {"query", "key", "value"}) table.same(ours + ".attention." + map, theirs + ".attention." + map);
    table.same(ours + ".attention.output", theirs + ".attention.dense");
    table.same(ours + ".attention_norm", theirs + ".attention.LayerNorm");
    table.same(ours + ".feed_forward.up", theirs + ".ffn");
    table.same(ours + ".feed_forward.down", theirs + ".ffn_output");
    table.same(ours + ".feed_forward_norm", theirs + ".full_layer_layer_norm");
    table.same("output.hidden", "predictions.dense");
    table.same("output.norm", "predictions.LayerNorm");
    table.one("output.projection.bias", {"predictions.bias", "predictions.decoder.bias"});
    table.one("output.projection.weight", {"predictions.decoder.weight"});
    if (model.output.tied) table.copy("token_embedding.weight", "predictions.decoder.weight");
}

}  // namespace

/// Lan 2019, arXiv 1909.11942: one layer, whose weights all have in common.
extern const Family albert;
constinit const Family albert{"albert", "ALBERT", albertPrefixes, albertIgnored, albertModel, nameAlbert};

}  // namespace lab::families
