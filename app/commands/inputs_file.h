#pragma once

#include <filesystem>
#include <vector>

#include "app/commands/arguments.h"
#include "app/commands/saved_run.h"
#include "core/model/trace.h"

namespace lab {

/// "--inputs".
Option inputsOption();

/// The inputs of a file in their order: one a line, as --input takes it, or in a file .jsonl an object a line with the keys input,
/// target_input and target, whose texts are what the options of that name take. Empty lines are passed over. Throws InputError naming file
/// and line.
std::vector<Input> readInputs(const std::filesystem::path& file, const SavedRun& run);

}  // namespace lab
