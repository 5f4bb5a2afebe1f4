#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"

/// train --save-every: the states of a training by step.
class KeptStepsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    ProgramResult run(const QStringList& words) const { return runProgram(words, m_folder.path()); }
    QStringList in(const QString& folder) const { return QDir(path(folder)).entryList(QDir::Files, QDir::Name); }
    ProgramResult train(int steps, const QStringList& more, const QStringList& what = {"reverse"}) const {
        QStringList words = QStringList{"train"} + what + QStringList{"--quiet", "--set", QString("training.steps=%1").arg(steps)};
        if (!what.contains("--resume"))
            for (const char* setting :
                 {"training.batch_size=8", "task.seq_len=4", "task.test_size=8", "task.train_size=64", "task.validation_size=8"})
                words << "--set" << setting;
        return run(words + more);
    }
    static QString file(int step) { return QString("step-%1.safetensors").arg(step, 7, 10, QLatin1Char('0')); }

private slots:
    void initTestCase() { EXPECT_STATUS(train(6, {"--out", "all.safetensors", "--save-every", "2"}), 0); }

    void everyNthStepIsKept() {
        QCOMPARE(in("all.steps"), (QStringList{file(0), file(2), file(4), file(6)}));
        QCOMPARE(contents(path("all.steps/" + file(6))), contents(path("all.safetensors")));
        QVERIFY(contents(path("all.steps/" + file(2))) != contents(path("all.steps/" + file(4))));
    }

    void eachIsACheckpoint() {
        const ProgramResult result = run({"lens", "all.steps/" + file(4), "--input", "3 1 4 1"});
        EXPECT_STATUS(result, 0);
        const ProgramResult other = run({"lens", "all.steps/" + file(0), "--input", "3 1 4 1"});
        EXPECT_STATUS(other, 0);
        QVERIFY(result.output != other.output);
    }

    void aTrainingGoesOnFromEach() {
        EXPECT_STATUS(train(6, {"--out", "again.safetensors"}, {"--resume", "all.steps/" + file(2)}), 0);
        QCOMPARE(contents(path("again.safetensors")), contents(path("all.safetensors")));
    }

    void aResumedTrainingGoesOnWithThem() {
        const QStringList kept{"--out", "two.safetensors", "--save-every", "2", "--save-in", "two"};
        EXPECT_STATUS(train(6, kept, {"--resume", "all.steps/" + file(2)}), 0);
        for (const int step : {4, 6}) QCOMPARE(contents(path("two/" + file(step))), contents(path("all.steps/" + file(step))));
    }

    void stepsOfTwoTrainingsAreNotMixed() {
        const ProgramResult result = train(2, {"--save-every", "1", "--save-in", "all.steps"});
        EXPECT_STATUS(result, 1);
        QCOMPARE(result.errors.trimmed(), QString("error: all.steps: has steps of another training: name an empty folder"));
        QCOMPARE(in("all.steps").size(), 4);
    }

    void whereNoFolderCanBeIsSaid() {
        for (const char* folder : {"nowhere/steps", "all.safetensors"}) {
            const ProgramResult result = train(2, {"--save-every", "1", "--save-in", folder});
            EXPECT_STATUS(result, 1);
            QVERIFY2(result.errors.startsWith(QString("error: %1: cannot be made a folder: ").arg(folder)), qPrintable(result.errors));
            QCOMPARE(result.errors.count('\n'), 1);
        }
        EXPECT_STATUS(train(2, {"--save-in", "steps"}), 2);
        EXPECT_STATUS(train(2, {"--save-every", "0"}), 2);
    }
};

QTEST_GUILESS_MAIN(KeptStepsTest)
#include "kept_steps_test.moc"
