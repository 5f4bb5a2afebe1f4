// What cannot be written is said in a sentence, and nothing is lost by it. The same on a disk that is really full: tests/faults/disk.py.

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"
#include "tests/patience.h"

namespace {

QStringList training(const QStringList& more) {
    QStringList arguments{"train", "reverse", "--quiet"};
    for (const char* setting : {"training.steps=5", "training.batch_size=16", "task.seq_len=4", "task.test_size=8", "task.train_size=64",
                                "task.validation_size=8"})
        arguments << "--set" << setting;
    return arguments + more;
}

/// The program where no file may grow beyond so many bytes, which a full disk looks like: a write that comes back short or not at all.
ProgramResult runWithRoomFor(int bytes, const QStringList& arguments, const QString& folder) {
    QStringList quoted;
    for (const QString& word : QStringList{QStringLiteral(LAB_PROGRAM)} + arguments) quoted << '\'' + word + '\'';
    QProcess process;
    prepareProgram(process, {}, folder);
    process.setProgram(QStringLiteral("sh"));
    // Blocks of 512 bytes; the signal would end the program before it could say a word.
    process.setArguments(
        {QStringLiteral("-c"), QStringLiteral("trap '' XFSZ; ulimit -f %1; exec %2").arg(bytes / 512).arg(quoted.join(' '))});
    process.start();
    return finishProgram(process);
}

}  // namespace

class FullDiskTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList files() const { return QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden); }

private slots:
    void initTestCase() { EXPECT_STATUS(runProgram(training({"--out", "good.safetensors"}), m_folder.path()), 0); }

    void aStateThatDoesNotFitLeavesTheOneBefore() {
        const QByteArray before = contents(path("good.safetensors"));
        QVERIFY(before.size() > 8192);
        const ProgramResult result = runWithRoomFor(8192, training({"--out", "good.safetensors"}), m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: good.safetensors: cannot be written: "), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
        QCOMPARE(contents(path("good.safetensors")), before);
        QCOMPARE(files(), QStringList{"good.safetensors"});
    }

    void metricsThatDoNotFitAreSaid() {
        const ProgramResult result = runWithRoomFor(512, training({"--set", "training.steps=300", "--metrics", "m.csv"}), m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: m.csv: "), qPrintable(result.errors));
        QVERIFY(QFile::remove(path("m.csv")));
    }

    void aPictureThatDoesNotFitIsSaid() {
        for (const char* name : {"maps.png", "maps.svg", "maps.pdf", "maps.csv"}) {
            const ProgramResult result =
                runWithRoomFor(512, {"render", "good.safetensors", "--view", "maps", "--input", "3 1 4 1", "--out", name}, m_folder.path());
            EXPECT_STATUS(result, 1);
            QVERIFY2(result.errors.startsWith(QStringLiteral("error: %1: ").arg(name)), qPrintable(result.errors));
            QVERIFY2(!QFile::exists(path(name)), name);
        }
        QCOMPARE(files(), QStringList{"good.safetensors"});
    }

    void aStepThatDoesNotFitEndsTheTrainingInASentence() {
        const ProgramResult result = runWithRoomFor(8192, training({"--save-every", "2", "--save-in", "steps"}), m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: steps/step-0000000.safetensors: cannot be written: "), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
        QVERIFY(QDir(path("steps")).removeRecursively());
        QCOMPARE(files(), QStringList{"good.safetensors"});
    }

    void aFullDeviceIsSaidAndTheStateRescued() {
        if (!QFile::exists(QStringLiteral("/dev/full"))) QSKIP("there is no /dev/full");
        const ProgramResult result = runProgram(training({"--out", "/dev/full"}), m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: /dev/full: cannot be written: No space left on device"), qPrintable(result.errors));
        QVERIFY2(result.errors.contains("is in reverse.rescued.safetensors instead"), qPrintable(result.errors));
        QCOMPARE(contents(path("reverse.rescued.safetensors")), contents(path("good.safetensors")));
        QVERIFY(QFile::remove(path("reverse.rescued.safetensors")));
    }

    void aFolderThatIsNotThereIsSaidBeforeTheTraining() {
        const ProgramResult result = runProgram(training({"--out", "nowhere/s.safetensors"}), m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains("nowhere"), qPrintable(result.errors));
    }

    void aFolderThatVanishesDuringTheTrainingCostsNothing() {
        QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("vanishing")));
        QProcess process;
        prepareProgram(process, training({"--set", "training.steps=3000", "--out", "vanishing/s.safetensors", "--metrics", "steps.csv"}),
                       m_folder.path());
        process.start();
        QTRY_VERIFY_WITH_TIMEOUT(contents(path("steps.csv")).size() > 2000, lab::patience);
        QVERIFY(QDir(path("vanishing")).removeRecursively());
        const ProgramResult result = finishProgram(process);
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains("vanishing/s.safetensors: cannot be written"), qPrintable(result.errors));
        EXPECT_STATUS(runProgram({"trace", "reverse.rescued.safetensors", "--input", "3 1 4 1", "--out", "t.safetensors"}, m_folder.path()),
                      0);
    }
};

QTEST_GUILESS_MAIN(FullDiskTest)
#include "full_disk_test.moc"
