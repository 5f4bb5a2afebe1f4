#include "core/pretrained/families/llama_parts.h"

namespace lab::families {
namespace {

ModelConfig qwen3Model(const ConfigReader& config, const StoredTensors&) {
    ModelConfig model = llamaDecoder(config, {.vocabulary = 151936, .hidden = 22016, .keyHeads = 32, .headDim = 128, .positions = 32768});
    model.attention.qk_norm = true;
    if (config.flag("attention_bias", false)) model.attention.bias = AttentionBias::all;
    setQwenWindow(model, config);
    return model;
}

}  // namespace

/// Yang 2025, arXiv 2505.09388.
extern const Family qwen3;
constinit const Family qwen3{"qwen3", "Qwen3", llamaPrefixes, llamaIgnored, qwen3Model, nameLlama};

}  // namespace lab::families
