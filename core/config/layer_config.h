#pragma once

#include <vector>

#include "core/config/model_config.h"
#include "core/patterns/visibility.h"

namespace lab {

enum class Side { encoder, decoder };
template <>
struct EnumNames<Side> {
    static constexpr std::array<std::string_view, 2> names{"encoder", "decoder"};
};

/// One layer of a stack: all that its attention, feed-forward and norms ask. It is derived from the model's configuration; nothing but
/// d_model, which is the residual stream's, has to be the same in all layers.
struct LayerConfig {
    int d_model = 0;
    int num_heads = 0;
    int num_kv_heads = 0;
    int head_dim = 0;
    int d_ff = 0;
    int looked_up = 0;    ///< numbers of a dictionary that the feed-forward layer reads behind those of the stream
    int max_seq_len = 1;  ///< as far as tables of positions are kept
    MixerKind mixer = MixerKind::attention;
    int mixer_width = 0;  ///< of the net that mixes positions; 0 with attention
    AttentionForm form = AttentionForm::qkv;
    KernelKind kernel = KernelKind::softmax;
    int pos_dim = 0;
    bool qk_norm = false;
    Visibility visibility;
    PositionConfig position;
    NormConfig norm;
    Activation activation = Activation::relu;
    bool bias = true;
};

/// The net that stands for a layer's attention: its rows are whole sequences, max_seq_len d_model numbers each.
LayerConfig mixingOf(LayerConfig layer);

/// The layers of one side of a resolved model, none where it has no such side.
std::vector<LayerConfig> layersOf(const ModelConfig& model, Side side);

/// A decoder layer's attention to the encoder's output: QKV, softmax, every key, without position terms, whatever the layer itself is.
LayerConfig crossAttentionOf(LayerConfig layer);

}  // namespace lab
