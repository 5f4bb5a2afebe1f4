#pragma once

#include <filesystem>
#include <optional>

#include "core/pretrained/stored_tensors.h"

namespace lab {

/// Where the parts of a downloaded model lie.
struct ModelFiles {
    std::filesystem::path gguf;    ///< one file for everything; else
    std::filesystem::path folder;  ///< config.json, tensors and tokenizer
};

/// Whether this is a model of another program by its name and its neighbours: a folder, a .gguf file, a pickle, a file beside a config.json
/// that holds no checkpoint of this program, the name of a model of a hub (which openPretrained refuses, with the way out).
bool looksPretrained(const std::filesystem::path& path);

/// The same of what is there: a folder counts by what lies in it, a name that leads nowhere not at all.
bool holdsPretrained(const std::filesystem::path& path);

/// Throws InputError with the way out: there is no such path (names of hubs are never fetched), a pickle, nothing that is a model.
ModelFiles modelFilesAt(const std::filesystem::path& path);

/// Opens model.safetensors, or the shards that model.safetensors.index.json names, which lie beside it. Throws InputError naming the file:
/// a name that leads elsewhere, a shard that is missing or holds other tensors than the index says.
StoredTensors tensorsIn(const std::filesystem::path& folder);

}  // namespace lab
