#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "core/analysis/head_costs.h"
#include "core/analysis/head_survey.h"
#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/data/repeated_tokens.h"
#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/data/tokenizers/token_roles.h"
#include "core/model/sample_input.h"

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
    {"separator", [](const SurveyedHead& head) { return head.separator.share; }},
    {"previous", [](const SurveyedHead& head) { return head.metrics[HeadMetric::previousToken]; }},
    {"next", [](const SurveyedHead& head) { return head.metrics[HeadMetric::nextToken]; }},
    {"self", [](const SurveyedHead& head) { return head.metrics[HeadMetric::diagonal]; }},
    {"same", [](const SurveyedHead& head) { return head.sameToken.share; }},
    {"induction", [](const SurveyedHead& head) { return head.metrics[HeadMetric::induction]; }},
    {"distance", [](const SurveyedHead& head) { return head.metrics[HeadMetric::meanDistance]; }},
    {"entropy", [](const SurveyedHead& head) { return head.metrics[HeadMetric::entropy]; }},
};

/// What was measured of a model's heads.
struct MeasuredHeads {
    const Model& model;
    HeadSurvey survey;
    std::optional<HeadCosts> costs;
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

/// What stands before a text of this tokenizer, if anything does.
std::optional<int> firstOf(const SavedRun& run) {
    const std::vector<int> frame = piecesOf(run) ? piecesOf(run)->pipeline().framed({}) : std::vector<int>();
    return frame.empty() ? std::nullopt : std::optional(frame.front());
}

std::vector<Sample> samplesOf(const Arguments& arguments, const SavedRun& run) {
    const int repeated = arguments.integer("--repeated", 0, 2);
    if (repeated > 0) {
        if (arguments.has("--text") || arguments.has("--first"))
            throw UsageError("--repeated draws its own tokens: without --text and --first");
        return repeatedTokens(alphabetOf(run), firstOf(run), repeated, repeatedSequences, repeatedSeed);
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

void printHeads(const MeasuredHeads& table) {
    std::printf("%d inputs, %d tokens%s\n", table.survey.inputs, table.survey.tokens,
                table.costs && table.costs->loss ? formatted(", loss %.4f nats a token", *table.costs->loss).c_str() : "");
    std::printf("%-9s", "head");
    for (const HeadColumn& column : columns) std::printf(" %9s", column.name);
    std::printf(" %9s  %s\n", "cost", "usually");
    for (std::size_t h = 0; h < table.survey.heads.size(); ++h) {
        const SurveyedHead& head = table.survey.heads[h];
        std::printf("%-9s", nameOf(table.model, head.place).c_str());
        for (const HeadColumn& column : columns) {
            const double value = column.of(head);
            std::printf(" %9s", std::isfinite(value) ? formatted("%.3f", value).c_str() : "-");
        }
        std::printf(" %9s  %s\n", table.costs ? formatted("%.5f", table.costs->heads[h]).c_str() : "-", rowOf(head.habit()).name);
    }
    std::string counts;
    for (const HabitRow& row : habitTable())
        if (const int count = table.survey.count(row.habit)) counts += formatted("%s%s %d", counts.empty() ? "" : ", ", row.name, count);
    std::printf("usually: %s\n", counts.c_str());
}

void writeHeads(const std::filesystem::path& file, const MeasuredHeads& table) {
    std::string text = "layer,head";
    for (const HeadColumn& column : columns) text += std::string(",") + column.name;
    text += ",cost,usually\n";
    for (std::size_t h = 0; h < table.survey.heads.size(); ++h) {
        const SurveyedHead& head = table.survey.heads[h];
        std::vector<std::string> cells{std::to_string(table.model.attentionBlocks()[static_cast<std::size_t>(head.place.block)].layer),
                                       std::to_string(head.place.head)};
        for (const HeadColumn& column : columns)
            cells.push_back(std::isfinite(column.of(head)) ? numberText(column.of(head)) : std::string());
        cells.push_back(table.costs ? numberText(table.costs->heads[h]) : std::string());
        cells.emplace_back(rowOf(head.habit()).name);
        text += csvLine(cells) + "\n";
    }
    replaceFile(file, {text});
}

HeadSurvey surveyOf(const SavedRun& run, const std::vector<Sample>& samples, const InterruptGuard& interrupt, StatusLine& line) {
    std::vector<Input> inputs;
    for (const Sample& sample : samples) inputs.push_back(inputOf(sample));
    SurveyQuestion question;
    question.special = [&](const std::vector<int>& tokens) { return tokenRoles(*run.tokenizer, tokens).special; };
    question.cancelled = [&] { return interrupt.requested(); };
    question.told = [&](const HeadSurveyor& soFar) {
        if (line.isDue()) line.show(formatted("%d of %d", soFar.inputs(), static_cast<int>(inputs.size())));
    };
    return surveyHeads(*run.model, *run.weights, inputs, question);
}

int heads(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) throw UsageError("a model or a checkpoint is missing");
    const std::optional<std::filesystem::path> out = arguments.path("--out");
    if (out) checkFolderOf(*out);
    const SavedRun run = readRunWithHeads(pathFromUtf8(arguments.positionals().front()));
    const std::vector<Sample> samples = samplesOf(arguments, run);
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    MeasuredHeads table{*run.model, surveyOf(run, samples, interrupt, line), std::nullopt};
    if (arguments.has("--ablate"))
        table.costs = headCosts(
            *run.model, *run.weights, samples, [&] { return interrupt.requested(); },
            [&](int done, int of) {
                if (line.isDue()) line.show(formatted("%d of %d", done, of));
            });
    line.finish();
    if (interrupt.requested()) return exitInterrupted;
    printHeads(table);
    if (out) writeHeads(*out, table);
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
        "Shares of a head's weight, means over the queries that have the number: first, on the first token; separator, on special tokens\n"
        "behind it ([SEP]); previous, next, self; same, on other places of the query's own token; induction, on what followed earlier\n"
        "copies of it. distance: mean |i - j|; entropy: 1 = evenly spread.\n"
        "usually: what the head is called, as in the window: the largest of these shares that is at least half-way from evenly spread\n"
        "weight to all of it over 50 queries or more; else broad, with half of the visible keys in use, or mixed.\n"
        "cost: what the loss rises by with the head off, nats a token; where nothing is asked of a model, 1 - cosine of the mean of its\n"
        "outputs over all tokens with the same of the whole model.";
    command.run = heads;
    return command;
}

}  // namespace lab
