#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/config/experiment.h"
#include "core/io/safetensors.h"
#include "core/tensor/quantise.h"

// Checkpoints whose matrices are kept in few bits (FORMATS.md 2). They are read like any other: readCheckpoint, weightsOf.

namespace lab {

/// What a quantised checkpoint says of itself.
struct QuantisationNote {
    const QuantisationScheme* scheme = nullptr;
    std::int64_t step = 0;  ///< of the training that its weights are of
};

/// Nothing for a checkpoint of floats. Throws InputError naming the file when it says something else, or that it is a training state too.
std::optional<QuantisationNote> quantisationOf(const Metadata& metadata, const std::string& file);

/// The tensors as floats; those that belong to no parameter stay as they are. Throws InputError naming the file and the first tensor that
/// is missing, of another shape, or holds a number that the scheme has not.
NamedTensors unpackedTensors(const NamedTensors& tensors, const ParameterLayout& layout, const QuantisationScheme& scheme,
                             const std::string& file);

/// The weights in a tensor file, quantised or not; throws as weightsOf (core/io/checkpoint.h).
Weights weightsOf(const TensorFile& tensors, const ParameterLayout& layout, const std::string& file);

/// The metadata of a checkpoint that is made of another one: words and data are the same, what belongs to a training or a session goes.
Metadata metadataOfCopy(Metadata metadata, const Experiment& experiment);

/// The experiment of a quantised checkpoint: its name says so, and its training is over at the step that the weights are of.
Experiment quantisedExperiment(Experiment experiment, const QuantisationNote& note);

/// Writes a checkpoint with these weights in few bits, and no state of a training; `metadata` as metadataOfCopy gives it. All or nothing.
/// Throws InputError for weights that the scheme cannot keep.
void writeQuantised(const std::filesystem::path& path, Metadata metadata, const ParameterLayout& layout, const Weights& weights,
                    const QuantisationNote& note);

}  // namespace lab
