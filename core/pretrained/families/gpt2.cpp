#include "core/pretrained/activation_reader.h"
#include "core/pretrained/family.h"

namespace lab::families {
namespace {

constexpr std::string_view gpt2Prefixes[] = {"transformer."};
constexpr std::string_view gpt2Ignored[] = {"h.*.attn.bias", "h.*.attn.masked_bias"};  // masks, despite the name

ModelConfig gpt2Model(const ConfigReader& config, const StoredTensors&) {
    config.requireFlag("scale_attn_weights", true);
    config.requireFlag("scale_attn_by_inverse_layer_idx", false);
    config.requireFlag("add_cross_attention", false);
    ModelConfig model;
    model.architecture = Architecture::decoder;
    model.vocab_size = config.count("vocab_size", 50257);
    model.d_model = config.count("n_embd", 768);
    model.num_layers = config.count("n_layer", 12);
    model.num_heads = config.count("n_head", 12);
    model.d_ff = config.count("n_inner", 4 * model.d_model);
    model.max_seq_len = config.count("n_positions", 1024);
    model.position.kind = PositionKind::learned;
    model.norm = {NormKind::layer, NormPlacement::pre, config.number("layer_norm_epsilon", 1e-5)};
    model.feed_forward.activation = activationOf(config, "activation_function", "gelu_new");
    model.output.kind = OutputKind::linear;
    model.output.tied = config.flag("tie_word_embeddings", true);
    model.output.bias = false;
    return model;
}

void nameGpt2(const ModelConfig& model, NameTable& table) {
    table.one("token_embedding.weight", {"wte.weight"});
    table.one("position_embedding.weight", {"wpe.weight"});
    for (int i = 0; i < model.num_layers; ++i) {
        const std::string ours = "decoder." + std::to_string(i), theirs = "h." + std::to_string(i);
        table.fused({ours + ".attention.query", ours + ".attention.key", ours + ".attention.value"}, theirs + ".attn.c_attn", 1, true);
        table.transposed(ours + ".attention.output", theirs + ".attn.c_proj");
        table.same(ours + ".attention_norm", theirs + ".ln_1");
        table.transposed(ours + ".feed_forward.up", theirs + ".mlp.c_fc");
        table.transposed(ours + ".feed_forward.down", theirs + ".mlp.c_proj");
        table.same(ours + ".feed_forward_norm", theirs + ".ln_2");
    }
    table.same("decoder_norm", "ln_f");
    table.same("output.projection", "lm_head");
    if (model.output.tied) table.copy("token_embedding.weight", "lm_head.weight");
}

}  // namespace

/// Radford 2019.
extern const Family gpt2;
constinit const Family gpt2{"gpt2", "GPT-2", gpt2Prefixes, gpt2Ignored, gpt2Model, nameGpt2};

}  // namespace lab::families
