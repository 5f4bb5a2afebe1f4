#include "core/pretrained/families/llama_parts.h"

#include <algorithm>

#include "core/pretrained/activation_reader.h"

namespace lab::families {

ModelConfig llamaDecoder(const ConfigReader& config, const LlamaDefaults& defaults) {
    ModelConfig model;
    model.architecture = Architecture::decoder;
    model.vocab_size = config.count("vocab_size", defaults.vocabulary);
    model.d_model = config.count("hidden_size", defaults.width);
    model.num_layers = config.count("num_hidden_layers", defaults.layers);
    model.num_heads = config.count("num_attention_heads", defaults.heads);
    model.num_kv_heads = config.count("num_key_value_heads", defaults.keyHeads.value_or(model.num_heads));
    model.head_dim = config.count("head_dim", defaults.headDim.value_or(std::max(1, model.d_model / model.num_heads)));
    model.d_ff = config.count("intermediate_size", defaults.hidden);
    model.max_seq_len = config.count("max_position_embeddings", defaults.positions);
    model.position.kind = PositionKind::rope;
    model.position.rope = ropeOf(config, *model.head_dim, *model.max_seq_len, defaults.rope);
    model.norm = {NormKind::rms, NormPlacement::pre, config.number("rms_norm_eps", 1e-6)};
    model.bias = false;
    model.feed_forward.activation = activationOf(config, "hidden_act", "silu", true);
    model.output.kind = OutputKind::linear;
    model.output.tied = config.flag("tie_word_embeddings", defaults.tied);
    model.output.bias = false;
    return model;
}

void setWindow(ModelConfig& model, const ConfigReader& config, int window, int fullLayers) {
    if (window < 2) config.refuseValue("sliding_window");
    if (fullLayers >= model.num_layers) return;
    model.attention.pattern.kind = "sliding-window";
    model.attention.pattern.parameters.set("window", window - 1);  // beside the query's own key
    model.attention.full_first = fullLayers;
}

void setQwenWindow(ModelConfig& model, const ConfigReader& config) {
    if (!config.flag("use_sliding_window", false) || !config.has("sliding_window")) return;
    int full = config.count("max_window_layers", 28, 0);
    const std::vector<std::string> kinds = config.texts("layer_types");
    if (!kinds.empty()) {
        const auto first = std::ranges::find(kinds, "sliding_attention");
        full = static_cast<int>(first - kinds.begin());
        const bool known = std::all_of(kinds.begin(), first, [](const std::string& kind) { return kind == "full_attention"; }) &&
                           std::all_of(first, kinds.end(), [](const std::string& kind) { return kind == "sliding_attention"; });
        if (!known || std::ssize(kinds) != model.num_layers) config.refuseValue("layer_types");
    }
    setWindow(model, config, config.count("sliding_window"), full);
}

void nameLlama(const ModelConfig& model, NameTable& table) {
    table.one("token_embedding.weight", {"embed_tokens.weight"});
    for (int i = 0; i < model.num_layers; ++i) {
        const std::string ours = "decoder." + std::to_string(i), theirs = "layers." + std::to_string(i);
        table.same(ours + ".attention.query", theirs + ".self_attn.q_proj");
        table.same(ours + ".attention.key", theirs + ".self_attn.k_proj");
        table.same(ours + ".attention.value", theirs + ".self_attn.v_proj");
        table.same(ours + ".attention.output", theirs + ".self_attn.o_proj");
        table.same(ours + ".attention.query_norm", theirs + ".self_attn.q_norm");
        table.same(ours + ".attention.key_norm", theirs + ".self_attn.k_norm");
        table.turnPart(ours + ".attention", model);
        table.same(ours + ".attention_norm", theirs + ".input_layernorm");
        table.same(ours + ".feed_forward.up", theirs + ".mlp.up_proj");
        table.same(ours + ".feed_forward.gate", theirs + ".mlp.gate_proj");
        table.same(ours + ".feed_forward.down", theirs + ".mlp.down_proj");
        table.same(ours + ".feed_forward_norm", theirs + ".post_attention_layernorm");  // it stands before the feed-forward layer
    }
    table.same("decoder_norm", "norm");
    table.same("output.projection", "lm_head");
    if (model.output.tied) table.copy("token_embedding.weight", "lm_head.weight");
}

}  // namespace lab::families
