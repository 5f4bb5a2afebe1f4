#include <algorithm>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/status_line.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/path_list.h"
#include "core/base/platform_files.h"
#include "core/data/corpus_manifest.h"
#include "core/text/near_duplicates.h"
#include "core/text/ngram_baselines.h"

namespace lab {
namespace {

constexpr const char* writtenOptions[] = {"--clean", "--train", "--validation", "--manifest"};

/// Names that are parted by commas; "default" stands for the rules that are on by default.
std::vector<std::string> rulesOf(const std::string& list) {
    std::vector<std::string> rules;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const std::string name(trimmed(std::string_view(list).substr(begin, end - begin)));
        begin = end + 1;
        if (name == "default")
            std::ranges::copy(defaultCleaning(), std::back_inserter(rules));
        else if (!name.empty() && name != "none")
            rules.push_back(name);
    }
    return rules;
}

/// One of two words; the first without the option.
bool isSecond(const Arguments& arguments, const std::string& option, const std::string& first, const std::string& second) {
    const std::string value = arguments.value(option).value_or(first);
    if (value != first && value != second) throw UsageError(option + " is " + first + " or " + second + ", not '" + value + "'");
    return value == second;
}

CorpusSettings settingsOf(const Arguments& arguments) {
    CorpusSettings settings;
    if (const auto rules = arguments.value("--rules")) settings.cleaning = rulesOf(*rules);
    CleaningRules(settings.cleaning, "--rules");
    settings.documentsAreFiles = isSecond(arguments, "--documents", "blank_lines", "files");
    settings.splitTail = isSecond(arguments, "--split", "documents", "tail");
    settings.validationShare = arguments.real("--validation-share", settings.validationShare, 0);
    if (settings.validationShare >= 1) throw UsageError("--validation-share is below 1");
    return settings;
}

void printCleaning(const Corpus& corpus) {
    std::printf("\n%-20s %3s %10s %12s\n", "cleaning", "on", "places", "bytes");
    for (std::size_t rule = 0; rule < corpus.report.rows.size(); ++rule) {
        const CleaningCount& row = corpus.report.rows[rule];
        std::printf("%-20s %3s", std::string(CleaningRule::table()[rule].name).c_str(), row.on ? "yes" : "-");
        if (row.on) std::printf(" %10s %12s", groupedDigits(row.places).c_str(), groupedDigits(row.bytes).c_str());
        std::printf("\n");
    }
}

void printReport(const Corpus& corpus, const TextStatistics& counts) {
    const auto line = [](const char* what, const std::string& value) { std::printf("%-32s %s\n", what, value.c_str()); };
    const auto number = [](std::size_t value) { return groupedDigits(static_cast<std::int64_t>(value)); };
    line("raw bytes", number(corpus.rawBytes));
    line("documents", groupedDigits(counts.documents));
    line("characters", groupedDigits(counts.characters));
    line("different characters", groupedDigits(counts.differentCharacters));
    line("words", groupedDigits(counts.words));
    line("different words", groupedDigits(counts.differentWords()));
    line("words seen fewer than 10 times", groupedDigits(counts.rareWords()));
    line("10 commonest words", formatted("%.1f %% of all", 100 * counts.commonestShare()));
    printCleaning(corpus);
    std::printf("\n");
    line("split by", corpus.splitTail ? "tail" : "documents");
    line("training bytes", number(corpus.train.size()));
    line("validation bytes", number(corpus.validation.size()));
    line("runs of 8 words also in training", formatted("%.1f %%", 100 * corpus.repeated));
    line("documents nearly the same", number(nearDuplicates(corpus).size()));
    line("sha-256 of raw", corpus.rawHash);
    line("sha-256 of clean", corpus.cleanHash);
    for (const Message& note : corpus.notes) std::printf("note: %s\n", note.english().c_str());
}

/// In bits a byte, bytes being the tokens: as good as counting gets.
void printBaselines(const Corpus& corpus, const Watch& watch) {
    constexpr int bytes = 256;
    const auto idsOf = [](std::string_view text) {
        std::vector<int> ids(std::min(text.size(), NgramLimits().trainTokens));
        std::ranges::transform(text.substr(0, ids.size()), ids.begin(), [](char byte) { return static_cast<unsigned char>(byte); });
        return ids;
    };
    const NgramBaselines baselines = ngramBaselines(idsOf(corpus.train), idsOf(corpus.validation), bytes, watch);
    std::printf("\nbits a byte of the validation text, by counting bytes\n");
    constexpr const char* names[] = {"uniform", "unigram", "bigram", "trigram", "4-gram", "5-gram"};
    for (std::size_t order = 0; order < baselines.bits.size(); ++order) std::printf("%-32s %.3f\n", names[order], baselines.bits[order]);
}

void writeFiles(const Arguments& arguments, const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings) {
    if (const auto out = arguments.path("--clean")) {
        std::string clean;
        for (const TextDocument& document : corpus.documents) clean += (clean.empty() ? "" : "\n\n") + corpus.textOf(document);
        replaceFile(*out, {clean, "\n"});
    }
    if (const auto out = arguments.path("--train")) replaceFile(*out, {corpus.train});
    if (const auto out = arguments.path("--validation")) replaceFile(*out, {corpus.validation});
    if (const auto out = arguments.path("--manifest")) replaceFile(*out, {corpusManifest(corpus, texts, settings)});
}

int data(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a file or a folder of text is missing");
    const CorpusSettings settings = settingsOf(arguments);
    const std::string paths = pathList(arguments.positionals());
    arguments.protectInputs(dataCommand().options, textFilesOf(paths, {}));
    for (const char* option : writtenOptions)
        if (const auto out = arguments.path(option)) checkFolderOf(*out);
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    const auto watchOf = [&](const char* what) {
        return [&, what](double share) {
            if (line.isDue()) line.show(formatted("%s: %.0f %%", what, 100 * share));
            return !interrupt.requested();
        };
    };
    try {
        const std::vector<RawText> texts = readTexts(paths, {}, watchOf("reading"));
        const Corpus corpus = makeCorpus(texts, settings, watchOf("cleaning"));
        writeFiles(arguments, corpus, texts, settings);
        const bool silent = std::ranges::any_of(writtenOptions, [&](const char* option) { return arguments.has(option); }) &&
                            !arguments.has("--report") && !arguments.has("--json");
        if (silent) return exitDone;
        const TextStatistics counts = textStatistics(corpus, watchOf("counting"));
        line.finish();
        if (arguments.has("--json"))
            std::fputs(corpusReportJson(corpus, settings, counts).c_str(), stdout);
        else
            printReport(corpus, counts);
        if (arguments.has("--baselines")) printBaselines(corpus, watchOf("n-grams"));
    } catch (const InputError&) {
        line.finish();
        if (interrupt.requested()) return exitInterrupted;
        throw;
    }
    return exitDone;
}

std::string ruleList() {
    std::string list;
    for (const CleaningRule& rule : CleaningRule::table())
        list += formatted("\n  %-20s %s%s", std::string(rule.name).c_str(), rule.title.text, rule.byDefault ? " (on by default)" : "");
    return list;
}

}  // namespace

Command dataCommand() {
    Command command;
    command.name = "data";
    command.summary = "Clean a text, say what is in it, and how it is parted for training.";
    command.synopses = {"FILE... [--report|--json] [--baselines] [--rules LIST] [--documents HOW] [--split HOW] [--validation-share S]",
                        "FILE... [--clean OUT] [--manifest M] [--rules LIST] [--documents HOW] ..."};
    command.options = {
        {"--report", "", "counts, cleaning, split and hashes, for people; what is said when no file is to be written", false},
        {"--json", "", "the same as JSON", false},
        {"--baselines", "", "what n-grams of bytes reach on the validation text, of at most 16 MB of each side", false},
        {"--clean", "OUT", "write the clean text, documents parted by a blank line", false, FileUse::written},
        {"--train", "OUT", "write what of it is trained on", false, FileUse::written},
        {"--validation", "OUT", "write what of it is validated on", false, FileUse::written},
        {"--manifest", "M", "write files, hashes, settings and every document's place and side as JSON", false, FileUse::written},
        {"--rules", "LIST", "the rules that are on, parted by commas; default stands for those that are on without it, none for none",
         false},
        {"--documents", "HOW", "blank_lines: cut at blank lines (when not given); files: one a file", false},
        {"--split", "HOW", "documents: drawn by their hashes (when not given); tail: the end of the text", false},
        {"--validation-share", "S", "0.1 when not given", false},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "FILE is a text in UTF-8 of any name, packed with gzip too, or a folder, whose .txt, .md, .txt.gz and .md.gz are read. Rules, in\n"
        "the order in which they are applied:\n" +
        ruleList();
    command.run = data;
    return command;
}

}  // namespace lab
