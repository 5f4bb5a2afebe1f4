#include "core/io/pairs_experiment.h"

#include <QTemporaryDir>
#include <QTest>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment.h"
#include "core/io/experiment_file.h"

using namespace lab;
namespace fs = std::filesystem;

class PairsExperimentTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private slots:
    void theEndingSaysSo() {
        for (const char* name : {"a.tsv", "a.TSV", "a.txt", "b/a.Txt"}) QVERIFY(isPairsFile(name));
        for (const char* name : {"a.csv", "a.json", "tsv", "a.txt.gz"}) QVERIFY(!isPairsFile(name));
    }

    void anEpochHasAWholeBatch() {
        QCOMPARE(experimentOfPairs("Few", "few.tsv", 20, Architecture::decoder).training.batch_size, 18);
        QCOMPARE(experimentOfPairs("None", "none.tsv", 0, Architecture::decoder).training.batch_size, 1);
        QCOMPARE(experimentOfPairs("Many", "many.tsv", 1000000000, Architecture::decoder).training.batch_size,
                 Experiment().training.batch_size);
    }

    void bothFilesLieBesideEachOther() {
        savePairs(at("my.data"), "1 2\t2 1\n", experimentOfPairs("My data", "my.data.tsv", 1, Architecture::encoder));
        QCOMPARE(readFile(at("my.data.tsv")), std::string("1 2\t2 1\n"));
        const Experiment experiment = loadExperiment(at("my.data.json"));
        QCOMPARE(experiment.name, std::string("My data"));
        QCOMPARE(experiment.task.path, std::string("my.data.tsv"));
        QCOMPARE(utf8Text(freeBase(at("my.data")).filename()), std::string("my.data-2"));
        QCOMPARE(utf8Text(freeBase(at("other")).filename()), std::string("other"));
    }

    void nothingIsReplacedAndNoHalfIsLeft() {
        const Experiment experiment = experimentOfPairs("Taken", "taken.tsv", 1, Architecture::encoder);
        savePairs(at("taken"), "1\t1\n", experiment);
        QVERIFY(fs::remove(at("taken.tsv")));
        QVERIFY_EXCEPTION_THROWN(savePairs(at("taken"), "2\t2\n", experiment), InputError);
        QVERIFY(!fs::exists(at("taken.tsv")));
        QVERIFY_EXCEPTION_THROWN(savePairs(at("no folder") / "x", "2\t2\n", experiment), InputError);
    }
};

QTEST_APPLESS_MAIN(PairsExperimentTest)
#include "pairs_experiment_test.moc"
