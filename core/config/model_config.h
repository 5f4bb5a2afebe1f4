#pragma once

#include <cstdint>
#include <optional>

#include "core/bottlenecks/bottleneck.h"
#include "core/config/activation.h"
#include "core/config/architecture.h"
#include "core/config/attention_bias.h"
#include "core/config/attention_form.h"
#include "core/config/depth_kind.h"
#include "core/config/dictionary_kind.h"
#include "core/config/feed_forward_kind.h"
#include "core/config/initialisation.h"
#include "core/config/kernel_kind.h"
#include "core/config/mixer_kind.h"
#include "core/config/norm_kind.h"
#include "core/config/output_kind.h"
#include "core/config/position_kind.h"
#include "core/config/residual_kind.h"
#include "core/config/rope_config.h"
#include "core/patterns/pattern.h"
#include "core/tasks/input_kind.h"
#include "core/tasks/loss_kind.h"
#include "core/tasks/readout.h"

// What the model is, as plain data. Members bear the names of the JSON keys, which are the field's own. An empty optional is a derived
// value that resolved() fills in.

namespace lab {

struct KernelConfig {
    KernelKind kind = KernelKind::softmax;
};

struct MixerConfig {
    MixerKind kind = MixerKind::attention;
    std::optional<int> width;  ///< feed-forward: as many parameters as attention has
};

struct DepthConfig {
    DepthKind kind = DepthKind::layers;
    double epsilon = 0.01;      ///< act: of 1, how much is left when a position halts
    double ponder = 0.01;       ///< act: tau, what a step costs
    double halting_bias = 1.0;  ///< act: b at the start
};

struct AttentionConfig {
    AttentionForm form = AttentionForm::qkv;
    int pos_dim = 10;               ///< kv+pos
    std::optional<int> latent_dim;  ///< latent: d_model / 4
    int share_kv = 1;               ///< layers of a side that read the keys and values of the first of them
    KernelConfig kernel;
    int features = 64;               ///< of a kernel that draws them
    std::uint64_t feature_seed = 1;  ///< makes them
    PatternConfig pattern;
    bool global_projections = false;         ///< longformer
    int full_every = 0;                      ///< each so-manyth layer of a side sees everything; 0: the pattern holds in all
    int full_first = 0;                      ///< so many layers of a side, its first, see everything
    std::optional<AttentionBias> bias = {};  ///< model.bias
    bool mask_diagonal = false;
    bool qk_norm = false;
    bool unit_keys = false;
    double soft_cap = 0.0;  ///< 0: none
    bool sink = false;
    bool gate = false;
    bool differential = false;
    double dropout = 0.0;  ///< of weights
    bool span = false;
    std::optional<int> max_span;  ///< max_seq_len
    double span_ramp = 8.0;
    double span_penalty = 0.0;
    double span_start = 0.0;
};

/// Whether weights are shares: none below 0, a row together 1 (with a sink at most). Of self-attention; cross-attention's always are.
inline bool weightsAreShares(const AttentionConfig& attention) {
    return specOf(attention.kernel.kind).rowsSumToOne && !(attention.differential && specOf(attention.kernel.kind).scores);
}

struct PositionConfig {
    PositionKind kind = PositionKind::sinusoidal;
    RopeConfig rope;
    int buckets = 32;        ///< relative-bias
    int max_distance = 128;  ///< relative-bias
    int skip_every = 0;      ///< each so-manyth layer of a side has no position terms; 0: all have
};

struct NormConfig {
    NormKind kind = NormKind::layer;
    NormPlacement placement = NormPlacement::post;
    double epsilon = 1e-5;
};

struct FeedForwardConfig {
    Activation activation = Activation::relu;
    std::optional<bool> bias = {};  ///< model.bias
    FeedForwardKind kind = FeedForwardKind::dense;
    int experts = 4;
    int top_k = 2;
    double balance = 0.01;  ///< weight of the loss that spreads the choices over the experts
};

struct DictionaryConfig {
    DictionaryKind kind = DictionaryKind::none;
    std::optional<int> entry;  ///< tokens of an entry, its word last: from the task
};

struct OutputConfig {
    OutputKind kind = OutputKind::mlp;
    bool tied = false;
    bool bias = true;
    std::optional<LossKind> loss = {};  ///< from the task
    bool tied_bias = false;             ///< a tied one has a bias of its own
};

struct ModelConfig {
    Architecture architecture = Architecture::encoder;
    std::optional<InputKind> input;  ///< from the task
    std::optional<int> input_dim;    ///< of vectors: from the task
    bool class_token = false;        ///< of vectors: a learned one stands before them
    std::optional<Readout> readout;  ///< of vectors: from the class token or the task
    std::optional<int> vocab_size;   ///< from the task; of vectors 1, with a class token 2
    std::optional<int> num_classes;  ///< from the task
    int d_model = 32;
    int num_layers = 2;
    std::optional<int> num_decoder_layers;  ///< num_layers
    int num_heads = 2;
    std::optional<int> num_kv_heads;   ///< num_heads
    std::optional<int> head_dim;       ///< d_model / num_heads
    std::optional<int> embedding_dim;  ///< d_model; another width has a map to d_model behind it
    std::optional<int> d_ff;           ///< 2 d_model; 0: there is no feed-forward layer
    std::optional<int> max_seq_len;    ///< from the task; a limit where isBounded()
    DepthConfig depth;
    MixerConfig mixer;
    AttentionConfig attention;
    PositionConfig position;
    NormConfig norm;
    FeedForwardConfig feed_forward;
    double dropout = 0.0;
    double layer_dropout = 0.0;  ///< of the last layer's parts, of the others in proportion
    bool bias = true;
    bool embedding_bias = false;
    bool embedding_norm = false;
    int segments = 0;  ///< rows of a table of vectors, one of which is added to each token by the sentence it stands in; 0: none
    std::optional<int> segment_end = {};  ///< the token that ends a segment
    ResidualKind residual = ResidualKind::serial;
    Initialisation init = Initialisation::paper;
    double init_scale = 0.2;          ///< slots
    std::optional<double> init_step;  ///< gradient-descent: eta / N, from the task
    OutputConfig output;
    DictionaryConfig dictionary;
    BottleneckConfig bottleneck;

    /// Sequences are of vectors; their ids (Sample::tokens) are vectorToken and classToken. `input` resolved.
    bool readsVectors() const { return input == InputKind::vectors; }
    /// Outputs are numbers, not logits of classes. `output.loss` resolved.
    bool answersNumbers() const { return output.loss == LossKind::squared; }
    bool hasFeedForward() const { return d_ff != 0; }
    /// A router chooses, row by row, among several feed-forward layers.
    bool hasExperts() const { return hasFeedForward() && specOf(feed_forward.kind).routed; }
    bool attends() const { return specOf(mixer.kind).attends; }
    /// A decoder's blocks look at the encoder's output by attention of their own.
    bool crossAttends() const { return specOf(architecture).twoSides() && !specOf(dictionary.kind).lookedUp; }
    /// A decoder's blocks look at the slots of a code instead of the encoder's tokens.
    bool hasBottleneck() const { return specOf(architecture).twoSides() && bottleneck.exists(); }
    /// Some layers have neither keys nor values of their own: they read another layer's.
    bool sharesKeys() const {
        return attends() && attention.share_kv > 1 && (num_layers > 1 || num_decoder_layers.value_or(num_layers) > 1);
    }
    /// No sequence may be longer than max_seq_len: a table of positions ends there, or the net that mixes them.
    bool isBounded() const { return specOf(position.kind).learnedTable || !attends(); }
    /// num_heads is not checked where nothing attends.
    int headDim() const { return head_dim.value_or(attends() ? d_model / num_heads : d_model); }
};

}  // namespace lab
