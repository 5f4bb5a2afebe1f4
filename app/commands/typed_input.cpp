#include "app/commands/typed_input.h"

#include <string_view>

#include "core/base/errors.h"

namespace lab {
namespace {

std::vector<int> tokensOf(const Arguments& arguments, const std::string& option, const SavedRun& run, bool targets = false) {
    auto text = arguments.value(option);
    if (!text) return {};
    if (run.tokenizer->kept().empty())  // as in the window
        for (char& c : *text)
            if (std::string_view(",;[]()").find(c) != std::string_view::npos) c = ' ';
    try {
        return run.tokenizer->encode(*text, targets);
    } catch (const InputError& error) {
        throw InputError(option, error.message());
    }
}

}  // namespace

std::vector<Option> inputOptions() {
    return {
        {"--input", "TOKENS", "what the model reads: \"3 1 4 1 5\", or words when it learned words", false},
        {"--target-input", "TOKENS", "what the decoder of an encoder-decoder reads", false},
    };
}

Input typedPrompt(const Arguments& arguments, const SavedRun& run) {
    arguments.required("--input");
    const bool twoSided = run.experiment.model.architecture == Architecture::encoder_decoder;
    if (!twoSided && arguments.has("--target-input")) throw UsageError("--target-input is for encoder-decoders, and this model is none");
    Input input;
    input.tokens = tokensOf(arguments, "--input", run);
    input.targetTokens = tokensOf(arguments, "--target-input", run);
    input.targets = tokensOf(arguments, "--target", run, true);
    if (!twoSided || arguments.has("--target-input")) return input;
    if (!run.tokenizer->special()) throw UsageError("--target-input is missing: this model is an encoder-decoder");
    input.targetTokens = {run.tokenizer->special()->id};
    return input;
}

Input typedInput(const Arguments& arguments, const SavedRun& run) {
    const bool twoSided = run.experiment.model.architecture == Architecture::encoder_decoder;
    if (arguments.has("--input") && twoSided && !arguments.has("--target-input"))
        throw UsageError("--target-input is missing: this model is an encoder-decoder");
    return typedPrompt(arguments, run);
}

}  // namespace lab
