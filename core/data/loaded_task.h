#pragma once

#include <filesystem>
#include <memory>

#include "core/base/watched_reading.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"

namespace lab {

/// A data set and the experiment completed with what the data says (model.vocab_size, num_classes, max_seq_len, task.validation_size).
struct LoadedTask {
    Experiment experiment;  ///< resolved
    std::shared_ptr<const Dataset> dataset;
};

/// Makes a built-in task, or reads a pairs file, a text or pictures relative to `folder`. Throws InputError (bad line: file, line, column;
/// value that the task cannot serve: its path) also for everything validate() refuses.
LoadedTask loadTask(const Experiment& experiment, const std::filesystem::path& folder, const Watch& watch = {});
/// The same of a saved run: its text is cut by the tokenizer that was kept with the weights, whatever would be learned from it today.
LoadedTask loadSavedTask(const Experiment& experiment, const KeptTokenizer& kept, const std::filesystem::path& folder,
                         const Watch& watch = {});
/// The same where another task is open: a text that both have in common is not read again.
LoadedTask loadTask(const Experiment& experiment, const std::filesystem::path& folder, const LoadedTask& known);

/// What a run that goes on from the weights of `from` with the settings `changed` cuts its texts with: the tokenizer that these weights have
/// learned, whatever the changed text would teach; empty where the settings ask for another one, or the tokens follow from the task.
KeptTokenizer tokenizerOfBranch(const Experiment& changed, const LoadedTask& from);
/// The task of such a run.
LoadedTask loadBranchTask(const Experiment& changed, const std::filesystem::path& folder, const LoadedTask& from);

}  // namespace lab
