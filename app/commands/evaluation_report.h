#pragma once

#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

namespace lab {

/// Writes to standard output what a validation found: of stories also bits a byte and each phenomenon beside what counting reaches. `json`:
/// as one line of JSON.
void printEvaluation(const LoadedTask& task, const Evaluation& found, bool json);

}  // namespace lab
