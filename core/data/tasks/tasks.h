#pragma once

#include <vector>

#include "core/config/experiment.h"
#include "core/tensor/batch.h"

// The built-in tasks (SPEC 1.5, FORMATS.md 1 'Tasks'): what the right answer to a sequence is. One file each, one table: task_table.cpp.

namespace lab {

/// y for a sequence x of symbols 0 .. symbols - 1, of the same length.
using TaskAnswer = std::vector<int> (*)(std::vector<int> x, int symbols);

std::vector<int> reverseAnswer(std::vector<int> x, int symbols);
std::vector<int> sortAnswer(std::vector<int> x, int symbols);
std::vector<int> swapAnswer(std::vector<int> x, int symbols);
std::vector<int> subAnswer(std::vector<int> x, int symbols);
std::vector<int> copyAnswer(std::vector<int> x, int symbols);
std::vector<int> shiftAnswer(std::vector<int> x, int symbols);
/// The next token; -1 at the last position, which has none.
std::vector<int> repeatAnswer(std::vector<int> x, int symbols);

/// Null for pairs, whose answers stand in the file.
TaskAnswer answerOf(TaskKind kind);

/// What the model reads for the sequence x, and what it should answer. `task` is built in.
Sample taskSample(const TaskConfig& task, Architecture architecture, std::vector<int> x);

}  // namespace lab
