#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/model/model.h"
#include "core/training/trainer.h"

namespace lab {

/// A checkpoint that another one is made of, and the data that it was trained on, where those are there.
class CheckpointTask {
public:
    /// Throws InputError as readCheckpoint does, and for one that is quantised already.
    explicit CheckpointTask(const std::filesystem::path& path);

    const CheckpointFile& file() const { return m_file; }
    const std::shared_ptr<const Model>& model() const { return m_model; }
    const Weights& weights() const { return m_weights; }
    /// Throws InputError when the data cannot be read.
    const LoadedTask& task() const;
    bool hasValidation() const;
    /// Why there is nothing to measure on; empty: there is.
    const std::string& whyUnmeasured() const { return m_whyUnmeasured; }
    /// On the validation sequences; nothing without them.
    std::optional<Evaluation> evaluate(const Weights& weights, int threads) const;

    /// "loss 1.234567, accuracy 45.67 %", of running text with bits a byte; of nothing "loss not measured".
    std::string text(const std::optional<Evaluation>& evaluation) const;
    /// "0.000123", of running text "0.000123, 0.000060 bits a byte".
    std::string lossText(double nats) const;

    /// The checkpoint's metadata for one at `path` with this experiment: its data's paths lead where they did.
    Metadata metadataAt(const std::filesystem::path& path, const Experiment& experiment) const;

private:
    void takeCheckpoint(const std::filesystem::path& path);
    void takePretrained(const std::filesystem::path& path);

    std::filesystem::path m_folder;
    CheckpointFile m_file;
    std::shared_ptr<const Model> m_model;
    Weights m_weights;
    std::optional<LoadedTask> m_task;
    Message m_problem;
    std::string m_whyUnmeasured;
};

}  // namespace lab
