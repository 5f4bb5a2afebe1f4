#pragma once

#include "core/sweep/saved_run_files.h"
#include "ui/runs/run_session.h"

namespace lab {

/// A run of a sweep, ready to be one of the workspace: its curves, its initial and its last weights; the steps between are recomputed when
/// they are looked at.
RunToRestore preparedSweepRun(SavedSweepRun saved, const QString& name);

}  // namespace lab
