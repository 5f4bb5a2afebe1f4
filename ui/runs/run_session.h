#pragma once

#include <filesystem>

#include "core/data/loaded_task.h"
#include "core/io/session_file.h"
#include "ui/runs/run.h"

namespace lab {

class Workspace;

/// What a session keeps of a run up to `present`; shares the weights, so it is cheap and may be written by another thread.
SessionRun sessionRunOf(const Run& run, const TrainingStatePtr& present);

/// A record as a session keeps it.
std::vector<double> sessionRow(const StepRecord& record);
/// The records that a session keeps.
std::vector<StepRecord> recordsOf(const SessionPast& past);

/// A run of a session, ready to be one again.
struct RunToRestore {
    LoadedTask task;
    TrainingState present;
    RunPast past;
    QString name;
    std::optional<RunOrigin> origin;
    std::optional<double> pace;
    std::optional<int> series;  ///< its colour and dash among the runs
};

/// Throws InputError when the data are not there, have other words than were learned, or the past is not that of the present. `folder`:
/// what the data's paths are relative to.
RunToRestore prepared(const SessionRun& run, const std::filesystem::path& folder);

Run* restore(Workspace& workspace, RunToRestore run);

/// The layout that a session's reader asks for.
std::shared_ptr<const ParameterLayout> layoutOf(const Experiment& experiment);

}  // namespace lab
