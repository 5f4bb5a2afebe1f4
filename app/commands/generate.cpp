#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/progress_line.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/model/decoding.h"

namespace lab {
namespace {

GenerateOptions optionsOf(const Arguments& arguments) {
    GenerateOptions options;
    options.count = arguments.integer("--count", options.count, 1);
    options.sampling.temperature = arguments.real("--temperature", 0, 0);
    options.sampling.seed = static_cast<std::uint64_t>(arguments.integer("--seed", 42, 0));
    options.cache = !arguments.has("--no-cache");
    return options;
}

int generateTokens(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    arguments.required("--input");
    const GenerateOptions options = optionsOf(arguments);

    const SavedRun run = readRun(arguments.positionals().front());
    if (run.experiment.model.architecture == Architecture::encoder)
        throw InputError(arguments.positionals().front(),
                         LAB_TEXT("commands", "an encoder answers all positions at once and cannot go on; use trace"));
    const Input prompt = typedPrompt(arguments, run);
    const InterruptGuard interrupt;
    // What was written before an error ends its line too.
    struct Line {
        bool begun = false;
        ~Line() { std::printf("\n"); }
    };
    Generated generated;
    {
        Line line;
        generated = generate(run.model, run.weights, prompt, options, [&](int token) {
            std::printf("%s%s", line.begun ? " " : "", run.tokenizer->written(token).c_str());
            std::fflush(stdout);
            line.begun = true;
            return !interrupt.requested();
        });
    }
    if (options.cache)
        std::fprintf(stderr, "key-value cache: %s bytes\n", groupedDigits(static_cast<std::int64_t>(generated.cacheBytes)).c_str());
    return interrupt.requested() ? exitInterrupted : exitDone;
}

}  // namespace

Command generateCommand() {
    Command command;
    command.name = "generate";
    command.summary = "Let a decoder go on with a sequence, token by token.";
    command.synopses = {"CHECKPOINT --input \"3 1 4\" [--target-input \"...\"] [--count N] [--temperature T] [--seed S] [--no-cache]"};
    command.options = inputOptions();
    const std::vector<Option> more = {
        {"--count", "N", "how many tokens to add, 16 when not given", false},
        {"--temperature", "T", "0 (when not given): always the most probable token; else drawn from softmax(logits / T)", false},
        {"--seed", "S", "of the draws, 42 when not given", false},
        {"--no-cache", "", "compute the whole sequence anew for each token, instead of keeping keys and values", false},
        {"--help", "", "this text", false},
    };
    command.options.insert(command.options.end(), more.begin(), more.end());
    command.notes =
        "The tokens go to standard output, the size of the key-value cache to standard error. An encoder-decoder of a built-in task\n"
        "begins its answer with BOS unless --target-input is given; a decoder's --input is all that it reads, SEP included.";
    command.run = generateTokens;
    return command;
}

}  // namespace lab
