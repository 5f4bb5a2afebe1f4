#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The experiment as plain data (FORMATS.md 1). Members bear the names of the JSON keys, which are the field's own.
// An empty optional is a derived value that resolved() fills in; Model, Dataset and Trainer take resolved experiments only.

namespace lab {

enum class TaskKind { reverse, sort, swap, sub, copy, shift, repeat, pairs };
enum class Architecture { encoder, decoder, encoder_decoder };
enum class AttentionForm { qkv, kv, kv_pos, q_kv };
enum class KernelKind { softmax, linear, performer };
enum class PatternKind { full, sliding_window, longformer, strided, bigbird };
enum class PositionKind { none, sinusoidal, learned, rope, alibi };
enum class RopePairing { half, interleaved };
enum class RopeScalingKind { none, linear, ntk, yarn, longrope, llama3 };
enum class NormKind { layer, rms };
enum class NormPlacement { post, pre };
enum class Activation { relu, gelu, gelu_tanh, swiglu };
enum class Initialisation { paper, gpt2, xavier };
enum class OutputKind { linear, mlp };
enum class OptimizerKind { adam, adamw, sgd };
enum class ScheduleKind { constant, linear_warmup, cosine_warmup, noam };

struct TaskConfig {
    TaskKind kind = TaskKind::reverse;
    int seq_len = 16;
    int vocab_size = 10;
    int train_size = 50000;
    std::optional<int> validation_size;  ///< 1000 for built-in tasks; pairs: 0 when shuffle is false, a tenth of the lines otherwise
    int test_size = 10000;
    std::uint64_t seed = 42;
    std::string path;             ///< pairs: relative to the experiment file
    std::string validation_path;  ///< pairs: optional
};

struct KernelConfig {
    KernelKind kind = KernelKind::softmax;
    int features = 64;       ///< performer
    std::uint64_t seed = 1;  ///< performer
};

struct PatternConfig {
    PatternKind kind = PatternKind::full;
    std::optional<int> window;          ///< sliding-window, longformer, strided, bigbird
    std::optional<int> globals;         ///< longformer, bigbird
    std::optional<int> stride;          ///< strided
    std::optional<int> randoms;         ///< bigbird
    std::optional<std::uint64_t> seed;  ///< bigbird
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

struct OptimizerConfig {
    OptimizerKind kind = OptimizerKind::adam;
    double learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.0;  ///< adamw
    double momentum = 0.9;      ///< sgd
};

struct ScheduleConfig {
    ScheduleKind kind = ScheduleKind::cosine_warmup;
    int warmup_steps = 5;
};

struct TrainingConfig {
    std::uint64_t seed = 42;
    int steps = 1000;
    int batch_size = 128;
    bool shuffle = true;
    OptimizerConfig optimizer;
    ScheduleConfig schedule;
    double clip_norm = 5.0;
    int validate_every = 100;
    double pace = 0.0;  ///< steps a second at which the window starts it; 0 = full speed
};

struct Experiment {
    std::string name;
    std::string about;
    TaskConfig task;
    ModelConfig model;
    TrainingConfig training;
};

}  // namespace lab
