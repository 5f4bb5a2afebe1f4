// What the presets' sentences say of even maps, held against ablation: off and uniform.

#include <QtTest>

#include "core/analysis/ablation.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

struct Ablated {
    double unchanged = 0, off = 0, uniform = 0;
};

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
};

QTEST_APPLESS_MAIN(PresetWordsLongTest)
#include "preset_words_long_test.moc"
