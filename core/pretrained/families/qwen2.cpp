#include "core/pretrained/families/llama_parts.h"

namespace lab::families {
namespace {

ModelConfig qwen2Model(const ConfigReader& config, const StoredTensors&) {
    ModelConfig model = llamaDecoder(config, {.vocabulary = 151936, .hidden = 22016, .keyHeads = 32, .positions = 32768});
    model.attention.bias = AttentionBias::qkv;
    setQwenWindow(model, config);
    return model;
}

}  // namespace

/// Qwen 2 and 2.5 (Yang 2024, arXiv 2407.10671).
extern const Family qwen2;
constinit const Family qwen2{"qwen2", "Qwen2", llamaPrefixes, llamaIgnored, qwen2Model, nameLlama};

}  // namespace lab::families
