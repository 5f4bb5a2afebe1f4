#include "core/pretrained/families/bert_parts.h"

#include "core/pretrained/activation_reader.h"

namespace lab::families {

ModelConfig bertEncoder(const ConfigReader& config) {
    config.requireFlag("is_decoder", false);
    config.requireFlag("add_cross_attention", false);
    if (config.text("position_embedding_type", "absolute") != "absolute") config.refuseValue("position_embedding_type");
    ModelConfig model;
    model.architecture = Architecture::encoder;
    model.vocab_size = config.count("vocab_size", 30522);
    model.d_model = config.count("hidden_size", 768);
    model.num_layers = config.count("num_hidden_layers", 12);
    model.num_heads = config.count("num_attention_heads", 12);
    model.d_ff = config.count("intermediate_size", 3072);
    model.max_seq_len = config.count("max_position_embeddings", 512);
    model.segments = config.count("type_vocab_size", 2);
    model.embedding_norm = true;
    model.position.kind = PositionKind::learned;
    model.norm = {NormKind::layer, NormPlacement::post, config.number("layer_norm_eps", 1e-12)};
    model.feed_forward.activation = activationOf(config, "hidden_act", "gelu");
    return model;
}

void setMaskedWordHead(ModelConfig& model, const ConfigReader& config, bool there) {
    model.output.kind = there ? OutputKind::masked_word : OutputKind::none;
    model.output.tied = there && config.flag("tie_word_embeddings", true);
    model.output.tied_bias = model.output.tied;
}

void nameBertEncoder(const ModelConfig& model, NameTable& table, int droppedPositions) {
    table.one("token_embedding.weight", {"embeddings.word_embeddings.weight"});
    table.one("position_embedding.weight", {"embeddings.position_embeddings.weight"}, droppedPositions);
    table.one("segment_embedding.weight", {"embeddings.token_type_embeddings.weight"});
    table.same("embedding_norm", "embeddings.LayerNorm");
    for (int i = 0; i < model.num_layers; ++i) {
        const std::string ours = "encoder." + std::to_string(i), theirs = "encoder.layer." + std::to_string(i);
        for (const char* map : {"query", "key", "value"}) table.same(ours + ".attention." + map, theirs + ".attention.self." + map);
        table.same(ours + ".attention.output", theirs + ".attention.output.dense");
        table.same(ours + ".attention_norm", theirs + ".attention.output.LayerNorm");
        table.same(ours + ".feed_forward.up", theirs + ".intermediate.dense");
        table.same(ours + ".feed_forward.down", theirs + ".output.dense");
        table.same(ours + ".feed_forward_norm", theirs + ".output.LayerNorm");
    }
}

}  // namespace lab::families
