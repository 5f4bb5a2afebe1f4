#include "core/io/experiment_file.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/base/platform_files.h"
#include "core/config/experiment.h"
#include "core/config/visitor.h"

using namespace lab;

class ExperimentFileTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

private slots:
    void whatIsSavedLoads() {
        Experiment experiment;
        experiment.about = "Look \xe2\x86\x92 here";
        experiment.model.d_ff = 99;
        saveExperiment(folder() / "e.json", experiment);
        QVERIFY(differences(loadExperiment(folder() / "e.json"), experiment).empty());
    }

    void theFileIsNamed() {
        replaceFile(folder() / "bad.json", {R"({"format": "attention-lab/experiment", "version": 1, "modle": {}})"});
        try {
            loadExperiment(folder() / "bad.json");
            QFAIL("loaded");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).endsWith("bad.json: modle: unknown key; did you mean model?"), error.what());
        }
    }

    void dataPathsFollowTheFile() {
        Experiment e;
        e.task.path = "data/pairs.tsv";
        e.task.validation_path = "/absolute/v.tsv";
        const Experiment moved = relocated(e, folder() / "a", folder() / "b" / "c");
        QCOMPARE(moved.task.path, std::string("../../a/data/pairs.tsv"));
        QCOMPARE(moved.task.validation_path, std::string("/absolute/v.tsv"));
        QCOMPARE(relocated(moved, folder() / "b" / "c", folder() / "a").task.path, e.task.path);
        QCOMPARE(relocated(e, {}, {}).task.path, e.task.path);
        QCOMPARE(relocated(Experiment(), folder(), folder() / "x").task.path, std::string());
        Experiment ofAPreset = e;
        ofAPreset.task.path = "built-in:translation";
        QCOMPARE(relocated(ofAPreset, folder(), folder() / "x").task.path, ofAPreset.task.path);
    }
};

QTEST_APPLESS_MAIN(ExperimentFileTest)
#include "experiment_file_test.moc"
