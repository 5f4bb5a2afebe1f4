// What the presets' sentences say: of even maps, held against ablation, and of words, with seeds that are not in the files.

#include <QtTest>
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/analysis/ablation.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"
#include "tests/other_seeds.h"

using namespace lab;

namespace {

struct Ablated {
    double unchanged = 0, off = 0, uniform = 0;
};

/// A preset after its training.
struct TrainedPreset {
    LoadedTask task;
    std::shared_ptr<const Model> model;
    Weights weights;

    Trace traceOf(const Sample& sample) const {
        return model->trace(weights, {sample.tokens, sample.targetTokens, sample.targets, {}, {}}, {});
    }
    std::vector<Sample> validation() const {
        std::vector<Sample> samples;
        for (int i = 0; i < task.dataset->validationSize(); ++i) samples.push_back(task.dataset->validationSample(i));
        return samples;
    }
    double accuracy(const std::vector<Intervention>& changes = {}) const {
        return evaluateWith(*model, weights, validation(), changes)->accuracy;
    }
    /// Words of a side, in their order.
    std::vector<std::string> words(const std::vector<int>& tokens) const {
        std::vector<std::string> texts;
        for (const int token : tokens) texts.push_back(token < 0 ? std::string() : task.dataset->tokenizer().decode({token}));
        return texts;
    }
};

TrainedPreset trainedPreset(std::string_view name, std::uint64_t seed) {
    Experiment experiment = parseExperiment(findPreset(name)->json);
    experiment.training.validate_every = experiment.training.steps;
    experiment.training.seed = seed;
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    return {task, model, trainer.state().weights};
}

float weightAt(const Tensor& weights, int head, std::size_t query, std::size_t key) {
    return weights.values[(static_cast<std::size_t>(head) * static_cast<std::size_t>(weights.extent(1)) + query) *
                              static_cast<std::size_t>(weights.extent(2)) +
                          key];
}

const std::map<std::string, std::string> frenchWords = {
    {"cat", "chat"},       {"house", "maison"}, {"car", "voiture"}, {"book", "livre"},   {"table", "table"}, {"bird", "merle"},
    {"flower", "fleur"},   {"bag", "sac"},      {"red", "rouge"},   {"yellow", "jaune"}, {"pink", "rose"},   {"calm", "calme"},
    {"modern", "moderne"}, {"rare", "rare"},    {"hides", "cache"}, {"follows", "suit"}, {"likes", "aime"},  {"draws", "dessine"}};
const std::set<std::string> severalThings = {"dogs", "children", "keys", "birds", "men", "stars", "songs", "trees"};
const std::set<std::string> oneThing = {"dog", "child", "key", "bird", "man", "star", "song", "tree"};
const std::set<std::string> someCities = {"paris", "rome", "berlin", "madrid", "lisbon", "athens", "tokyo", "oslo"};
const std::set<std::string> someLanguages = {"french", "italian", "german", "spanish", "portuguese", "greek", "japanese", "norwegian"};

/// Accuracies of a preset of one layer and one head after its training, with the head as trained, switched off, and made uniform.
Ablated ablated(std::string_view name) {
    Experiment experiment = parseExperiment(findPreset(name)->json);
    experiment.task.validation_size = 100;
    experiment.training.validate_every = experiment.training.steps;
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    std::vector<Sample> samples;
    for (int i = 0; i < task.dataset->validationSize(); ++i) samples.push_back(task.dataset->validationSample(i));
    const auto accuracy = [&](const std::vector<Intervention>& changes) {
        return evaluateWith(*model, trainer.state().weights, samples, changes)->accuracy;
    };
    const AblationSubject head{0, 0};
    return {accuracy({}), accuracy(ablationOf(*model, head, Intervention::Kind::headOff)),
            accuracy(ablationOf(*model, head, Intervention::Kind::headUniform))};
}

}  // namespace

class PresetWordsLongTest : public QObject {
    Q_OBJECT

private slots:
    /// "Its nearly even average is the counting: made uniform, the head still gives 97 % and more, switched off less than 40 %."
    void theEvenAverageOfKVCounts() {
        const Ablated kv = ablated("sort-kv");
        QVERIFY(kv.unchanged > 0.98 && kv.uniform >= 0.97 && kv.off < 0.4);
    }

    /// "With the head made uniform, accuracy falls from 99 % to below 80 %."
    void theSmallDifferencesOfQKVCount() {
        const Ablated qkv = ablated("sort");
        QVERIFY(qkv.unchanged > 0.98 && qkv.uniform < 0.8);
    }

    /// "Writing a noun, an adjective or a verb, the cross-attention puts over nine tenths of its weight on the English word."
    void translationLooksAtTheWordItWrites() {
        for (const int seed : otherSeeds) {
            const TrainedPreset run = trainedPreset("translation", static_cast<std::uint64_t>(seed));
            double sum = 0;
            int count = 0;
            for (const Sample& sample : run.validation()) {
                const Trace trace = run.traceOf(sample);
                const Tensor& weights = *trace.find("decoder.0.cross_attention.weights");
                const auto source = run.words(sample.tokens), written = run.words(sample.targets);
                for (std::size_t i = 0; i < written.size(); ++i) {
                    double there = 0;
                    int places = 0;  // a word that comes twice: what both get
                    for (std::size_t j = 0; j < source.size(); ++j) {
                        const auto french = frenchWords.find(source[j]);
                        if (french == frenchWords.end() || french->second != written[i]) continue;
                        there += static_cast<double>(weightAt(weights, 0, i, j));
                        ++places;
                    }
                    if (places == 0) continue;
                    sum += there;
                    ++count;
                }
            }
            qInfo("seed %d: accuracy %.3f, weight on the word itself %.3f", seed, run.accuracy(), sum / count);
            QVERIFY(run.accuracy() > 0.99 && sum / count > 0.9);
        }
    }

    /// "The gap puts over nine tenths of its weight on the first noun."
    void agreementLooksAtTheFirstNoun() {
        for (const int seed : otherSeeds) {
            const TrainedPreset run = trainedPreset("agreement", static_cast<std::uint64_t>(seed));
            double sum = 0;
            for (const Sample& sample : run.validation()) {
                const Trace trace = run.traceOf(sample);
                const auto words = run.words(sample.tokens);
                const auto isNoun = [](const std::string& word) { return oneThing.contains(word) || severalThings.contains(word); };
                const auto noun = static_cast<std::size_t>(std::ranges::find_if(words, isNoun) - words.begin());
                sum += static_cast<double>(weightAt(*trace.find("encoder.0.attention.weights"), 0, words.size() - 1, noun));
            }
            const double mean = sum / run.task.dataset->validationSize();
            qInfo("seed %d: accuracy %.3f, weight on the first noun %.3f", seed, run.accuracy(), mean);
            QVERIFY(run.accuracy() > 0.99 && mean > 0.9);
        }
    }

    /// "For a masked language a head of layer 1 puts over nine tenths of its weight on the city."
    void aMaskedLanguageLooksAtTheCity() {
        for (const int seed : otherSeeds) {
            const TrainedPreset run = trainedPreset("bert-words", static_cast<std::uint64_t>(seed));
            std::array<double, 2> sums{};
            int count = 0;
            for (const Sample& sample : run.validation()) {
                const auto words = run.words(sample.tokens), answers = run.words(sample.targets);
                const auto masked = std::ranges::find_if(answers, [](const std::string& word) { return someLanguages.contains(word); });
                if (masked == answers.end()) continue;
                const Trace trace = run.traceOf(sample);
                const auto query = static_cast<std::size_t>(masked - answers.begin());
                for (std::size_t j = 0; j < words.size(); ++j)
                    for (int head = 0; head < 2 && someCities.contains(words[j]); ++head)
                        sums[static_cast<std::size_t>(head)] +=
                            static_cast<double>(weightAt(*trace.find("encoder.1.attention.weights"), head, query, j));
                ++count;
            }
            const double best = std::max(sums[0], sums[1]) / count;
            qInfo("seed %d: accuracy %.3f, weight on the city %.3f", seed, run.accuracy(), best);
            QVERIFY(run.accuracy() > 0.99 && best > 0.9);
        }
    }

    /// "As trained, all validation words are right; with the head made uniform or switched off at least one in twenty is wrong."
    void theHeadTellsWordClassesApart() {
        for (const int seed : otherSeeds) {
            const TrainedPreset run = trainedPreset("word-classes", static_cast<std::uint64_t>(seed));
            const AblationSubject head{0, 0};
            const double off = run.accuracy(ablationOf(*run.model, head, Intervention::Kind::headOff));
            const double uniform = run.accuracy(ablationOf(*run.model, head, Intervention::Kind::headUniform));
            qInfo("seed %d: accuracy %.3f, off %.3f, uniform %.3f", seed, run.accuracy(), off, uniform);
            QVERIFY(run.accuracy() == 1.0 && off <= 0.95 && uniform <= 0.95);
        }
    }
};

QTEST_APPLESS_MAIN(PresetWordsLongTest)
#include "preset_words_long_test.moc"
