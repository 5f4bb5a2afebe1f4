#include "core/lessons/settings_between.h"

#include <QtTest>

#include "core/config/experiment_json.h"
#include "core/config/presets.h"

using namespace lab;

class SettingsBetweenTest : public QObject {
    Q_OBJECT

private slots:
    void makeOnePresetOfAnother_data() {
        QTest::addColumn<QString>("name");
        for (const Preset& preset : presets())
            QTest::newRow(std::string(preset.name).c_str()) << QString::fromStdString(std::string(preset.name));
    }
    void makeOnePresetOfAnother() {
        QFETCH(QString, name);
        Experiment experiment = parseExperiment(findPreset("reverse")->json);
        const Experiment wanted = parseExperiment(findPreset(name.toStdString())->json);
        for (const auto& [path, value] : settingsBetween(experiment, wanted)) setJson(experiment, path, value);
        const auto left = settingsBetween(experiment, wanted);
        QVERIFY2(left.empty(), left.empty() ? "" : left.begin()->first.c_str());
    }

    void namesAreNoSettings() {
        Experiment experiment = parseExperiment(findPreset("reverse")->json), other = experiment;
        other.name = "Other";
        QVERIFY(settingsBetween(experiment, other).empty());
    }
};

QTEST_APPLESS_MAIN(SettingsBetweenTest)
#include "settings_between_test.moc"
