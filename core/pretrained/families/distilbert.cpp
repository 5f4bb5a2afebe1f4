#include "core/pretrained/activation_reader.h"
#include "core/pretrained/families/bert_parts.h"

namespace lab::families {
namespace {

constexpr std::string_view distilbertPrefixes[] = {"distilbert."};
constexpr std::string_view distilbertIgnored[] = {"embeddings.position_ids"};

ModelConfig distilbertModel(const ConfigReader& config, const StoredTensors& tensors) {
    ModelConfig model;
    model.architecture = Architecture::encoder;
    model.vocab_size = config.count("vocab_size", 30522);
    model.d_model = config.count("dim", 768);
    model.num_layers = config.count("n_layers", 6);
    model.num_heads = config.count("n_heads", 12);
    model.d_ff = config.count("hidden_dim", 3072);
    model.max_seq_len = config.count("max_position_embeddings", 512);
    model.embedding_norm = true;
    model.position.kind = PositionKind::learned;  // a table is in the file also where it holds sinusoids
    model.norm = {NormKind::layer, NormPlacement::post, 1e-12};
    model.feed_forward.activation = activationOf(config, "activation", "gelu");
    setMaskedWordHead(model, config, tensors.has("vocab_transform.weight"));
    return model;
}

void nameDistilbert(const ModelConfig& model, NameTable& table) {
    table.one("token_embedding.weight", {"embeddings.word_embeddings.weight"});
    table.one("position_embedding.weight", {"embeddings.position_embeddings.weight"});
    table.same("embedding_norm", "embeddings.LayerNorm");
    for (int i = 0; i < model.num_layers; ++i) {
        const std::string ours = "encoder." + std::to_string(i), theirs = "transformer.layer." + std::to_string(i);
        table.same(ours + ".attention.query", theirs + ".attention.q_lin");
        table.same(ours + ".attention.key", theirs + ".attention.k_lin");
        table.same(ours + ".attention.value", theirs + ".attention.v_lin");
        table.same(ours + ".attention.output", theirs + ".attention.out_lin");
        table.same(ours + ".attention_norm", theirs + ".sa_layer_norm");
        table.same(ours + ".feed_forward.up", theirs + ".ffn.lin1");
        table.same(ours + ".feed_forward.down", theirs + ".ffn.lin2");
        table.same(ours + ".feed_forward_norm", theirs + ".output_layer_norm");
    }
    table.same("output.hidden", "vocab_transform");
    table.same("output.norm", "vocab_layer_norm");
    table.same("output.projection", "vocab_projector");
    if (model.output.tied) table.copy("token_embedding.weight", "vocab_projector.weight");
}

}  // namespace

/// Sanh 2019, arXiv 1910.01108.
extern const Family distilbert;
constinit const Family distilbert{"distilbert", "DistilBERT", distilbertPrefixes, distilbertIgnored, distilbertModel, nameDistilbert};

}  // namespace lab::families
