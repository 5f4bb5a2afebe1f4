#pragma once

#include <string>

#include "core/config/model_config.h"
#include "core/config/training_config.h"
#include "core/tasks/task_config.h"

// The experiment as plain data (FORMATS.md 1). Model, Dataset and Trainer take resolved experiments only. Who needs one of the three parts
// includes that alone.

namespace lab {

struct Experiment {
    std::string name;
    std::string about;
    TaskConfig task;
    ModelConfig model;
    TrainingConfig training;
};

}  // namespace lab
