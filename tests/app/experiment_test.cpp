#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class ExperimentTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        EXPECT_STATUS(
            runProgram({"train", "reverse", "--set", "training.steps=2", "--set", "task.test_size=1", "--quiet", "--out", "r.safetensors"},
                       m_folder.path()),
            0);
    }

    void saysAndTablesWhatItMeasured() {
        const ProgramResult maps = experiment({"--kind", "maps", "--out", "maps.csv"});
        EXPECT_STATUS(maps, 0);
        QVERIFY2(maps.output.contains("64 validation inputs of 16 tokens, step 2"), qPrintable(maps.output));
        QCOMPARE(lines("maps.csv").front(), QByteArray("name,accuracy_own,accuracy_mean,accuracy_other,loss_own,loss_mean,loss_other"));
        QCOMPARE(lines("maps.csv").size(), 2);
        const ProgramResult positions = experiment({"--kind", "positions", "--out", "positions.csv"});
        EXPECT_STATUS(positions, 0);
        QVERIFY2(positions.output.contains("learned on 192 validation inputs"), qPrintable(positions.output));
        QCOMPARE(lines("positions.csv").front(), QByteArray("name,before,heads,after_output,after_sum,chance"));
        QVERIFY(lines("positions.csv")[1].endsWith(",0.0625"));
    }

    void badCallsAreRefused() {
        EXPECT_STATUS(experiment({}), 2);
        EXPECT_STATUS(experiment({"--kind", "else"}), 2);
        EXPECT_STATUS(runProgram({"experiment", "none.safetensors", "--kind", "maps"}, m_folder.path()), 1);
    }

private:
    ProgramResult experiment(const QStringList& arguments) {
        return runProgram(QStringList{"experiment", "r.safetensors"} + arguments, m_folder.path());
    }
    QList<QByteArray> lines(const QString& name) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n') : QList<QByteArray>();
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ExperimentTest)
#include "experiment_test.moc"
