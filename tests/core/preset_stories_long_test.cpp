// What the sentence of the preset of stories says, with seeds that are not in the file.

#include <QtTest>

#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/text/stories/story_baselines.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

/// Shares of a run's validation stories by phenomenon, after its training.
std::map<std::string_view, double> sharesAfterTraining(Experiment experiment) {
    experiment.training.validate_every = experiment.training.steps;
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    std::map<std::string_view, double> shares;
    const std::vector<Tally> groups = trainer.evaluateValidation().groups;
    for (std::size_t g = 0; g < groups.size(); ++g) shares[StoryPhenomenon::table()[g]->name] = groups[g].share();
    return shares;
}

constexpr int seeds = 5;

}  // namespace

class PresetStoriesLongTest : public QObject {
    Q_OBJECT

private slots:
    void fiveSeedsLearnWhatTheSentenceSays() {
        for (int seed = 11; seed < 11 + seeds; ++seed) {
            Experiment experiment = parseExperiment(findPreset("stories")->json);
            experiment.training.seed = static_cast<std::uint64_t>(seed);
            const auto shares = sharesAfterTraining(experiment);
            for (const auto& [name, share] : shares) qInfo("seed %d: %s %.1f %%", seed, name.data(), 100 * share);
            for (const auto& [name, share] : shares) QVERIFY2(share >= (name == "recall" ? .9 : .95), name.data());
        }
    }
};

QTEST_APPLESS_MAIN(PresetStoriesLongTest)
#include "preset_stories_long_test.moc"
