#pragma once

#include "core/runs/session_run.h"
#include "ui/runs/run.h"

namespace lab {

class Workspace;

SessionRun sessionRunOf(const Run& run, const TrainingStatePtr& present);
Run* restore(Workspace& workspace, RunToRestore ready);

}  // namespace lab
