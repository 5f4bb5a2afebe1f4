#pragma once

#include <filesystem>

#include "core/data/loaded_task.h"
#include "core/io/session_file.h"
#include "core/runs/training_runs.h"

namespace lab {

/// What a session keeps of a run up to `present`; shares the weights, so it is cheap and may be written by another thread.
SessionRun sessionRunOf(const TrainingRun& run, const TrainingStatePtr& present);

/// Of the text that a session keeps of a run; 0: it keeps none.
std::size_t textBytesOf(const SessionRun& run);

/// A record as a session keeps it.
std::vector<double> sessionRow(const StepRecord& record);
/// The records that a session keeps.
std::vector<StepRecord> recordsOf(const SessionPast& past);

/// A run of a session, ready to be one again.
struct RunToRestore {
    LoadedTask task;
    TrainingState present;
    RunPast past;
    std::string name;
    std::optional<TrainingRun::Origin> origin;
    std::optional<double> pace;
    std::optional<int> series;  ///< its colour and dash among the runs
};

/// Throws InputError when the data are not there, have other words than were learned, or the past is not that of the present. `folder`:
/// what the data's paths are relative to.
RunToRestore prepared(const SessionRun& run, const std::filesystem::path& folder, const Watch& watch = {});

/// Gives a run that was added with its task, present and origin what else is known of it.
void restore(TrainingRun& run, RunToRestore ready);

/// The layout that a session's reader asks for.
std::shared_ptr<const ParameterLayout> layoutOf(const Experiment& experiment);

/// Writes a session here and now; throws InputError when it cannot be written.
void writeSessionOfRuns(const std::filesystem::path& path, const SessionFile& session);

}  // namespace lab
