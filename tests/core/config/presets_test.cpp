#include "core/config/presets.h"

#include <QDir>
#include <QTest>

#include "core/config/derive.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"

using namespace lab;

class PresetsTest : public QObject {
    Q_OBJECT

private slots:
    void everyFileIsCompiledIn() {
        const QStringList files = QDir(LAB_SOURCE_DIR "/resources/presets").entryList({"*.json"}, QDir::Files, QDir::Name);
        QStringList names;
        for (const Preset& preset : presets()) names += QString::fromUtf8(preset.name.data(), preset.name.size()) + ".json";
        QCOMPARE(names, files);
        QVERIFY(findPreset("reverse"));
        QVERIFY(!findPreset("nosuchpreset"));
    }

    void everyPresetIsSound_data() {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Preset& preset : presets()) QTest::newRow(std::string(preset.name).c_str()) << index++;
    }

    void everyPresetIsSound() {
        QFETCH(int, index);
        const Experiment experiment = parseExperiment(presets()[static_cast<std::size_t>(index)].json);
        QVERIFY(!experiment.name.empty());
        QVERIFY2(experiment.about.ends_with('.'), "about says in a sentence what to look at");
        for (const ConfigProblem& problem : problemsOf(experiment)) QFAIL((problem.path + ": " + problem.message).c_str());
        // Derived keys are left out, so that --set and sweeps work.
        QCOMPARE(differences(withoutDerived(resolved(experiment)), experiment).size(), std::size_t(0));
    }
};

QTEST_APPLESS_MAIN(PresetsTest)
#include "presets_test.moc"
