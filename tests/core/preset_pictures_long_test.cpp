// What the presets of pictures say, with seeds that are not in the files.

#include <QtTest>

#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/pictures/picture_files.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

/// Share of the test set that is right after the whole training.
double testAccuracyOf(std::string_view preset, std::uint64_t seed) {
    Experiment experiment = parseExperiment(findPreset(preset)->json);
    experiment.training.validate_every = experiment.training.steps;
    experiment.training.seed = seed;
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    return trainer.evaluateTest().accuracy;
}

}  // namespace

class PresetPicturesLongTest : public QObject {
    Q_OBJECT

private slots:
    void theTransformerTellsPicturesApart_data() {
        QTest::addColumn<QByteArray>("preset");
        QTest::addColumn<int>("seed");
        QTest::addColumn<double>("least");
        for (int seed = 11; seed <= 15; ++seed) {
            QTest::addRow("shapes %d", seed) << QByteArray("vit-shapes") << seed << 0.98;
            QTest::addRow("fashion %d", seed) << QByteArray("vit-fashion") << seed << 0.87;
        }
    }

    void theTransformerTellsPicturesApart() {
        QFETCH(QByteArray, preset);
        QFETCH(int, seed);
        QFETCH(double, least);
        if (preset == "vit-fashion" && !std::filesystem::exists(fashionMnistFolder())) QSKIP("dataset-fashion-mnist is not installed");
        const double accuracy = testAccuracyOf(preset.toStdString(), static_cast<std::uint64_t>(seed));
        qInfo("%s, seed %d: %.4f", preset.data(), seed, accuracy);
        QVERIFY(accuracy >= least);
    }
};

QTEST_APPLESS_MAIN(PresetPicturesLongTest)
#include "preset_pictures_long_test.moc"
