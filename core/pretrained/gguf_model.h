#pragma once

#include <filesystem>

#include "core/pretrained/config_json.h"
#include "core/pretrained/stored_tensors.h"

namespace lab {

/// A GGUF file said as a folder would: with the keys, the names of tensors and the tokenizer.json of its family.
struct GgufModel {
    ConfigReader config;
    StoredTensors tensors;
    std::string tokenizer;
};

/// Throws InputError naming file and place: also for an architecture or a tokenizer that is not known.
GgufModel readGguf(const std::filesystem::path& path);

}  // namespace lab
