#pragma once

#include <string>
#include <vector>

#include "app/commands/arguments.h"
#include "app/commands/saved_run.h"
#include "core/model/trace.h"

namespace lab {

/// The options that say what sequence a model shall read.
std::vector<Option> inputOptions();

/// What stands at its positions, for labels and captions: tokens, or vectors in short.
std::vector<std::string> shownPositions(const SavedRun& run, const Input& input, bool targetSide);

/// Makes an Input of --input or --sample, --target-input and --target. Throws UsageError when one is missing or does not belong to the
/// architecture, InputError for unknown tokens and wrong lengths.
Input typedInput(const Arguments& arguments, const SavedRun& run);

/// The same for generating: an encoder-decoder of a built-in task begins with BOS when --target-input does not say otherwise.
Input typedPrompt(const Arguments& arguments, const SavedRun& run);

}  // namespace lab
