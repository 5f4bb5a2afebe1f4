#include "ui/runs/run_session.h"

#include "ui/runs/workspace.h"

namespace lab {

SessionRun sessionRunOf(const Run& run, const TrainingStatePtr& present) {
    return sessionRunOf(run.core(), present);
}

Run* restore(Workspace& workspace, RunToRestore ready) {
    Run* run = ready.origin ? workspace.addBranch(ready.task, std::move(ready.present),
                                                  {QString::fromStdString(ready.origin->parent), ready.origin->step})
                            : workspace.add(ready.task, std::move(ready.present));
    restore(run->core(), std::move(ready));
    return run;
}

}  // namespace lab
