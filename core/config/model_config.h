#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/enum_names.h"
#include "core/config/activation.h"
#include "core/config/attention_form.h"
#include "core/patterns/pattern.h"

// What the model is, as plain data. Members bear the names of the JSON keys, which are the field's own. An empty optional is a derived
// value that resolved() fills in.

namespace lab {

enum class Architecture { encoder, decoder, encoder_decoder };
template <>
struct EnumNames<Architecture> {
    static constexpr std::array<std::string_view, 3> names{"encoder", "decoder", "encoder-decoder"};
};

enum class KernelKind { softmax, linear };
template <>
struct EnumNames<KernelKind> {
    static constexpr std::array<std::string_view, 2> names{"softmax", "linear"};
};

enum class PositionKind { none, sinusoidal, learned, rope, alibi };
template <>
struct EnumNames<PositionKind> {
    static constexpr std::array<std::string_view, 5> names{"none", "sinusoidal", "learned", "rope", "alibi"};
};

enum class RopePairing { half, interleaved };
template <>
struct EnumNames<RopePairing> {
    static constexpr std::array<std::string_view, 2> names{"half", "interleaved"};
};

enum class RopeScalingKind { none, linear, ntk, yarn, longrope, llama3 };
template <>
struct EnumNames<RopeScalingKind> {
    static constexpr std::array<std::string_view, 6> names{"none", "linear", "ntk", "yarn", "longrope", "llama3"};
};

enum class NormKind { layer, rms };
template <>
struct EnumNames<NormKind> {
    static constexpr std::array<std::string_view, 2> names{"layer", "rms"};
};

enum class NormPlacement { post, pre };
template <>
struct EnumNames<NormPlacement> {
    static constexpr std::array<std::string_view, 2> names{"post", "pre"};
};

enum class Initialisation { paper, gpt2, xavier };
template <>
struct EnumNames<Initialisation> {
    static constexpr std::array<std::string_view, 3> names{"paper", "gpt2", "xavier"};
};

enum class OutputKind { linear, mlp };
template <>
struct EnumNames<OutputKind> {
    static constexpr std::array<std::string_view, 2> names{"linear", "mlp"};
};

struct KernelConfig {
    KernelKind kind = KernelKind::softmax;
};

struct AttentionConfig {
    AttentionForm form = AttentionForm::qkv;
    int pos_dim = 10;  ///< kv+pos
    KernelConfig kernel;
    PatternConfig pattern;
    bool mask_diagonal = false;
    bool qk_norm = false;
};

struct RopeScalingConfig {
    RopeScalingKind kind = RopeScalingKind::none;
    std::optional<double> factor;             ///< linear, ntk, yarn, llama3
    std::optional<int> original_max_seq_len;  ///< yarn, longrope, llama3
    double beta_fast = 32.0;                  ///< yarn
    double beta_slow = 1.0;                   ///< yarn
    std::optional<int> max_seq_len;           ///< longrope
    std::vector<double> short_factors;        ///< longrope, head_dim / 2 values
    std::vector<double> long_factors;         ///< longrope, head_dim / 2 values
    std::optional<double> low_freq_factor;    ///< llama3
    std::optional<double> high_freq_factor;   ///< llama3
};

struct RopeConfig {
    double base = 10000.0;
    RopePairing pairing = RopePairing::half;
    RopeScalingConfig scaling;
};

struct PositionConfig {
    PositionKind kind = PositionKind::sinusoidal;
    RopeConfig rope;
};

struct NormConfig {
    NormKind kind = NormKind::layer;
    NormPlacement placement = NormPlacement::post;
    double epsilon = 1e-5;
};

struct FeedForwardConfig {
    Activation activation = Activation::relu;
};

struct OutputConfig {
    OutputKind kind = OutputKind::mlp;
    bool tied = false;
    bool bias = true;
};

struct ModelConfig {
    Architecture architecture = Architecture::encoder;
    std::optional<int> vocab_size;   ///< from the task
    std::optional<int> num_classes;  ///< from the task
    int d_model = 32;
    int num_layers = 2;
    std::optional<int> num_decoder_layers;  ///< num_layers
    int num_heads = 2;
    std::optional<int> num_kv_heads;  ///< num_heads
    std::optional<int> d_ff;          ///< 2 d_model
    std::optional<int> max_seq_len;   ///< from the task; limits learned positions only
    AttentionConfig attention;
    PositionConfig position;
    NormConfig norm;
    FeedForwardConfig feed_forward;
    double dropout = 0.0;
    bool bias = true;
    bool embedding_bias = false;
    Initialisation init = Initialisation::paper;
    OutputConfig output;

    int head_dim() const { return d_model / num_heads; }
};

}  // namespace lab
