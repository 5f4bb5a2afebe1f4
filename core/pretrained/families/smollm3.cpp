#include "core/pretrained/families/llama_parts.h"

namespace lab::families {
namespace {

/// Layers without rotation come at equal distances.
int layersWithoutRotation(const ModelConfig& model, const ConfigReader& config) {
    const std::vector<int> rotate = config.counts("no_rope_layers");
    if (rotate.empty()) return config.count("no_rope_layer_interval", 4);
    const auto still = static_cast<int>(std::find(rotate.begin(), rotate.end(), 0) - rotate.begin());
    const int every = still == std::ssize(rotate) ? 0 : still + 1;
    for (int i = 0; i < std::ssize(rotate); ++i)
        if ((rotate[static_cast<std::size_t>(i)] == 0) != (every > 0 && (i + 1) % every == 0)) config.refuseValue("no_rope_layers");
    if (std::ssize(rotate) != model.num_layers) config.refuseValue("no_rope_layers");
    return every;
}

ModelConfig smollm3Model(const ConfigReader& config, const StoredTensors&) {
    ModelConfig model = llamaDecoder(config, {.vocabulary = 128256,
                                              .width = 2048,
                                              .hidden = 11008,
                                              .layers = 36,
                                              .heads = 16,
                                              .keyHeads = 4,
                                              .positions = 32768,
                                              .tied = true,
                                              .rope = {.theta = 2e6}});
    if (config.flag("attention_bias", false)) model.attention.bias = AttentionBias::all;
    model.feed_forward.bias = config.flag("mlp_bias", false);
    model.position.skip_every = layersWithoutRotation(model, config);
    setQwenWindow(model, config);
    return model;
}

}  // namespace

/// SmolLM3 (Hugging Face 2025): each fourth layer without rotation.
extern const Family smollm3;
constinit const Family smollm3{"smollm3", "SmolLM3", llamaPrefixes, llamaIgnored, smollm3Model, nameLlama};

}  // namespace lab::families
