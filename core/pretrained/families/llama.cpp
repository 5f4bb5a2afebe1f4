#include "core/pretrained/families/llama_parts.h"

namespace lab::families {
namespace {

ModelConfig llamaModel(const ConfigReader& config, const StoredTensors&) {
    ModelConfig model = llamaDecoder(config, {});
    if (config.flag("attention_bias", false)) model.attention.bias = AttentionBias::all;
    model.feed_forward.bias = config.flag("mlp_bias", false);
    return model;
}

}  // namespace

/// Touvron 2023, arXiv 2302.13971; Llama 2 and 3, SmolLM and SmolLM2 are the same.
extern const Family llama;
constinit const Family llama{"llama", "Llama", llamaPrefixes, llamaIgnored, llamaModel, nameLlama};

}  // namespace lab::families
