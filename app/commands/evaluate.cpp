#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "app/commands/text_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/text_dataset.h"
#include "core/data/text_loading.h"
#include "core/writing/writing_json.h"

namespace lab {
namespace {

TextWindows windowsOf(const Arguments& arguments) {
    const std::string name = arguments.value("--windows").value_or("overlap");
    if (name == "overlap") return TextWindows::overlapping;
    if (name == "disjoint") return TextWindows::disjoint;
    throw UsageError("--windows is overlap or disjoint, not '" + name + "'");
}

void printLoss(const TextLoss& loss) {
    std::printf("tokens       %s, %s bytes\n", groupedDigits(loss.tokens).c_str(), groupedDigits(loss.bytes).c_str());
    std::printf("loss         %.4f nats a token\n", loss.perToken());
    std::printf("bits a byte  %.4f\n", loss.bitsPerByte());
    std::printf("perplexity   %.3f\n", loss.perplexity());
    std::printf("accuracy     %.2f %%\n", 100 * loss.accuracy());
}

int printed(const Arguments& arguments, const TextLoss& loss) {
    if (arguments.has("--json"))
        std::printf("%s\n", jsonOf(loss).c_str());
    else
        printLoss(loss);
    return exitDone;
}

int judge(const Arguments& arguments, const SavedRun& run, const TokenIds& tokens, std::size_t bytes) {
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    const std::size_t first = tokens.size() == 0 ? 0 : run.tokenizer->decode({tokens[0]}).size();
    const auto loss =
        textLoss(*run.model, run.weights, tokens, static_cast<std::int64_t>(bytes - std::min(bytes, first)),
                 arguments.integer("--window", 0, 1), windowsOf(arguments), [&](std::int64_t judged) {
                     if (line.isDue())
                         line.show(groupedDigits(judged) + " / " + groupedDigits(static_cast<std::int64_t>(tokens.size())) + " tokens");
                     return !interrupt.requested();
                 });
    line.finish();
    return loss ? printed(arguments, *loss) : exitInterrupted;
}

/// Cleaned as the run's own text was.
std::string textFor(const SavedRun& run, const std::filesystem::path& path) {
    if (!run.tokenizer->isText()) return readText(path);
    CorpusSettings settings = corpusSettings(run.experiment.task);
    settings.validationShare = 0;
    return makeCorpus(readTexts(utf8Text(path), {}), settings).train;
}

int evaluateText(const Arguments& arguments, const SavedRun& run) {
    const std::filesystem::path path = *arguments.path("--text");
    try {
        const std::string text = textFor(run, path);
        TokenIds tokens;
        if (run.tokenizer->isText())
            tokens = encodeText(*run.tokenizer, text);
        else
            for (const int token : run.tokenizer->encode(text)) tokens.add(token);
        return judge(arguments, run, tokens, text.size());
    } catch (const InputError& error) {
        const Message what = withoutPlace(error.message(), utf8Text(path));
        throw InputError(utf8Text(path), what);
    }
}

/// On the validation sequences that the run was trained with; of a text on all of its validation.
int evaluateOwn(const Arguments& arguments, const std::filesystem::path& path, const SavedRun& run) {
    const LoadedTask task = loadSavedTask(run.experiment, run.tokenizer->kept(), path.parent_path());
    if (const auto* text = dynamic_cast<const TextDataset*>(task.dataset.get()))
        return judge(arguments, run, text->validation(), text->corpus().validation.size());
    for (const char* option : {"--windows", "--window"})
        if (arguments.has(option)) throw UsageError(std::string(option) + " is for a text: give --text");
    if (task.dataset->validationSize() == 0)
        throw InputError(utf8Text(path), LAB_TEXT("commands", "this run has no validation sequences; give --text"));
    TrainingState state = initialState(*run.model, task.experiment);
    state.weights = run.weights;
    Trainer trainer(task.experiment, run.model, task.dataset, std::move(state), arguments.threads("--threads", 0));
    const Evaluation found = trainer.evaluateValidation();
    if (arguments.has("--json")) {
        std::printf("{\"sequences\":%d,\"loss\":%.9g,\"accuracy\":%.9g,\"sequence_accuracy\":%.9g}\n", task.dataset->validationSize(),
                    found.loss, found.accuracy, found.sequenceAccuracy);
        return exitDone;
    }
    std::printf("sequences    %s\n", groupedDigits(task.dataset->validationSize()).c_str());
    std::printf("loss         %.4f nats a token\n", found.loss);
    std::printf("accuracy     %.2f %%, whole sequences %.2f %%\n", 100 * found.accuracy, 100 * found.sequenceAccuracy);
    return exitDone;
}

int evaluate(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    (void)windowsOf(arguments);
    const std::filesystem::path path = pathFromUtf8(arguments.positionals().front());
    const SavedRun run = readRun(path);
    return arguments.has("--text") ? evaluateText(arguments, run) : evaluateOwn(arguments, path, run);
}

}  // namespace

Command evaluateCommand() {
    Command command;
    command.name = "evaluate";
    command.summary = "Say how well a model guesses a text, or its own validation.";
    command.synopses = {"CHECKPOINT [--text F] [--windows overlap|disjoint] [--window N] [--threads N] [--json] [--quiet]"};
    command.options = {
        {"--text", "F", "a text, cleaned as the run's own; without it the validation of the run itself", false, FileUse::read},
        {"--windows", "NAME",
         "overlap (when not given): windows move by half their length and the second half counts; disjoint: windows stand side by side",
         false},
        {"--window", "N", "tokens that the model reads at once, those it was made for when not given", false},
        {"--threads", "N", "processors for the validation of a task that is no text, all when not given; a text is read by one", false},
        {"--json", "", "one line of JSON", false},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Every token but the first counts once. Bits a byte, loss / (ln 2 x bytes a token), compare models with different tokenizers; the\n"
        "loss and the perplexity of a token do not.";
    command.run = evaluate;
    return command;
}

}  // namespace lab
