#include "app/commands/write_text.h"

#include <chrono>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/sampling_options.h"
#include "app/commands/status_line.h"
#include "app/commands/text_file.h"
#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/writing/writing_json.h"

namespace lab {
namespace {

/// Ends of lines are hard to type: "\n" stands for one.
std::string withLineEnds(std::string text) {
    for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos; ++at) text.replace(at, 2, "\n");
    return text;
}

WritingOptions optionsOf(const Arguments& arguments, const SavedRun& run) {
    WritingOptions options;
    options.count = arguments.integer("--count", options.count, 1);
    options.sampling = samplingOf(arguments, Sampling::ofText());
    options.cache = !arguments.has("--no-cache");
    options.window = arguments.integer("--window", 0, 1);
    for (const std::string& stop : arguments.values("--stop")) options.stops.push_back(withLineEnds(stop));
    options.opening = openingOf(run.experiment.task, *run.tokenizer);
    options.manner = decodingManner(arguments, run);
    return options;
}

TextWriter writerOf(const Arguments& arguments, const SavedRun& run) {
    const bool typed = arguments.has("--prompt");
    const std::string text = typed ? *arguments.value("--prompt") : readText(*arguments.path("--prompt-file"));
    try {
        return TextWriter(run.model, *run.weights, run.tokenizer, text, optionsOf(arguments, run));
    } catch (const InputError& error) {
        throw InputError(typed ? "--prompt" : "--prompt-file", error.message());
    }
}

/// The text as it comes; its last line is ended, whatever happens.
class Output {
public:
    ~Output() {
        if (m_last != '\n') std::printf("\n");
    }
    void write(const std::string& text) {
        if (text.empty()) return;
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
        m_last = text.back();
    }

private:
    char m_last = '\n';
};

}  // namespace

DecodingManner decodingManner(const Arguments& arguments, const SavedRun& run) {
    DecodingManner manner;
    manner.threads = arguments.threads("--threads", 0);
    if (manner.threads <= 0) manner.threads = processorCount();
    manner.quantisation = run.quantisation;
    return manner;
}

std::vector<Option> writingOptions() {
    return {
        {"--prompt", "TEXT", "a text that is written on", false},
        {"--prompt-file", "F", "the same from a file in UTF-8", false, FileUse::read},
        {"--stop", "TEXT", "end before this text; \\n is the end of a line; may be given several times", true},
        {"--window", "N", "tokens of the text that the model looks back at, those it was made for when not given", false},
        {"--json", "", "a line of JSON a token instead: probabilities, candidates, what each rule cut", false},
    };
}

bool wantsText(const Arguments& arguments) {
    const bool text = arguments.has("--prompt") || arguments.has("--prompt-file");
    if (arguments.has("--prompt") && arguments.has("--prompt-file")) throw UsageError("--prompt and --prompt-file exclude each other");
    for (const char* option : {"--input", "--target-input"})
        if (text && arguments.has(option)) throw UsageError(std::string(option) + " is for tokens, not for a text");
    for (const char* option : {"--stop", "--window", "--json"})
        if (!text && arguments.has(option)) throw UsageError(std::string(option) + " is for a text: give --prompt or --prompt-file");
    return text;
}

int writeText(const Arguments& arguments, const SavedRun& run) {
    TextWriter writer = writerOf(arguments, run);
    const bool json = arguments.has("--json");
    const InterruptGuard interrupt;
    const auto begin = std::chrono::steady_clock::now();
    std::size_t written = 0;
    {
        Output output;
        while (!interrupt.requested()) {
            const auto token = writer.next();
            if (!token) break;
            ++written;
            output.write(json ? jsonOf(*token, *run.tokenizer) + "\n" : token->released);
        }
        if (!json) output.write(writer.rest());
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::fprintf(stderr, "%zu tokens, %s a second; key-value cache: %s bytes\n", written,
                 groupedDigits(static_cast<std::int64_t>(static_cast<double>(written) / seconds)).c_str(),
                 groupedDigits(static_cast<std::int64_t>(writer.cacheBytes())).c_str());
    return interrupt.requested() ? exitInterrupted : exitDone;
}

}  // namespace lab
