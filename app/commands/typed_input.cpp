#include "app/commands/typed_input.h"

#include <string_view>

#include "app/commands/status_line.h"
#include "core/base/errors.h"
#include "core/data/loaded_task.h"
#include "core/data/sentence_frame.h"
#include "core/data/sentences_dataset.h"
#include "core/data/typed_vectors.h"
#include "core/data/vector_sample.h"
#include "core/model/sample_input.h"

namespace lab {
namespace {

Input typedVectorInput(const TypedSequence& typed, const SavedRun& run) {
    const ModelConfig& model = run.model->config();
    if (typed.target) throw UsageError("--target is for tokens, and this model reads vectors; --sample knows what is right");
    try {
        std::vector<float> vectors = typedVectors(typed.input.value_or(""), *model.input_dim);
        const int count = static_cast<int>(vectors.size()) / *model.input_dim;
        Input input = inputOf(vectorSample(model, std::move(vectors), count));
        input.targets.clear();  // nobody knows what is right
        input.values.clear();
        return input;
    } catch (const InputError& error) {
        throw InputError("--input", error.message());
    }
}

std::vector<int> tokensOf(std::optional<std::string> text, const std::string& option, const SavedRun& run, bool targets) {
    if (!text) return {};
    if (run.tokenizer->kept().empty())  // as in the window
        for (char& c : *text)
            if (std::string_view(",;[]()").find(c) != std::string_view::npos) c = ' ';
    try {
        if (option == "--input" && readsFramed(run.experiment.task, *run.tokenizer)) return framedSentence(*run.tokenizer, *text);
        return run.tokenizer->encode(*text, targets);
    } catch (const InputError& error) {
        throw InputError(option, error.message());
    }
}

TypedSequence typedSequence(const Arguments& arguments) {
    return {arguments.value("--input"), arguments.value("--target-input"), arguments.value("--target")};
}

bool isTwoSided(const SavedRun& run) {
    return run.experiment.model.architecture == Architecture::encoder_decoder;
}

/// What the decoder of two sides reads is left empty where it is not given.
Input inputOfTyped(const TypedSequence& typed, const SavedRun& run) {
    if (run.model->config().readsVectors()) return typedVectorInput(typed, run);
    if (!isTwoSided(run) && typed.targetInput) throw UsageError("--target-input is for encoder-decoders, and this model is none");
    Input input;
    input.tokens = tokensOf(typed.input, "--input", run, false);
    input.targetTokens = tokensOf(typed.targetInput, "--target-input", run, false);
    input.targets = tokensOf(typed.target, "--target", run, true);
    return input;
}

/// A sample of the run's task, its right answers included.
Input sampleInput(const Arguments& arguments, const SavedRun& run) {
    for (const char* other : {"--input", "--target-input", "--target"})
        if (arguments.has(other)) throw UsageError(std::string("--sample stands for what is read: ") + other + " goes without it");
    const LoadedTask task = loadSavedTask(run.experiment, run.tokenizer->kept(), run.folder);
    const int index = arguments.integer("--sample", 0, 0), count = task.dataset->validationSize();
    if (index >= count)
        throw InputError("--sample",
                         Message(LAB_TEXT("commands", "there is no validation sample %1, only %2 of them")).arg(index).arg(count));
    return inputOf(task.dataset->validationSample(index));
}

}  // namespace

std::vector<int> typedTokens(const Arguments& arguments, const std::string& option, const SavedRun& run, bool targets) {
    return tokensOf(arguments.value(option), option, run, targets);
}

std::vector<Option> inputOptions() {
    return {
        {"--input", "TOKENS", "what the model reads: \"3 1 4 1 5\", or words when it learned words; of vectors \"0.5 1; 0.2 ?\"", false},
        {"--sample", "N", "in place of --input: validation sample N of the run's task, with what is right", false},
        {"--target-input", "TOKENS", "what the decoder of an encoder-decoder reads", false},
    };
}

Input typedPrompt(const Arguments& arguments, const SavedRun& run) {
    if (arguments.has("--sample")) return sampleInput(arguments, run);
    arguments.required("--input");
    Input input = inputOfTyped(typedSequence(arguments), run);
    if (!isTwoSided(run) || arguments.has("--target-input")) return input;
    if (!run.tokenizer->special()) throw UsageError("--target-input is missing: this model is an encoder-decoder");
    input.targetTokens = {run.tokenizer->special()->id};
    return input;
}

Input typedInput(const TypedSequence& typed, const SavedRun& run) {
    if (typed.input && isTwoSided(run) && !typed.targetInput)
        throw UsageError("--target-input is missing: this model is an encoder-decoder");
    return inputOfTyped(typed, run);
}

Input typedInput(const Arguments& arguments, const SavedRun& run) {
    if (arguments.has("--sample")) return sampleInput(arguments, run);
    arguments.required("--input");
    return typedInput(typedSequence(arguments), run);
}

}  // namespace lab
