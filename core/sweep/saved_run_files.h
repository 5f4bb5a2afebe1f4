#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

namespace lab {

/// A run of a sweep as its files keep it, ready to go on or to be looked at.
struct SavedSweepRun {
    LoadedTask task;
    TrainingState state;              ///< after its last step, or the last good one of a training that diverged
    std::vector<StepRecord> records;  ///< of steps 1 ..; the share of whole sequences is not in the file and not a number here
    Message missing;                  ///< why there are no records; empty when there are
};

/// Reads run `run` of the results `csv`. Throws InputError naming the file when there is no checkpoint, or no sound one; metrics that are
/// missing, or are not those of the checkpoint, are said only.
SavedSweepRun readSweepRun(const std::filesystem::path& csv, int run, const Watch& watch = {});

}  // namespace lab
