#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "core/analysis/sentence_similarity.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/data/sentences_dataset.h"

namespace lab {
namespace {

Trace traceOf(const SavedRun& run, const std::string& sentence, const std::string& which) {
    std::vector<Sample> samples = sentenceSamples(sentence, which, *run.tokenizer, run.experiment.model);
    if (samples.size() != 1) throw UsageError(which + " is one line");
    return run.model->trace(
        *run.weights, {.tokens = std::move(samples.front().tokens), .targetTokens = {}, .targets = {}, .masked = {}, .interventions = {}});
}

void printTokens(const SavedRun& run, const Trace& a, const Trace& b, const SentenceSimilarity& similarity) {
    const auto map = similarity.map(similarity.states.size() - 1);
    std::printf("\n%14s", "");
    for (const std::string& token : run.tokenizer->shown(b.tokens)) std::printf(" %9.9s", token.c_str());
    std::printf("\n");
    for (int i = 0; i < similarity.rows; ++i) {
        std::printf("%14.14s", run.tokenizer->shown(a.tokens[static_cast<std::size_t>(i)]).c_str());
        for (int j = 0; j < similarity.columns; ++j)
            std::printf(" %9.4f", static_cast<double>(map[static_cast<std::size_t>(i * similarity.columns + j)]));
        std::printf("\n");
    }
}

nlohmann::json jsonOf(const Trace& a, const Trace& b, const SentenceSimilarity& similarity) {
    return {{"a", a.tokens},
            {"b", b.tokens},
            {"states", similarity.states},
            {"cosines", similarity.cosines},
            {"tokens", similarity.map(similarity.states.size() - 1)}};
}

int similarity(const Arguments& arguments) {
    const std::vector<std::string>& words = arguments.positionals();
    if (words.size() != 3) throw UsageError("similarity takes a model and two sentences, each in quotes");
    const SavedRun run = readRun(pathFromUtf8(words[0]));
    if (!run.tokenizer->isText()) throw InputError(words[0], LAB_TEXT("commands", "reads no running text"));
    if (run.experiment.model.architecture == Architecture::encoder_decoder)
        throw InputError(words[0], LAB_TEXT("commands", "reads two sequences at once; a sentence of its own has no vector"));
    const Trace a = traceOf(run, words[1], "the first sentence"), b = traceOf(run, words[2], "the second sentence");
    const SentenceSimilarity found = similarityOf(*run.model, a, b);
    if (arguments.has("--json")) {
        std::printf("%s\n", jsonOf(a, b, found).dump().c_str());
        return exitDone;
    }
    for (std::size_t i = 0; i < found.states.size(); ++i) std::printf("%-24s %10.7f\n", found.states[i].c_str(), found.cosines[i]);
    if (arguments.has("--tokens")) printTokens(run, a, b, found);
    return exitDone;
}

}  // namespace

Command similarityCommand() {
    Command command;
    command.name = "similarity";
    command.summary = "Say how alike a model makes two sentences, layer by layer.";
    command.synopses = {"MODEL \"A SENTENCE\" \"ANOTHER\" [--tokens] [--json]"};
    command.options = {
        {"--tokens", "", "also the cosine of every token of one with every token of the other, in the last state", false},
        {"--json", "", "one line of JSON: tokens, states, cosines, and those of the tokens", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "The cosine of two means over the hidden states of all tokens of a sentence, those that frame it included, as sentence models "
        "such\n"
        "as all-MiniLM-L6-v2 are used: behind the embedding, behind every layer, and behind the last norm where there is one. The last "
        "line\n"
        "is the model's own. Models that were not trained for it make any two sentences alike.";
    command.run = similarity;
    return command;
}

}  // namespace lab
