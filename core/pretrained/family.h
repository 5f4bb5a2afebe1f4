#pragma once

#include <span>
#include <string_view>

#include "core/config/model_config.h"
#include "core/pretrained/config_json.h"
#include "core/pretrained/name_table.h"

namespace lab {

/// A family of models of other programs: one file in families/, one row. Its keys and defaults are those of the transformers library, whose
/// config.json it reads.
struct Family {
    std::string_view name;   ///< the "model_type" of its config.json
    std::string_view title;  ///< as people call it
    /// What may stand before all names, outermost first.
    std::span<const std::string_view> prefixes = {};
    /// Tensors that the maps do not need; * stands for anything.
    std::span<const std::string_view> ignored = {};
    /// Derived values may be left open. Throws InputError naming file and key of what this program does not have.
    ModelConfig (*model)(const ConfigReader& config, const StoredTensors& tensors) = nullptr;
    /// Names its tensors for our parameters; `model` resolved.
    void (*names)(const ModelConfig& model, NameTable& table) = nullptr;

    static std::span<const Family* const> table();
};

/// Null when there is none.
const Family* findFamily(std::string_view modelType);

/// A tensor's name without what stands before all names.
std::string plainName(const Family& family, std::string_view name);

}  // namespace lab
