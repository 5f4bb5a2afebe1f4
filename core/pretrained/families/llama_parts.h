#pragma once

#include "core/pretrained/family.h"
#include "core/pretrained/rope_reader.h"

// What Llama and its descendants have in common: RMS norm before each part, rotations, gated feed-forward layers, shared key-value heads.

namespace lab::families {

/// Where the descendants' own programs differ when a key is absent.
struct LlamaDefaults {
    int vocabulary = 32000, width = 4096, hidden = 11008, layers = 32, heads = 32;
    std::optional<int> keyHeads = {};  ///< as many as heads
    std::optional<int> headDim = {};   ///< width / heads
    int positions = 2048;
    bool tied = false;
    RopeDefaults rope = {};
};

/// Without biases.
ModelConfig llamaDecoder(const ConfigReader& config, const LlamaDefaults& defaults);
/// Layers that see the whole text come first, those with a window behind them. `window`: keys with itself.
void setWindow(ModelConfig& model, const ConfigReader& config, int window, int fullLayers);
/// As Qwen says which of its layers have a window.
void setQwenWindow(ModelConfig& model, const ConfigReader& config);

void nameLlama(const ModelConfig& model, NameTable& table);

inline constexpr std::string_view llamaPrefixes[] = {"model."};
inline constexpr std::string_view llamaIgnored[] = {"*rotary_emb.inv_freq", "rope_freqs.weight"};

}  // namespace lab::families
