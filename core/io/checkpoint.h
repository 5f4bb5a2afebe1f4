#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/config/experiment.h"
#include "core/config/kept_tokenizer.h"
#include "core/io/safetensors.h"
#include "core/io/session.h"
#include "core/optimizers/training_state.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

// Checkpoints and training states (FORMATS.md 2).

namespace lab {

/// What a training state has in its metadata and a checkpoint of weights has not.
constexpr const char* stateKey = "attention_lab.state";

/// What a checkpoint file holds. Its weights wait for the layout of the model that the experiment describes.
struct CheckpointFile {
    std::string file;       ///< for messages
    Experiment experiment;  ///< resolved
    KeptTokenizer tokenizer;
    std::optional<std::int64_t> step;  ///< of a training state
    BestValidation best;               ///< of a training state, where it was validated
    NamedTensors tensors;
    Metadata metadata;

    bool isState() const { return step.has_value(); }
};

/// Throws InputError naming the file: no safetensors file, no experiment in it, or an impossible one.
CheckpointFile readCheckpoint(const std::filesystem::path& path, const Watch& watch = {});

/// Experiment, step and tokenizer of a file whose metadata is there; throws as readCheckpoint.
void readCheckpointMetadata(CheckpointFile& checkpoint);

/// The weights in the layout's order. Throws InputError naming the first tensor that is missing, superfluous (optimizer.* is
/// not), of another shape or not finite.
Weights weightsOf(const CheckpointFile& checkpoint, const ParameterLayout& layout);
/// The same for any tensor file, whose name stands in messages.
Weights weightsOf(const NamedTensors& tensors, const ParameterLayout& layout, const std::string& file);

/// The state in a checkpoint, with the moments that `rule` keeps; others are left aside. Throws InputError as weightsOf does, and when the
/// checkpoint is no training state or lacks a moment.
TrainingState trainingStateOf(const CheckpointFile& checkpoint, const ParameterLayout& layout, const UpdateRule& rule);

/// What the file of these settings says of itself, added to `extra`; `vocabulary` where it learned words.
Metadata checkpointMetadata(const Experiment& experiment, const KeptTokenizer& tokenizer, Metadata extra = {});

/// The lowest validation loss of a training as JSON, and read again; throws InputError beginning with `place`.
std::string bestText(const BestValidation& best);
BestValidation bestOf(const std::string& text, const Message& place);

/// Writes a checkpoint. All or nothing.
void writeCheckpoint(const std::filesystem::path& path, const Experiment& experiment, const KeptTokenizer& tokenizer,
                     const ParameterLayout& layout, const Weights& weights);
/// Writes a training state, which is a checkpoint too; `extra` metadata may say what it was computed with, `more` tensors are a session's.
void writeCheckpoint(const std::filesystem::path& path, const Experiment& experiment, const KeptTokenizer& tokenizer,
                     const ParameterLayout& layout, const TrainingState& state, const Metadata& extra = {},
                     const std::vector<ScatteredTensor>& more = {});

/// A flat vector as tensors called prefix + parameter's name.
void addTensors(NamedTensors& tensors, const ParameterLayout& layout, const Weights& weights, const std::string& prefix = {});

}  // namespace lab
