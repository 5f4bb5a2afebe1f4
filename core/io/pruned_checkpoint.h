#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/io/safetensors.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

namespace lab {

/// What a pruned checkpoint says of itself (attention_lab.pruned).
struct PruningNote {
    std::string what;  ///< "heads", "weights"
    std::string by;    ///< "size", "ablation"
    double share = 0;  ///< of the heads or weights that was asked for
    std::int64_t taken = 0, of = 0;
    std::int64_t zeros = 0;  ///< of all the model's weights
    int steps = 0;           ///< trained since
};

/// Writes a checkpoint of floats; `metadata` as metadataOfCopy gives it. All or nothing. Throws InputError when that fails.
void writePruned(const std::filesystem::path& path, Metadata metadata, const ParameterLayout& layout, const Weights& weights,
                 const PruningNote& note);

}  // namespace lab
