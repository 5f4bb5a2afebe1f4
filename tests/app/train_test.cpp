#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "core/io/safetensors.h"
#include "tests/app/files.h"
#include "tests/app/program.h"
#include "tests/patience.h"

using namespace lab;

namespace {

/// The preset made small: some hundred steps take a fraction of a second.
QStringList smallTraining(int steps, const QStringList& more = {}) {
    QStringList arguments = {"train", "reverse"};
    for (const QString& setting : {QString("training.steps=%1").arg(steps), QString("training.batch_size=32"), QString("task.seq_len=8"),
                                   QString("model.d_model=16"), QString("task.train_size=2000"), QString("task.validation_size=64"),
                                   QString("task.test_size=64"), QString("training.validate_every=20")})
        arguments << "--set" << setting;
    return arguments + more;
}

/// The cells that do not depend on the clock.
QList<QByteArrayList> rowsWithoutSpeed(const QByteArray& csv) {
    QList<QByteArrayList> rows;
    for (const QByteArray& line : csv.trimmed().split('\n')) rows += line.split(',').mid(0, 7);
    return rows;
}

}  // namespace

class TrainTest : public QObject {
    Q_OBJECT

private slots:
    void writesMetricsStateAndTestAccuracy() {
        const ProgramResult result = runProgram(smallTraining(50, {"--metrics", "m.csv", "--out", "s.safetensors"}), m_folder.path());
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.startsWith("test accuracy "), qPrintable(result.output));
        QVERIFY2(result.errors.contains("step 50 / 50"), qPrintable(result.errors));
        QVERIFY(result.errors.contains("tokens/s"));
        QVERIFY(result.errors.contains("s.safetensors"));
        const QList<QByteArrayList> rows = rowsWithoutSpeed(contents(path("m.csv")));
        QCOMPARE(rows.size(), 51);
        QCOMPARE(rows[0].join(','),
                 QByteArray("step,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm"));
        for (int step = 1; step <= 50; ++step) {
            QCOMPARE(rows[step][0].toInt(), step);
            QCOMPARE(rows[step][3].isEmpty(), step % 20 != 0 && step != 50);
        }
        QVERIFY(rows[50][1].toDouble() < rows[1][1].toDouble());
    }

    void quietSaysOnlyTheResult() {
        const ProgramResult result = runProgram(smallTraining(5, {"--quiet"}), m_folder.path());
        EXPECT_STATUS(result, 0);
        QCOMPARE(result.errors, QString());
        QCOMPARE(result.output.count('\n'), 1);
    }

    /// With a learning rate of 0 nothing is lower than the first validation.
    void endsEarlyOnRequestAndKeepsTheBest() {
        const QStringList still = {"--set", "training.optimizer.learning_rate=0", "--set", "training.early_stop=2"};
        const ProgramResult result =
            runProgram(smallTraining(200, still + QStringList{"--out", "end.safetensors", "--best", "best.safetensors"}), m_folder.path());
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.errors.contains("ended at step 60: 2 validations in a row were not below that of step 20"),
                 qPrintable(result.errors));
        QVERIFY(result.errors.contains("of step 20, in best.safetensors"));
        const auto state = [&](const char* file) {
            return QString::fromStdString(readSafetensorsMetadata(path(file).toStdString()).at("attention_lab.state"));
        };
        QVERIFY(state("end.safetensors").contains("\"step\":60") && state("end.safetensors").contains("\"since\":2"));
        QVERIFY(state("best.safetensors").contains("\"since\":0"));
        const ProgramResult again = runProgram({"train", "--quiet", "--resume", "end.safetensors"}, m_folder.path());
        EXPECT_STATUS(again, 0);
        QVERIFY2(again.errors.contains("nothing is left to train"), qPrintable(again.errors));
        const ProgramResult on = runProgram(
            {"train", "--resume", "end.safetensors", "--set", "training.early_stop=0", "--best", "new.safetensors"}, m_folder.path());
        EXPECT_STATUS(on, 0);
        QVERIFY(on.errors.contains("step 200 / 200") && !QFile::exists(path("new.safetensors")));
        EXPECT_STATUS(runProgram(smallTraining(5, {"--best", "a.safetensors", "--out", "a.safetensors"}), m_folder.path()), 2);
    }

    void threadsDoNotChangeTheBits() {
        for (const char* threads : {"1", "2", "3"}) {
            const QString file = QString("threads%1.safetensors").arg(threads);
            EXPECT_STATUS(runProgram(smallTraining(30, {"--quiet", "--threads", threads, "--out", file}), m_folder.path()), 0);
            QVERIFY(!contents(path(file)).isEmpty());
            QCOMPARE(contents(path(file)), contents(path("threads1.safetensors")));
        }
    }

    void interruptSavesAndResumeGivesTheSameBits() {
        const QStringList training = smallTraining(3000, {"--quiet"});
        EXPECT_STATUS(runProgram(training + QStringList{"--out", "whole.safetensors", "--metrics", "whole.csv"}, m_folder.path()), 0);

        QProcess process;
        prepareProgram(process, training + QStringList{"--metrics", "parts.csv"}, m_folder.path());
        process.start();
        QTRY_VERIFY_WITH_TIMEOUT(contents(path("parts.csv")).contains("\n20,"), lab::patience);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const ProgramResult interrupted = finishProgram(process);
        EXPECT_STATUS(interrupted, 130);
        QVERIFY2(interrupted.errors.contains("reverse.interrupted.safetensors"), qPrintable(interrupted.errors));
        QVERIFY(rowsWithoutSpeed(contents(path("parts.csv"))).size() < 3001);

        const ProgramResult resumed = runProgram(
            {"train", "--quiet", "--resume", "reverse.interrupted.safetensors", "--out", "parts.safetensors", "--metrics", "parts.csv"},
            m_folder.path());
        EXPECT_STATUS(resumed, 0);
        QVERIFY(!contents(path("whole.safetensors")).isEmpty());
        QVERIFY(contents(path("parts.safetensors")) == contents(path("whole.safetensors")));
        QVERIFY(rowsWithoutSpeed(contents(path("parts.csv"))) == rowsWithoutSpeed(contents(path("whole.csv"))));
    }

    void interruptSavesToOut() {
        QProcess process;
        prepareProgram(process, smallTraining(1000000, {"--metrics", "out.csv", "--out", "stopped.safetensors"}), m_folder.path());
        process.start();
        QTRY_VERIFY_WITH_TIMEOUT(contents(path("out.csv")).contains("\n20,"), lab::patience);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const ProgramResult result = finishProgram(process);
        EXPECT_STATUS(result, 130);
        QVERIFY(QFile::exists(path("stopped.safetensors")));
        QVERIFY2(result.errors.contains("train --resume stopped.safetensors"), qPrintable(result.errors));
        QVERIFY(result.output.isEmpty());
    }

    void aFinishedStateHasNothingToGoOnWith() {
        EXPECT_STATUS(runProgram(smallTraining(3, {"--quiet", "--out", "finished.safetensors"}), m_folder.path()), 0);
        const ProgramResult again =
            runProgram({"train", "--quiet", "--resume", "finished.safetensors", "--out", "again.safetensors"}, m_folder.path());
        EXPECT_STATUS(again, 0);
        QCOMPARE(again.errors,
                 QString("the state is of step 3 and training.steps is 3: nothing is left to train; go on with --set training.steps=N\n"));
        QVERIFY(contents(path("again.safetensors")) == contents(path("finished.safetensors")));
    }

    void aModelTooLargeForTheMemoryIsRefusedBeforeItIsMade() {
        const ProgramResult result =
            runProgram(smallTraining(1, {"--set", "model.d_model=16384", "--set", "model.num_layers=256", "--set", "model.d_ff=65536"}),
                       m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: model: training its ") && result.errors.contains(" of memory"),
                 qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
    }

    void divergenceIsAnErrorAndKeepsTheLastGoodState() {
        EXPECT_STATUS(runProgram(smallTraining(1, {"--quiet", "--out", "tame.safetensors"}), m_folder.path()), 0);
        NamedTensors huge;
        const TensorFile tame = readSafetensors(path("tame.safetensors").toStdString());
        for (auto [name, tensor] : tame.tensors.entries()) {
            for (float& value : tensor.values) value = 1e38F;
            if (!name.starts_with("optimizer.")) huge.set(name, tensor);
        }
        writeSafetensors(path("huge.safetensors").toStdString(), huge);
        const ProgramResult result =
            runProgram(smallTraining(50, {"--quiet", "--init", "huge.safetensors", "--out", "wild.safetensors"}), m_folder.path());
        EXPECT_STATUS(result, 1);
        QCOMPARE(result.errors,
                 QString("error: the training diverged at step 1: loss is not finite; wild.safetensors has the state before it\n"));
        QVERIFY(QFile::exists(path("wild.safetensors")));
    }

    /// A step whose loss and gradients are finite, but not its weights; there is no next one that could find it.
    void whatIsWrittenOfATrainingThatDivergedInItsLastStepCanBeRead() {
        const QStringList rootOfNothing = {"--set", "training.optimizer.kind=adam", "--set", "training.optimizer.epsilon=1e-300"};
        const ProgramResult result = runProgram(
            smallTraining(1, QStringList{"--quiet", "--metrics", "nan.csv", "--out", "nan.safetensors"} + rootOfNothing), m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: the training diverged at step 1: a weight of ") &&
                     result.errors.endsWith(" is not finite; nan.safetensors has the state before it\n"),
                 qPrintable(result.errors));
        QCOMPARE(result.output, QString());
        QCOMPARE(rowsWithoutSpeed(contents(path("nan.csv"))).size(), 1);
        EXPECT_STATUS(runProgram({"train", "--resume", "nan.safetensors", "--set", "training.optimizer.epsilon=1e-8", "--metrics",
                                  "nan.csv", "--quiet"},
                                 m_folder.path()),
                      0);
    }

    void initTakesWeightsOnly() {
        EXPECT_STATUS(runProgram(smallTraining(10, {"--quiet", "--out", "first.safetensors"}), m_folder.path()), 0);
        EXPECT_STATUS(runProgram(smallTraining(10, {"--quiet", "--init", "first.safetensors", "--metrics", "second.csv"}), m_folder.path()),
                      0);
        QCOMPARE(rowsWithoutSpeed(contents(path("second.csv"))).size(), 11);
        const ProgramResult other =
            runProgram(smallTraining(10, {"--quiet", "--init", "first.safetensors", "--set", "model.d_ff=8"}), m_folder.path());
        EXPECT_STATUS(other, 1);
        QVERIFY2(other.errors.contains("first.safetensors") && other.errors.contains("feed_forward"), qPrintable(other.errors));
    }

    void ownPairsTrainWithoutATestSet() {
        write(path("pairs.tsv"), "the cat sat\tle chat assis\na dog ran\tun chien court\nthe dog sat\tle chien assis\n");
        write(path("pairs.json"), R"({"format": "attention-lab/experiment", "version": 1,
            "task": {"kind": "pairs", "path": "pairs.tsv", "validation_size": 0},
            "model": {"d_model": 16}, "training": {"steps": 5, "batch_size": 2, "shuffle": false}})");
        QDir(m_folder.path()).mkdir("deeper");
        const ProgramResult result = runProgram({"train", path("pairs.json"), "--out", "../deeper/words.safetensors"}, path("deeper"));
        EXPECT_STATUS(result, 0);
        QVERIFY2(!result.output.contains("test accuracy"), qPrintable(result.output));
        // The data is still found from another folder, for the state says where it lies from there.
        EXPECT_STATUS(
            runProgram({"train", "--resume", "deeper/words.safetensors", "--set", "training.steps=8", "--quiet"}, m_folder.path()), 0);
        const ProgramResult trace =
            runProgram({"trace", "deeper/words.safetensors", "--input", "the dog ran", "--out", "t.safetensors"}, m_folder.path());
        EXPECT_STATUS(trace, 0);
        const ProgramResult unknown =
            runProgram({"trace", "deeper/words.safetensors", "--input", "the bird ran", "--out", "t.safetensors"}, m_folder.path());
        EXPECT_STATUS(unknown, 1);
        QVERIFY2(unknown.errors.contains("bird"), qPrintable(unknown.errors));
    }

    void aPairsFileIsAnExperimentOfItsOwn() {
        write(path("bare.tsv"), "the cat sat\tle chat assis\na dog ran\tun chien court\n");
        const ProgramResult result =
            runProgram({"train", path("bare.tsv"), "--set", "training.steps=3", "--quiet", "--out", "bare.safetensors"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        EXPECT_STATUS(runProgram({"trace", "bare.safetensors", "--input", "a cat", "--out", "t.safetensors"}, m_folder.path()), 0);
    }

    void badPairsAreNamedByLine() {
        write(path("bad.tsv"), "1 2\t2 1\n1 2 3\t2 1\n");
        write(path("bad.json"), R"({"format": "attention-lab/experiment", "version": 1, "task": {"kind": "pairs", "path": "bad.tsv"}})");
        const ProgramResult result = runProgram({"train", "bad.json"}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains("bad.tsv:2:7"), qPrintable(result.errors));
    }

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TrainTest)
#include "train_test.moc"
