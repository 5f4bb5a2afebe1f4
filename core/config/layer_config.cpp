#include "core/config/layer_config.h"

#include <cmath>

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
    layer.head_dim = model.headDim();
    layer.form = attention.form;
    layer.kernel = attention.kernel.kind;
    layer.features = specOf(layer.kernel).drawn ? attention.features : 0;
    layer.feature_seed = attention.feature_seed;
    layer.pos_dim = attention.pos_dim;
    layer.latent_dim = specOf(attention.form).latent ? *attention.latent_dim : 0;
    layer.qk_norm = attention.qk_norm;
    layer.unit_keys = attention.unit_keys;
    layer.soft_cap = attention.soft_cap;
    layer.sink = attention.sink;
    layer.gate = attention.gate;
    layer.differential = attention.differential && specOf(attention.kernel.kind).scores;
    layer.weight_dropout = attention.dropout;
    layer.max_span = attention.span && specOf(attention.kernel.kind).scores ? attention.max_span.value_or(1) : 0;
    layer.span_ramp = attention.span_ramp;
    layer.span_penalty = attention.span_penalty;
    layer.visibility = Visibility(attention.pattern, causal, attention.mask_diagonal);
}

void setFeedForward(LayerConfig& layer, const ModelConfig& model) {
    layer.activation = model.feed_forward.activation;
    if (!model.hasExperts()) return;
    layer.experts = model.feed_forward.experts;
    layer.chosen = model.feed_forward.top_k;
    layer.balance = model.feed_forward.balance;
}

/// lambda_init of layer l, counted from 0 (Ye et al. 2024, section 2.1, which counts from 1).
double differenceStart(int layer) {
    return 0.8 - 0.6 * std::exp(-0.3 * layer);
}

void withoutPositions(LayerConfig& layer) {
    layer.position = {};
    layer.position.kind = PositionKind::none;
}

/// Where local and global layers take turns.
void setGlobalLayers(std::vector<LayerConfig>& layers, const ModelConfig& model) {
    for (std::size_t i = 0; i < layers.size(); ++i)
        layers[i].visibility =
            Visibility(patternOf(model, static_cast<int>(i)), layers[i].visibility.causal(), model.attention.mask_diagonal);
}

/// Layers come in groups of neighbours, the last of which may be smaller.
void setSharedKeys(std::vector<LayerConfig>& layers, int together) {
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i].keys_back = static_cast<int>(i) % together;
    for (std::size_t i = 1; i < layers.size(); ++i)
        if (layers[i].keys_back > 0) layers[i - static_cast<std::size_t>(layers[i].keys_back)].keys_read = true;
}

}  // namespace

LayerConfig mixingOf(LayerConfig layer) {
    layer.d_model *= layer.max_seq_len;
    layer.d_ff = layer.mixer_width;
    layer.feed_forward_bias = layer.bias;
    return layer;
}

const PatternConfig& patternOf(const ModelConfig& model, int number) {
    static const PatternConfig everything;
    const int every = model.attention.full_every;
    if (number < model.attention.full_first) return everything;
    return every > 0 && (number + 1) % every == 0 ? everything : model.attention.pattern;
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
    layer.position = model.position;
    layer.norm = model.norm;
    setFeedForward(layer, model);
    const AttentionBiasSpec& bias = specOf(model.attention.bias.value_or(model.bias ? AttentionBias::all : AttentionBias::none));
    layer.bias = model.attends() ? bias.inputs : model.bias;
    layer.output_bias = bias.output;
    layer.feed_forward_bias = model.feed_forward.bias.value_or(model.bias);
    layer.parallel = specOf(model.residual).parallel;
    layer.depth = model.depth;
    std::vector<LayerConfig> layers(static_cast<std::size_t>(countOf(model, side)), layer);
    if (model.attends()) setGlobalLayers(layers, model);
    if (model.sharesKeys()) setSharedKeys(layers, model.attention.share_kv);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        setDictionary(layers[i], model, side);
        if (model.position.skip_every > 0 && (static_cast<int>(i) + 1) % model.position.skip_every == 0) withoutPositions(layers[i]);
        if (model.attends() && model.attention.global_projections) layers[i].globals_apart = layers[i].visibility.globalsApart();
        layers[i].tied = i > 0 && specOf(model.depth.kind).tied;
        if (layers[i].differential) layers[i].difference_start = differenceStart(layers[i].tied ? 0 : static_cast<int>(i));
        layers[i].dropped = model.layer_dropout * static_cast<double>(i + 1) / static_cast<double>(layers.size());
    }
    return layers;
}

int sharedKeyChannels(const LayerConfig& layer) {
    if (!specOf(layer.form).latent || !specOf(layer.position.kind).rotates) return 0;
    return layer.position.rope.dims.value_or(layer.head_dim);
}

LayerConfig crossAttentionOf(LayerConfig layer) {
    layer.form = AttentionForm::qkv;
    layer.kernel = KernelKind::softmax;
    layer.features = 0;
    layer.keys_back = 0;
    layer.keys_read = false;
    layer.qk_norm = layer.unit_keys = false;
    layer.soft_cap = 0;
    layer.sink = layer.gate = layer.differential = false;
    layer.max_span = 0;
    layer.visibility = {};
    layer.globals_apart = 0;
    withoutPositions(layer);
    return layer;
}

}  // namespace lab
