#pragma once

#include <optional>

#include "core/config/architecture.h"

namespace lab {

struct Experiment;
struct TaskConfig;

/// What a built-in task, framed for its architecture (FORMATS.md 1 'Tasks'), needs of the model.
struct TaskNeeds {
    int vocabSize = 0;   ///< ids that occur, SEP and BOS included
    int numClasses = 0;  ///< targets that occur or may be answered
    int maxSeqLen = 0;   ///< of the longest sequence the model reads
};

/// Empty for pairs, whose needs only the data knows.
std::optional<TaskNeeds> needsOf(const TaskConfig& task, Architecture architecture);

/// Makes every derived value absent that equals what would be derived: how a resolved experiment becomes one to edit.
Experiment withoutDerived(Experiment experiment);

}  // namespace lab
