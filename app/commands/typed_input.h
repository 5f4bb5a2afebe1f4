#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands/arguments.h"
#include "app/commands/saved_run.h"
#include "core/model/trace.h"

namespace lab {

/// The options that say what sequence a model shall read.
std::vector<Option> inputOptions();

/// The tokens of an option's text; none without it. `targets`: -1, "no loss", is allowed. Throws InputError naming the option.
std::vector<int> typedTokens(const Arguments& arguments, const std::string& option, const SavedRun& run, bool targets = false);

/// What a person typed of one sequence.
struct TypedSequence {
    std::optional<std::string> input, targetInput, target;
};
/// Throws as the same of the options does, naming them.
Input typedInput(const TypedSequence& typed, const SavedRun& run);

/// Makes an Input of --input or --sample, --target-input and --target. Throws UsageError when one is missing or does not belong to the
/// architecture, InputError for unknown tokens and wrong lengths.
Input typedInput(const Arguments& arguments, const SavedRun& run);

/// The same for generating: an encoder-decoder of a built-in task begins with BOS when --target-input does not say otherwise.
Input typedPrompt(const Arguments& arguments, const SavedRun& run);

}  // namespace lab
