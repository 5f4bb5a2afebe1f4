#pragma once

#include <vector>

#include "core/config/task_frame.h"
#include "core/tensor/batch.h"

namespace lab {

/// What the model reads for the sequence x, and what it should answer. The task knows its answers (TaskSpec::isBuiltIn).
Sample taskSample(const TaskConfig& task, Architecture architecture, std::vector<int> x);

}  // namespace lab
