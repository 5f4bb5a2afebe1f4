#pragma once

#include <cstdint>
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
    DepthConfig depth;    ///< of the stack
    bool tied = false;    ///< its weights are those of the stack's first layer
    double dropped = 0;   ///< how often a part of it is left out in training
    MixerKind mixer = MixerKind::attention;
    int mixer_width = 0;  ///< of the net that mixes positions; 0 with attention
    AttentionForm form = AttentionForm::qkv;
    KernelKind kernel = KernelKind::softmax;
    int features = 0;                ///< of a kernel that draws them
    std::uint64_t feature_seed = 0;  ///< makes them
    int pos_dim = 0;
    int latent_dim = 0;      ///< of form latent
    int keys_back = 0;       ///< it reads the keys and values of the layer so many before it; 0: it makes its own
    bool keys_read = false;  ///< layers behind it read its keys and values
    bool qk_norm = false;
    bool unit_keys = false;       ///< keys are divided by their lengths
    double soft_cap = 0;          ///< of scores; 0: none
    bool sink = false;            ///< a learned logit of each head joins the softmax's denominator
    bool gate = false;            ///< heads' outputs are multiplied by a sigmoid of the layer's input
    bool differential = false;    ///< heads in pairs mix by the difference of their maps
    double difference_start = 0;  ///< lambda_init
    double weight_dropout = 0;
    int max_span = 0;  ///< the farthest a head can learn to look; 0: heads learn no spans
    double span_ramp = 0, span_penalty = 0;
    Visibility visibility;
    int globals_apart = 0;  ///< first queries that have projections of their own
    PositionConfig position;
    NormConfig norm;
    Activation activation = Activation::relu;
    int experts = 0;          ///< feed-forward layers that a router chooses among; 0: one layer, of every row
    int chosen = 0;           ///< of the experts, for each row
    double balance = 0;       ///< weight of the experts' balance loss
    bool bias = true;         ///< of queries, keys and values, and of the mixer's net
    bool output_bias = true;  ///< of attention's output
    bool feed_forward_bias = true;
    bool parallel = false;  ///< attention and feed-forward read the same stream
};

/// The net that stands for a layer's attention: its rows are whole sequences, max_seq_len d_model numbers each.
LayerConfig mixingOf(LayerConfig layer);

/// Who may be seen in layer `number` of a side, by the model's pattern.
const PatternConfig& patternOf(const ModelConfig& model, int number);

/// The layers of one side of a resolved model, none where it has no such side.
std::vector<LayerConfig> layersOf(const ModelConfig& model, Side side);

/// Channels of a head's key that form latent makes of the token itself, the same in all heads: those that turn.
int sharedKeyChannels(const LayerConfig& layer);

/// A decoder layer's attention to the encoder's output: QKV, softmax, every key, without position terms, whatever the layer itself is; its
/// weights drop out as the layer's do.
LayerConfig crossAttentionOf(LayerConfig layer);

}  // namespace lab
