#pragma once

#include <filesystem>
#include <string>

#include "core/config/experiment.h"
#include "core/io/safetensors.h"
#include "core/optimizers/training_state.h"
#include "core/tensor/parameter_layout.h"

// Adapters apart from the model that they were trained on (FORMATS.md 2): a small file, which names that model and what its weights are.

namespace lab {

/// What of a file's metadata says that it holds adapters alone.
constexpr const char* adaptersKey = "attention_lab.adapters";

/// SHA-256 of all parameters' numbers in the layout's order, little-endian floats without the gaps.
std::string hashOf(const ParameterLayout& layout, const Weights& weights);

/// What a file of adapters holds; where they belong is known once the model is.
struct AdapterFile {
    std::string file;       ///< for messages
    Experiment experiment;  ///< that they were trained by, resolved
    std::string origin;     ///< name of the model that they were trained on
    std::string originHash;
    std::int64_t step = 0;
    NamedTensors tensors;
};

/// Writes the adapters of a state that has some. All or nothing. `origin`: what people call the model. Throws InputError.
void writeAdapters(const std::filesystem::path& path, const Experiment& experiment, const ParameterLayout& layout,
                   const TrainingState& state, const std::string& origin);
/// Throws InputError naming the file: no adapters in it, or impossible ones.
AdapterFile readAdapters(const std::filesystem::path& path);
/// The origin's weights with what the adapters add. Throws InputError when these are not the weights that they were trained on, or a tensor
/// is missing, of another shape or superfluous.
Weights mergedWith(const AdapterFile& adapters, const ParameterLayout& layout, Weights origin);
/// The settings of a model whose adapters are in its weights.
Experiment afterMerging(Experiment experiment);

}  // namespace lab
