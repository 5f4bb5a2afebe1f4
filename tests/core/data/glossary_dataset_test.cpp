#include "core/data/glossary_dataset.h"

#include <QtTest>

#include <map>
#include <set>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

Experiment glossaryExperiment(DictionaryKind kind) {
    Experiment e;
    e.task.kind = "glossary";
    e.task.parameters = {{"entries", 20}, {"train_entries", 12}, {"questions", 5}, {"distractors", 2}, {"words", 60}};
    e.task.train_size = 40;
    e.task.validation_size = 30;
    e.task.test_size = 20;
    e.training.batch_size = 16;
    e.model.architecture = Architecture::decoder;
    e.model.dictionary.kind = kind;
    return e;
}

GlossaryConfig configOf(const Experiment& e) {
    return glossaryConfig(e.task);
}

/// The class that a dictionary, as tokens, gives for what is asked of a word.
int lookedUp(const GlossaryConfig& config, const std::vector<int>& dictionary, int ask, int word) {
    for (std::size_t at = 0; at < dictionary.size(); at += static_cast<std::size_t>(config.entryTokens()))
        if (dictionary[at + static_cast<std::size_t>(config.definition)] == word)
            return dictionary[at + static_cast<std::size_t>(ask - config.ask(0))];
    return -1;
}

std::string problemOf(const Experiment& e) {
    const auto problems = problemsOf(e);
    return problems.empty() ? std::string() : problems.front().path + ": " + problems.front().message.english();
}

}  // namespace

class GlossaryDatasetTest : public QObject {
    Q_OBJECT

private slots:
    void theModelGetsRoom() {
        const LoadedTask task = loadTask(glossaryExperiment(DictionaryKind::standing), {});
        QCOMPARE(*task.experiment.model.vocab_size, 16 + 2 + 60);
        QCOMPARE(*task.experiment.model.num_classes, 16);
        QCOMPARE(*task.experiment.model.dictionary.entry, 3);
        QVERIFY(task.experiment.model.architecture == Architecture::encoder_decoder);
        QCOMPARE(task.dataset->trainSize(), 40);
        QCOMPARE(task.dataset->validationSize(), 30);
        QCOMPARE(task.dataset->testSize(), 20);
    }

    void everyAnswerStandsInTheDictionary() {
        const Experiment e = glossaryExperiment(DictionaryKind::standing);
        const GlossaryConfig config = configOf(e);
        const LoadedTask task = loadTask(e, {});
        int asked = 0;
        for (int i = 0; i < 20; ++i) {
            const Sample sample = task.dataset->testSample(i);
            QCOMPARE(sample.tokens.size(), std::size_t{20 * 3});
            QCOMPARE(sample.targetTokens.size(), std::size_t{5 * 4});
            QCOMPARE(sample.targets.size(), sample.targetTokens.size());
            for (std::size_t p = 0; p < sample.targets.size(); ++p) {
                if (sample.targets[p] < 0) continue;
                ++asked;
                QCOMPARE(sample.targets[p], lookedUp(config, sample.tokens, sample.targetTokens[p - 1], sample.targetTokens[p]));
            }
        }
        QCOMPARE(asked, 20 * 5);
    }

    void theWaysDifferInNothingButHowTheEntriesAreGiven() {
        const auto sampleOf = [](DictionaryKind kind) { return loadTask(glossaryExperiment(kind), {}).dataset->trainSample(7); };
        const Sample none = sampleOf(DictionaryKind::none), context = sampleOf(DictionaryKind::context);
        const Sample attended = sampleOf(DictionaryKind::attended), standing = sampleOf(DictionaryKind::standing);
        QCOMPARE(attended.tokens, standing.tokens);
        QCOMPARE(attended.targetTokens, none.tokens);
        QCOMPARE(standing.targets, none.targets);
        std::vector<int> joined = standing.tokens, targets(standing.tokens.size(), -1);
        joined.insert(joined.end(), none.tokens.begin(), none.tokens.end());
        targets.insert(targets.end(), none.targets.begin(), none.targets.end());
        QCOMPARE(context.tokens, joined);
        QCOMPARE(context.targets, targets);
        QVERIFY(context.targetTokens.empty() && none.targetTokens.empty());
    }

    void trainingHasDictionariesOfItsOwnSize() {
        const LoadedTask task = loadTask(glossaryExperiment(DictionaryKind::attended), {});
        QCOMPARE(task.dataset->trainSample(0).tokens.size(), std::size_t{12 * 3});
        QCOMPARE(task.dataset->validationSample(0).tokens.size(), std::size_t{20 * 3});
        Experiment e = glossaryExperiment(DictionaryKind::attended);
        e.task.parameters.reset("train_entries");
        QCOMPARE(loadTask(e, {}).dataset->trainSample(0).tokens.size(), std::size_t{20 * 3});
    }

    void noWordMeansTheSameInTwoParts() {
        const GlossaryConfig config = configOf(glossaryExperiment(DictionaryKind::none));
        std::set<std::pair<int, std::vector<int>>> met[3];
        for (const auto part : {GlossaryPart::train, GlossaryPart::validation, GlossaryPart::test})
            for (int i = 0; i < 200; ++i)
                for (const GlossaryEntry& entry : glossaryPage(config, 5, part, i).entries)
                    met[static_cast<int>(part)].insert({entry.word, entry.meaning});
        QVERIFY(met[0].size() > 1000 && met[1].size() > 500 && met[2].size() > 500);
        for (const auto& [a, b] : {std::pair{0, 1}, {0, 2}, {1, 2}})
            for (const auto& each : met[a]) QVERIFY(!met[b].contains(each));
    }

    void halfOfTheMeaningsAreTrainedOn() {
        GlossaryConfig config;
        for (const int definition : {2, 3}) {
            config.definition = definition;
            std::map<GlossaryPart, int> count;
            for (int word = 0; word < 20; ++word)
                for (int a = 0; a < 8; ++a)
                    for (int b = 0; b < 8; ++b) {
                        GlossaryEntry entry{word, {a, b}};
                        if (definition == 3) entry.meaning.push_back(1);
                        ++count[partOf(config, entry)];
                    }
            QCOMPARE(count[GlossaryPart::train], 20 * 32);
            QCOMPARE(count[GlossaryPart::validation], 20 * 16);
            QCOMPARE(count[GlossaryPart::test], 20 * 16);
        }
    }

    /// Counting the answers of training by what is asked and of which word is the best that can be done without the dictionary.
    void withoutTheDictionaryNothingBeatsChance() {
        GlossaryConfig config = configOf(glossaryExperiment(DictionaryKind::none));
        config.questions = 40;
        std::map<std::pair<int, int>, std::map<int, int>> seen;
        const auto each = [&](GlossaryPart part, int pages, auto act) {
            for (int i = 0; i < pages; ++i) {
                const GlossaryPage page = glossaryPage(config, 5, part, i);
                for (std::size_t p = 1; p < page.text.size(); ++p)
                    if (page.targets[p] >= 0) act(std::pair{page.text[p - 1], page.text[p]}, page.targets[p]);
            }
        };
        each(GlossaryPart::train, 2000, [&](auto question, int answer) { ++seen[question][answer]; });
        int right = 0, all = 0;
        each(GlossaryPart::test, 500, [&](auto question, int answer) {
            const auto& answers = seen[question];
            const auto best = std::ranges::max_element(answers, {}, [](const auto& a) { return a.second; });
            right += best != answers.end() && best->first == answer;
            ++all;
        });
        QCOMPARE(all, 500 * 40);
        QVERIFY2(right <= (config.chance() + 0.03) * all, qPrintable(QString::number(double(right) / all)));
    }

    void pagesAreAFunctionOfSeedPartAndNumber() {
        const GlossaryConfig config = configOf(glossaryExperiment(DictionaryKind::none));
        const auto page = [&](std::uint64_t seed, GlossaryPart part, int i) { return glossaryPage(config, seed, part, i).text; };
        QCOMPARE(page(1, GlossaryPart::train, 3), page(1, GlossaryPart::train, 3));
        QVERIFY(page(1, GlossaryPart::train, 3) != page(2, GlossaryPart::train, 3));
        QVERIFY(page(1, GlossaryPart::train, 3) != page(1, GlossaryPart::validation, 3));
        QVERIFY(page(1, GlossaryPart::train, 3) != page(1, GlossaryPart::train, 4));
    }

    void tokensAreWords() {
        const LoadedTask task = loadTask(glossaryExperiment(DictionaryKind::context), {});
        const Tokenizer& tokenizer = task.dataset->tokenizer();
        const Sample sample = task.dataset->testSample(2);
        QCOMPARE(tokenizer.encode(tokenizer.decode(sample.tokens)), sample.tokens);
        QCOMPARE(tokenizer.shown(0), std::string("red"));
        QCOMPARE(tokenizer.shown(16), std::string("colour?"));
    }

    void whatDoesNotGoTogetherIsRefused() {
        Experiment e = glossaryExperiment(DictionaryKind::standing);
        QCOMPARE(problemOf(e), std::string());
        e.model.architecture = Architecture::encoder;
        QCOMPARE(problemOf(e), std::string("model.architecture: an encoder alone has no decoder to read a dictionary that is standing; use "
                                           "decoder"));
        e = glossaryExperiment(DictionaryKind::context);
        e.model.architecture = Architecture::encoder;
        QCOMPARE(problemOf(e), std::string());
        e.model.architecture = Architecture::encoder_decoder;
        QVERIFY(problemOf(e).starts_with("model.architecture: an encoder-decoder's encoder reads the dictionary"));
        e = glossaryExperiment(DictionaryKind::standing);
        e.model.dictionary.entry = 4;
        QCOMPARE(problemOf(e), std::string("model.dictionary.entry: 4, but the task's entries have 3 tokens; use 3 or leave it out"));
        e = glossaryExperiment(DictionaryKind::standing);
        e.model.d_ff = 0;
        QCOMPARE(problemOf(e), std::string("model.d_ff: a standing dictionary is read by the feed-forward layer; use at least 1"));
        e = glossaryExperiment(DictionaryKind::none);
        e.task.parameters.set("entries", 61);
        QCOMPARE(problemOf(e), std::string("task.entries: 61 entries need as many made-up words, and there are 60; use fewer, or set words "
                                           "to 61"));
        Experiment other;
        other.model.architecture = Architecture::decoder;
        other.model.dictionary.kind = DictionaryKind::standing;
        QCOMPARE(problemOf(other), std::string("model.dictionary.kind: task reverse has no dictionary; use none, or task glossary"));
    }

    void theExperimentIsReadBackAsItWasWritten() {
        for (const DictionaryKind kind :
             {DictionaryKind::none, DictionaryKind::context, DictionaryKind::attended, DictionaryKind::standing}) {
            const Experiment whole = resolved(glossaryExperiment(kind));
            const Experiment read = parseExperiment(writeExperiment(whole));
            QCOMPARE(writeExperiment(read), writeExperiment(whole));
            QVERIFY(read.model.dictionary.kind == kind);
        }
    }
};

QTEST_APPLESS_MAIN(GlossaryDatasetTest)
#include "glossary_dataset_test.moc"
