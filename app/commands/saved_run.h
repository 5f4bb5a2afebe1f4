#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/tokenizers/tokenizer.h"
#include "core/io/checkpoint.h"
#include "core/model/model.h"
#include "core/moments/run_moment.h"
#include "core/tensor/quantise.h"

namespace lab {

struct LoadedTask;

/// What a checkpoint holds, made ready to compute with.
struct SavedRun {
    Experiment experiment;  ///< resolved
    std::shared_ptr<const Tokenizer> tokenizer;
    std::shared_ptr<const Model> model;
    std::shared_ptr<Weights> weights{};                ///< also of what is made of it
    std::int64_t step = 0;                             ///< 0 for a checkpoint that is no training state
    std::filesystem::path folder{};                    ///< from which the paths of its data count
    const QuantisationScheme* quantisation = nullptr;  ///< that its weights stand for; null: floats
};

/// What is looked at, drawn, explained; the optimizer's memory too where it is known.
RunMoment momentOf(const SavedRun& run, std::shared_ptr<const TrainingState> state = nullptr);

/// Reads a checkpoint's weights, or a model of another program (looksPretrained). Throws InputError naming the file.
SavedRun readRun(const std::filesystem::path& path);
/// The same for what is about heads; refuses a model that has none.
SavedRun readRunWithHeads(const std::filesystem::path& path);

/// The checkpoint's weights for another run's model, its other contents left aside (train --init).
Weights readWeights(const std::filesystem::path& path, const Model& model);

/// Writes a full training state, which is a checkpoint too. The paths of its data are rewritten from `dataFolder` to where it lies.
void writeTrainingState(const std::filesystem::path& path, const LoadedTask& task, const std::filesystem::path& dataFolder,
                        const Model& model, const TrainingState& state);

}  // namespace lab
