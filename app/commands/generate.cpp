#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/progress_line.h"
#include "app/commands/sampling_options.h"
#include "app/commands/typed_input.h"
#include "app/commands/write_text.h"
#include "core/base/errors.h"
#include "core/model/decoding.h"

namespace lab {
namespace {

GenerateOptions optionsOf(const Arguments& arguments) {
    GenerateOptions options;
    options.count = arguments.integer("--count", options.count, 1);
    options.sampling = samplingOf(arguments, {});
    options.cache = !arguments.has("--no-cache");
    return options;
}

int generateTokens(const Arguments& arguments, const SavedRun& run) {
    GenerateOptions options = optionsOf(arguments);
    if (run.experiment.model.architecture == Architecture::encoder)
        throw InputError(arguments.positionals().front(),
                         LAB_TEXT("commands", "an encoder answers all positions at once and cannot go on; use trace"));
    if (run.model->config().readsVectors()) throw UsageError("a model of vectors does not write: trace says what it answers");
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
        options.manner = decodingManner(arguments, run);
        generated = generate(run.model, *run.weights, prompt, options, [&](int token) {
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

int goOn(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    const bool text = wantsText(arguments);
    if (!text) arguments.required("--input");
    (void)optionsOf(arguments);  // complains before a file is read
    const SavedRun run = readRun(arguments.positionals().front());
    return text ? writeText(arguments, run) : generateTokens(arguments, run);
}

}  // namespace

Command generateCommand() {
    Command command;
    command.name = "generate";
    command.summary = "Let a decoder go on with a sequence or a text, token by token.";
    command.synopses = {
        "CHECKPOINT --input \"3 1 4\" [--target-input \"...\"] [--count N] [--temperature X ...] [--seed S] [--no-cache]",
        "CHECKPOINT --prompt TEXT|--prompt-file F [--count N] [--temperature X ...] [--stop TEXT ...] [--seed S] [--window N] [--json]"};
    command.options = inputOptions();
    std::erase_if(command.options, [](const Option& option) { return std::string_view(option.name) == "--sample"; });
    const std::vector<Option> texts = writingOptions(), sampling = samplingOptions();
    command.options.insert(command.options.end(), texts.begin(), texts.end());
    command.options.push_back({"--count", "N", "how many tokens to add at most; when not given 16, of a text 200", false});
    command.options.insert(command.options.end(), sampling.begin(), sampling.end());
    const std::vector<Option> more = {
        {"--threads", "N", "processors to use, all when not given; the tokens are the same", false},
        {"--no-cache", "", "compute the whole sequence anew for each token, instead of keeping keys and values", false},
        {"--help", "", "this text", false},
    };
    command.options.insert(command.options.end(), more.begin(), more.end());
    command.notes =
        "The tokens go to standard output, the size of the key-value cache to standard error. An encoder-decoder of a built-in task\n"
        "begins its answer with BOS unless --target-input is given; a decoder's --input is all that it reads, SEP included.\n"
        "Of a text standard output gets what is written behind the prompt, as it comes, and nothing else.\n"
        "Without options tokens are the most probable ones (temperature 0); a text is drawn with temperature 0.8, top-k 40, top-p 0.95 "
        "and\n"
        "min-p 0.05. Rules work in the order in which they stand here from repetition to min-p. The same seed gives the same text, with a\n"
        "cache or without. A text longer than the window is looked back at from half a window later each time the window is full.\n"
        "A model opened from elsewhere, or trained on pairs of texts, reads before a text what its tokenizer puts there (BOS). Of a large "
        "checkpoint in\n"
        "8 bits the integers themselves are read for each token, which are a quarter of what floats are.";
    command.run = goOn;
    return command;
}

}  // namespace lab
