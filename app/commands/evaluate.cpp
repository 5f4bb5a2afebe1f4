#include <algorithm>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/evaluation_report.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "app/commands/text_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/path_list.h"
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

void printCounting(const TextLoss& loss, const CountingBaselines& counting) {
    std::printf("\nbits a byte by counting n-grams of %s tokens of the training text\n",
                groupedDigits(static_cast<std::int64_t>(counting.counted)).c_str());
    for (std::size_t n = 0; n < counting.nats.size(); ++n)
        std::printf("%-14s %.4f\n", ngramName(static_cast<int>(n)).english().c_str(), loss.unit().of(counting.nats[n]));
    std::printf("%s\n", countingSentence(loss.perToken(), counting, loss.unit()).english().c_str());
}

int printed(const Arguments& arguments, const TextLoss& loss, const CountingBaselines* counting) {
    if (arguments.has("--json")) {
        std::printf("%s\n", jsonOf(loss, counting).c_str());
        return exitDone;
    }
    printLoss(loss);
    if (counting) printCounting(loss, *counting);
    return exitDone;
}

/// `trained`: the text that the run is trained on, to count n-grams in; null: none is known.
int judge(const Arguments& arguments, const SavedRun& run, const TokenIds& tokens, std::size_t bytes, const TextDataset* trained) {
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    const std::size_t first = tokens.size() == 0 ? 0 : run.tokenizer->decode({tokens[0]}).size();
    const auto loss =
        textLoss(*run.model, *run.weights, tokens, static_cast<std::int64_t>(bytes - std::min(bytes, first)),
                 arguments.integer("--window", 0, 1), windowsOf(arguments), [&](std::int64_t judged) {
                     if (line.isDue())
                         line.show(groupedDigits(judged) + " / " + groupedDigits(static_cast<std::int64_t>(tokens.size())) + " tokens");
                     return !interrupt.requested();
                 });
    std::optional<CountingBaselines> counting;
    try {
        if (loss && trained)
            counting = countingBaselines(*trained, tokens, [&](double share) {
                if (line.isDue()) line.show(formatted("n-grams: %.0f %%", 100 * share));
                return !interrupt.requested();
            });
    } catch (const InputError&) {
        if (!interrupt.requested()) throw;
    }
    line.finish();
    if (!loss || (trained && !counting)) return exitInterrupted;
    return printed(arguments, *loss, counting ? &*counting : nullptr);
}

struct TextToJudge {
    TokenIds tokens;
    std::size_t bytes = 0;
};

/// Cleaned as the run's own text was.
TextToJudge runningText(const SavedRun& run, const std::filesystem::path& path) {
    CorpusSettings settings = corpusSettings(run.experiment.task);
    settings.validationShare = 0;
    const std::vector<RawText> texts = readTexts(listedPath(utf8Text(path)), {});
    const Corpus corpus = makeCorpus(texts, settings);
    try {
        return {encodeText(*run.tokenizer, corpus.train), corpus.train.size()};
    } catch (const LostInTextError& error) {
        const RawPlace found = rawPlaceOf(corpus, texts, settings, false, error.at());
        throw InputError(found.file, LostInTextError(found.place, error.at(), error.character()).message());
    }
}

TextToJudge textFor(const SavedRun& run, const std::filesystem::path& path) {
    if (run.tokenizer->isText()) return runningText(run, path);
    const std::string text = readText(path);
    TextToJudge found{{}, text.size()};
    for (const int token : run.tokenizer->encode(text)) found.tokens.add(token);
    return found;
}

/// Null where the run learns no text, or where that is no longer there.
std::shared_ptr<const Dataset> trainedText(const std::filesystem::path& path, const SavedRun& run) {
    if (run.experiment.task.kind->source != TaskSource::text) return nullptr;
    try {
        return loadSavedTask(run.experiment, run.tokenizer->kept(), path.parent_path()).dataset;
    } catch (const InputError& error) {
        std::fprintf(stderr, "no n-grams: %s\n", error.message().english().c_str());
        return nullptr;
    }
}

int evaluateText(const Arguments& arguments, const std::filesystem::path& checkpoint, const SavedRun& run) {
    const std::filesystem::path path = *arguments.path("--text");
    try {
        const TextToJudge text = textFor(run, path);
        const auto trained = trainedText(checkpoint, run);
        return judge(arguments, run, text.tokens, text.bytes, dynamic_cast<const TextDataset*>(trained.get()));
    } catch (const InputError& error) {
        const Message what = withoutPlace(error.message(), utf8Text(path));
        throw InputError(utf8Text(path), what);
    }
}

/// On the same validation sequences, of a model with a bottleneck.
std::optional<codes::CodeReport> codesOf(const SavedRun& run, const LoadedTask& task) {
    if (!run.model->config().hasBottleneck()) return std::nullopt;
    const int all = task.dataset->validationSize();
    codes::CodeQuestion question;
    question.losses = false;
    return codes::codeReport(codes::Coder(run.model, *run.weights), task.experiment.task, codes::validationSet(*task.dataset, all),
                             question);
}

/// On the same validation sequences, of a model with experts; none where they are too long to be looked at.
std::vector<ExpertShares> expertsOf(const SavedRun& run, const LoadedTask& task) {
    std::vector<Sample> samples;
    for (int i = 0; run.model->config().hasExperts() && i < task.dataset->validationSize(); ++i) {
        samples.push_back(task.dataset->validationSample(i));
        if (std::max(samples.back().tokens.size(), samples.back().targetTokens.size()) > std::size_t{maxTraceLength}) return {};
    }
    return expertShares(*run.model, *run.weights, samples);
}

/// On the validation sequences that the run was trained with; of a text on all of its validation.
int evaluateOwn(const Arguments& arguments, const std::filesystem::path& path, const SavedRun& run) {
    const LoadedTask task = loadSavedTask(run.experiment, run.tokenizer->kept(), path.parent_path());
    if (const auto* text = dynamic_cast<const TextDataset*>(task.dataset.get()))
        return judge(arguments, run, text->validation(), text->corpus().validation.size(), text);
    for (const char* option : {"--windows", "--window"})
        if (arguments.has(option)) throw UsageError(std::string(option) + " is for a text: give --text");
    if (task.dataset->validationSize() == 0)
        throw InputError(utf8Text(path), LAB_TEXT("commands", "this run has no validation sequences; give --text"));
    TrainingState state = initialState(*run.model, task.experiment);
    state.weights = *run.weights;
    Trainer trainer(task.experiment, run.model, task.dataset, std::move(state), arguments.threads("--threads", 0));
    const Evaluation found = trainer.evaluateValidation();
    const auto report = codesOf(run, task);
    printEvaluation(task, found, arguments.has("--json"), report ? &*report : nullptr, expertsOf(run, task));
    return exitDone;
}

int evaluate(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    (void)windowsOf(arguments);
    const std::filesystem::path path = pathFromUtf8(arguments.positionals().front());
    const SavedRun run = readRun(path);
    return arguments.has("--text") ? evaluateText(arguments, path, run) : evaluateOwn(arguments, path, run);
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
        noCacheOption(),
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Every token but the first counts once. Bits a byte, loss / (ln 2 x bytes a token), compare models with different tokenizers; the\n"
        "loss and the perplexity of a token do not.\n"
        "Of a run that learns a text, n-grams are counted in its training text (Witten and Bell 1991, interpolated, one token to five) "
        "and\n"
        "asked for the same tokens: a model is better than counting only when its loss is below that of the best of them. Of stories each\n"
        "phenomenon has its accuracy, beside that of a guess and of a 5-gram among the words that could stand there.\n"
        "Of a model with a bottleneck also what its codes do: exact, collisions and bits, as the command code has them of other "
        "sequences.\n"
        "Of a model with experts also what each expert of a layer has of all choices on the run's own validation, in order of their "
        "numbers.";
    command.run = evaluate;
    return command;
}

}  // namespace lab
