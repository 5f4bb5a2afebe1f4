#pragma once

#include "core/tasks/task_config.h"

namespace lab {

/// The numbers of task masked.
struct MaskedConfig {
    double share = 0.15;  ///< of the tokens of a block that are to be guessed
};

/// Whether it is running text of which not the next token is asked, but those that were masked.
bool isMasked(const TaskConfig& task);

MaskedConfig maskedConfig(const TaskConfig& task);

}  // namespace lab
