#pragma once

#include <vector>

#include "app/commands/arguments.h"
#include "app/commands/saved_run.h"
#include "core/model/decoding.h"

namespace lab {

/// The options of `generate` that are for text only.
std::vector<Option> writingOptions();
/// As --threads says, with the integers that the run's weights stand for.
DecodingManner decodingManner(const Arguments& arguments, const SavedRun& run);

/// Whether a text is to be written on: --prompt or --prompt-file. Throws UsageError for both, and for what belongs to text without them.
bool wantsText(const Arguments& arguments);

/// Writes on from the prompt to standard output, as text or as lines of JSON. Returns the exit status.
int writeText(const Arguments& arguments, const SavedRun& run);

}  // namespace lab
