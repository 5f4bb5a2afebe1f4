// The small pictures of the presets (resources/help/preset_maps.txt) are what their runs show; ATTENTION_LAB_WRITE_PRESET_MAPS=1 writes
// them anew.

#include <QtTest>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "core/analysis/kept_map.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/model/sample_input.h"
#include "core/pictures/picture_files.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

const char* const keptMaps = LAB_SOURCE_DIR "/resources/help/preset_maps.txt";
/// What rounding and another instruction set may change, a mean over the cells.
constexpr double mapTolerance = 0.02;

bool writes() {
    return qEnvironmentVariableIsSet("ATTENTION_LAB_WRITE_PRESET_MAPS");
}

/// On the first validation sample, after the whole training.
KeptMap mapOfPreset(const Preset& preset) {
    Experiment experiment = parseExperiment(preset.json);
    experiment.training.validate_every = experiment.training.steps;
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    const Sample sample = task.dataset->validationSample(0);
    const Trace trace = model->trace(trainer.state().weights, inputOf(sample), {});
    return sharpestMap(*model, task.experiment.task, trace);
}

/// By the preset's name, as they stand in the file.
std::map<std::string, std::string, std::less<>> readKeptMaps() {
    std::map<std::string, std::string, std::less<>> maps;
    std::istringstream lines(readFile(keptMaps));
    for (std::string name, map; lines >> name && std::getline(lines >> std::ws, map);) maps[name] = map;
    return maps;
}

void writeKeptMap(const std::string& preset, const KeptMap& map) {
    auto maps = readKeptMaps();
    maps[preset] = keptMapText(map);
    std::ofstream out(keptMaps);
    for (const auto& [name, text] : maps)
        if (findPreset(name)) out << name << ' ' << text << '\n';
}

}  // namespace

class PresetMapsLongTest : public QObject {
    Q_OBJECT

private slots:
    void everyPresetHasItsPicture() {
        if (!writes()) QCOMPARE(readKeptMaps().size(), presets().size());
    }

    void everyPictureIsWhatItsRunShows_data() {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < presets().size(); ++i) QTest::newRow(std::string(presets()[i].name).c_str()) << static_cast<int>(i);
    }

    void everyPictureIsWhatItsRunShows() {
        QFETCH(int, number);
        const Preset& preset = presets()[static_cast<std::size_t>(number)];
        if (preset.name == "vit-fashion" && !std::filesystem::exists(fashionMnistFolder())) QSKIP("dataset-fashion-mnist is not installed");
        const KeptMap now = mapOfPreset(preset);
        if (writes()) writeKeptMap(std::string(preset.name), now);
        const auto kept = readKeptMaps();
        const auto found = kept.find(preset.name);
        QVERIFY(found != kept.end() && parseKeptMap(found->second));
        const KeptMap then = *parseKeptMap(found->second);
        QVERIFY(now.rows == then.rows && now.columns == then.columns);
        double difference = 0;
        for (std::size_t i = 0; i < now.weights.size(); ++i)
            difference += std::abs(static_cast<double>(now.weights[i]) - static_cast<double>(then.weights[i]));
        difference /= static_cast<double>(now.weights.size());
        QVERIFY2(difference < mapTolerance, qPrintable(QString::number(difference)));
    }
};

QTEST_APPLESS_MAIN(PresetMapsLongTest)
#include "preset_maps_long_test.moc"
