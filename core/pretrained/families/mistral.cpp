#include "core/pretrained/families/llama_parts.h"

#include <nlohmann/json.hpp>

namespace lab::families {
namespace {

ModelConfig mistralModel(const ConfigReader& config, const StoredTensors&) {
    ModelConfig model = llamaDecoder(config, {.hidden = 14336, .keyHeads = 8, .positions = 131072});
    const bool everything = config.json().contains("sliding_window") && !config.has("sliding_window");  // null
    if (!everything) setWindow(model, config, config.count("sliding_window", 4096), 0);
    return model;
}

}  // namespace

/// Jiang 2023, arXiv 2310.06825.
extern const Family mistral;
constinit const Family mistral{"mistral", "Mistral", llamaPrefixes, llamaIgnored, mistralModel, nameLlama};

}  // namespace lab::families
