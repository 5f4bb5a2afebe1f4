#include "core/config/layer_config.h"

namespace lab {
namespace {

int countOf(const ModelConfig& model, Side side) {
    const ArchitectureSpec& stacks = specOf(model.architecture);
    if (side == Side::encoder) return stacks.encoder ? model.num_layers : 0;
    if (!stacks.decoder) return 0;
    return stacks.encoder ? *model.num_decoder_layers : model.num_layers;
}

/// An encoder of a dictionary reads each entry by itself; a decoder whose tokens look entries up reads what they found.
void setDictionary(LayerConfig& layer, const ModelConfig& model, Side side) {
    const DictionarySpec& dictionary = specOf(model.dictionary.kind);
    if (side == Side::encoder && dictionary.apart)
        layer.visibility = Visibility({"blocks", {{"block", *model.dictionary.entry}}}, false, model.attention.mask_diagonal);
    if (side == Side::decoder && dictionary.lookedUp) layer.looked_up = model.d_model;
}

void setAttention(LayerConfig& layer, const ModelConfig& model, bool causal) {
    const AttentionConfig& attention = model.attention;
    layer.num_heads = model.num_heads;
    layer.num_kv_heads = *model.num_kv_heads;
    layer.head_dim = model.head_dim();
    layer.form = attention.form;
    layer.kernel = attention.kernel.kind;
    layer.pos_dim = attention.pos_dim;
    layer.qk_norm = attention.qk_norm;
    layer.visibility = Visibility(attention.pattern, causal, attention.mask_diagonal);
}

}  // namespace

LayerConfig mixingOf(LayerConfig layer) {
    layer.d_model *= layer.max_seq_len;
    layer.d_ff = layer.mixer_width;
    return layer;
}

std::vector<LayerConfig> layersOf(const ModelConfig& model, Side side) {
    LayerConfig layer;
    layer.d_model = model.d_model;
    layer.d_ff = *model.d_ff;
    layer.max_seq_len = model.max_seq_len.value_or(1);
    layer.mixer = model.mixer.kind;
    if (model.attends())
        setAttention(layer, model, side == Side::decoder);
    else
        layer.mixer_width = *model.mixer.width;
    setDictionary(layer, model, side);
    layer.position = model.position;
    layer.norm = model.norm;
    layer.activation = model.feed_forward.activation;
    layer.bias = model.bias;
    return std::vector<LayerConfig>(static_cast<std::size_t>(countOf(model, side)), layer);
}

LayerConfig crossAttentionOf(LayerConfig layer) {
    layer.form = AttentionForm::qkv;
    layer.kernel = KernelKind::softmax;
    layer.qk_norm = false;
    layer.visibility = {};
    layer.position = {};
    layer.position.kind = PositionKind::none;
    return layer;
}

}  // namespace lab
