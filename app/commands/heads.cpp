#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "core/analysis/head_survey.h"
#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"

namespace lab {
namespace {

constexpr int repeatedSequences = 20;
constexpr std::uint64_t repeatedSeed = 1;

/// A column of the table: of masses a share of the weight.
struct HeadColumn {
    const char* name;
    double (*of)(const SurveyedHead& head);
};
constexpr HeadColumn columns[] = {
    {"first", [](const SurveyedHead& head) { return head.metrics[HeadMetric::firstToken]; }},
    {"frame", [](const SurveyedHead& head) { return head.frame; }},
    {"previous", [](const SurveyedHead& head) { return head.metrics[HeadMetric::previousToken]; }},
    {"next", [](const SurveyedHead& head) { return head.metrics[HeadMetric::nextToken]; }},
    {"itself", [](const SurveyedHead& head) { return head.metrics[HeadMetric::diagonal]; }},
    {"same", [](const SurveyedHead& head) { return head.sameToken; }},
    {"induction", [](const SurveyedHead& head) { return head.metrics[HeadMetric::induction]; }},
    {"distance", [](const SurveyedHead& head) { return head.metrics[HeadMetric::meanDistance]; }},
    {"entropy", [](const SurveyedHead& head) { return head.metrics[HeadMetric::entropy]; }},
};

const PieceTokenizer* piecesOf(const SavedRun& run) {
    return dynamic_cast<const PieceTokenizer*>(run.tokenizer.get());
}

/// Every token that stands for some text.
std::vector<int> alphabetOf(const SavedRun& run) {
    std::vector<int> alphabet;
    const PieceTokenizer* pieces = piecesOf(run);
    for (int id = 0; id < std::min(run.tokenizer->symbols(), *run.experiment.model.vocab_size); ++id)
        if (!pieces || (!pieces->pipeline().isSpecial(id) && !pieces->pipeline().bytes(id).empty())) alphabet.push_back(id);
    return alphabet;
}

std::vector<int> frameOf(const SavedRun& run) {
    return piecesOf(run) ? piecesOf(run)->pipeline().framed({}) : std::vector<int>();
}

std::vector<Sample> samplesOf(const Arguments& arguments, const SavedRun& run) {
    const int repeated = arguments.integer("--repeated", 0, 2);
    if (repeated > 0) {
        if (arguments.has("--text") || arguments.has("--first"))
            throw UsageError("--repeated draws its own tokens: without --text and --first");
        const std::vector<int> frame = frameOf(run);
        return repeatedTokens(alphabetOf(run), frame.empty() ? std::nullopt : std::optional(frame.front()), repeated, repeatedSequences,
                              repeatedSeed);
    }
    const auto file = arguments.path("--text");
    const auto usual = std::ranges::find(sentencesTexts(), "usual", &SentencesText::name);
    std::vector<Sample> samples = sentenceSamples(file ? readFile(*file) : std::string(usual->text), file ? utf8Text(*file) : "usual",
                                                  *run.tokenizer, run.experiment.model);
    const auto first = static_cast<std::size_t>(arguments.integer("--first", static_cast<int>(samples.size()), 1));
    if (first < samples.size()) samples.resize(first);
    return samples;
}

std::string nameOf(const Model& model, const HeadPlace& place) {
    const AttentionBlock& block = model.attentionBlocks()[static_cast<std::size_t>(place.block)];
    const std::string side = model.config().architecture == Architecture::encoder_decoder ? block.name + " " : "";
    return side + formatted("L%d H%d", block.layer, place.head);
}

void printSurvey(const Model& model, const HeadSurvey& survey) {
    std::printf("%d inputs, %d tokens%s\n", survey.inputs, survey.tokens,
                survey.loss ? formatted(", loss %.4f nats a token", *survey.loss).c_str() : "");
    std::printf("%-9s", "head");
    for (const HeadColumn& column : columns) std::printf(" %9s", column.name);
    std::printf(" %9s\n", "cost");
    for (const SurveyedHead& head : survey.heads) {
        std::printf("%-9s", nameOf(model, head.place).c_str());
        for (const HeadColumn& column : columns) {
            const double value = column.of(head);
            std::printf(" %9s", std::isfinite(value) ? formatted("%.3f", value).c_str() : "-");
        }
        std::printf(" %9s\n", head.cost ? formatted("%.5f", *head.cost).c_str() : "-");
    }
}

void writeSurvey(const std::filesystem::path& file, const Model& model, const HeadSurvey& survey) {
    std::string text = "layer,head";
    for (const HeadColumn& column : columns) text += std::string(",") + column.name;
    text += ",cost\n";
    for (const SurveyedHead& head : survey.heads) {
        std::vector<std::string> cells{std::to_string(model.attentionBlocks()[static_cast<std::size_t>(head.place.block)].layer),
                                       std::to_string(head.place.head)};
        for (const HeadColumn& column : columns)
            cells.push_back(std::isfinite(column.of(head)) ? numberText(column.of(head)) : std::string());
        cells.push_back(head.cost ? numberText(*head.cost) : std::string());
        text += csvLine(cells) + "\n";
    }
    replaceFile(file, {text});
}

int heads(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) throw UsageError("a model or a checkpoint is missing");
    const std::optional<std::filesystem::path> out = arguments.path("--out");
    if (out) checkFolderOf(*out);
    const SavedRun run = readRunWithHeads(pathFromUtf8(arguments.positionals().front()));
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    SurveyQuestion question;
    question.frameTokens = frameOf(run);
    question.costs = arguments.has("--ablate");
    question.cancelled = [&] { return interrupt.requested(); };
    question.told = [&](int done, int of) {
        if (line.isDue()) line.show(formatted("%d of %d", done, of));
    };
    const auto survey = surveyHeads(*run.model, run.weights, run.experiment.task, samplesOf(arguments, run), question);
    line.finish();
    if (!survey) return exitInterrupted;
    printSurvey(*run.model, *survey);
    if (out) writeSurvey(*out, *run.model, *survey);
    return exitDone;
}

}  // namespace

Command headsCommand() {
    Command command;
    command.name = "heads";
    command.summary = "Measure what every head of a model does over many sentences, and what each is worth.";
    command.synopses = {"MODEL [--text F] [--first N] [--repeated N] [--ablate] [--out F.csv]"};
    command.options = {
        {"--text", "F", "sentences, one a line; 200 of this program's own when not given", false, FileUse::read},
        {"--first", "N", "only the first N of them", false},
        {"--repeated", "N", "in their place 20 sequences of N tokens drawn at random, each read twice in a row", false},
        {"--ablate", "", "also switch every head off in turn: as many passes over all of them as there are heads", false},
        {"--out", "F.csv", "the table as CSV", false, FileUse::written},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Shares of a head's weight, means over the queries that have the number: first, on the first token; frame, on the tokens that "
        "frame\n"
        "a sentence behind its first one ([SEP]); previous, next, itself; same, on other places of the query's own token; induction, on "
        "what\n"
        "followed earlier copies of it. distance: mean |i - j|; entropy: 1 = evenly spread.\n"
        "cost: what the loss rises by with the head off, nats a token; where a model answers hidden states, 1 - cosine of the mean over "
        "all\n"
        "tokens with the same of the whole model.";
    command.run = heads;
    return command;
}

}  // namespace lab
