#pragma once

#include <optional>

#include "core/config/architecture.h"
#include "core/tasks/task_spec.h"

namespace lab {

struct Experiment;

/// What a task, framed for its architecture (FORMATS.md 1 'Tasks'), needs of the model. Empty where only the data know.
std::optional<TaskNeeds> needsOf(const TaskConfig& task, Architecture architecture);

/// Makes every derived value absent that equals what would be derived: how a resolved experiment becomes one to edit.
Experiment withoutDerived(Experiment experiment);

}  // namespace lab
