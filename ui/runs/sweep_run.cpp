#include "ui/runs/sweep_run.h"

#include "core/model/model.h"

namespace lab {

RunToRestore preparedSweepRun(SavedSweepRun saved, const QString& name) {
    RunToRestore ready;
    ready.name = name.toStdString();
    saved.task.experiment.name = ready.name;  // all runs of a grid have the base's,
    saved.task.experiment.about.clear();      // and a sentence that holds for the base alone
    ready.pace = 0;
    if (!saved.records.empty()) {
        const Model model(saved.task.experiment.model);
        const auto initial = std::make_shared<const TrainingState>(initialState(model, saved.task.experiment));
        ready.past.records = std::move(saved.records);
        ready.past.states = {initial};
        ready.past.checkpoints = {std::make_shared<const Checkpoint>(initial),
                                  std::make_shared<const Checkpoint>(saved.state.step, saved.state.weights)};
    }
    ready.task = std::move(saved.task);
    ready.present = std::move(saved.state);
    return ready;
}

}  // namespace lab
