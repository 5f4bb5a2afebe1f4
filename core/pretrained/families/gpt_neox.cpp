#include "core/pretrained/activation_reader.h"
#include "core/pretrained/family.h"
#include "core/pretrained/rope_reader.h"

namespace lab::families {
namespace {

constexpr std::string_view gptNeoxPrefixes[] = {"gpt_neox."};
constexpr std::string_view gptNeoxIgnored[] = {"layers.*.attention.bias", "layers.*.attention.masked_bias", "*.rotary_emb.inv_freq"};

ModelConfig gptNeoxModel(const ConfigReader& config, const StoredTensors&) {
    ModelConfig model;
    model.architecture = Architecture::decoder;
    model.vocab_size = config.count("vocab_size", 50432);
    model.d_model = config.count("hidden_size", 6144);
    model.num_layers = config.count("num_hidden_layers", 44);
    model.num_heads = config.count("num_attention_heads", 64);
    model.d_ff = config.count("intermediate_size", 24576);
    model.max_seq_len = config.count("max_position_embeddings", 2048);
    model.position.kind = PositionKind::rope;
    model.position.rope = ropeOf(config, model.d_model / model.num_heads, *model.max_seq_len, {.rotatedShare = 0.25});
    model.norm = {NormKind::layer, NormPlacement::pre, config.number("layer_norm_eps", 1e-5)};
    model.residual = config.flag("use_parallel_residual", true) ? ResidualKind::parallel : ResidualKind::serial;
    model.attention.bias = config.flag("attention_bias", true) ? AttentionBias::all : AttentionBias::none;
    model.feed_forward.activation = activationOf(config, "hidden_act", "gelu");
    model.output.kind = OutputKind::linear;
    model.output.tied = config.flag("tie_word_embeddings", false);
    model.output.bias = false;
    return model;
}

void nameGptNeox(const ModelConfig& model, NameTable& table) {
    table.one("token_embedding.weight", {"embed_in.weight"});
    for (int i = 0; i < model.num_layers; ++i) {
        const std::string ours = "decoder." + std::to_string(i), theirs = "layers." + std::to_string(i);
        table.fused({ours + ".attention.query", ours + ".attention.key", ours + ".attention.value"}, theirs + ".attention.query_key_value",
                    model.num_heads);
        table.turnPart(ours + ".attention", model);
        table.same(ours + ".attention.output", theirs + ".attention.dense");
        table.same(ours + ".attention_norm", theirs + ".input_layernorm");
        table.same(ours + ".feed_forward.up", theirs + ".mlp.dense_h_to_4h");
        table.same(ours + ".feed_forward.down", theirs + ".mlp.dense_4h_to_h");
        table.same(ours + ".feed_forward_norm", theirs + ".post_attention_layernorm");
    }
    table.same("decoder_norm", "final_layer_norm");
    table.same("output.projection", "embed_out");
    if (model.output.tied) table.copy("token_embedding.weight", "embed_out.weight");
}

}  // namespace

/// Black 2022, arXiv 2204.06745; Pythia (Biderman 2023, arXiv 2304.01373).
extern const Family gptNeox;
constinit const Family gptNeox{"gpt_neox", "GPT-NeoX", gptNeoxPrefixes, gptNeoxIgnored, gptNeoxModel, nameGptNeox};

}  // namespace lab::families
