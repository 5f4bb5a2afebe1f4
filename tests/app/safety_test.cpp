#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <filesystem>

#include "core/io/checkpoint.h"
#include "core/io/session_file.h"
#include "core/training/metrics_csv.h"
#include "tests/app/program.h"
#include "tests/patience.h"

using namespace lab;

namespace {

const QStringList small = {"--set",  "training.steps=2",   "--set", "training.batch_size=2",  "--set", "task.seq_len=4",
                           "--set",  "task.train_size=16", "--set", "task.validation_size=4", "--set", "task.test_size=4",
                           "--quiet"};
const QStringList endless = {"train", "reverse",         "--set", "training.steps=100000000", "--set", "task.seq_len=4",
                             "--set", "model.d_model=8", "--set", "training.batch_size=4",    "--set", "training.validate_every=5"};

}  // namespace

/// Nothing that a person made is lost by a wrong name, a signal or a full disk.
class SafetyTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        write("p.tsv", "1 2 3 4\t4 3 2 1\n2 2 3 1\t1 3 2 2\n1 1 3 4\t4 3 1 1\n2 2 2 1\t1 2 2 2\n");
        write("x.json", R"({"format": "attention-lab/experiment", "version": 1, "task": {"kind": "pairs", "path": "p.tsv"}})");
    }

    void anOutputIsNoInput_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* name, const QStringList& arguments) { QTest::newRow(name) << arguments; };
        row("pairs by --out", QStringList{"train", "p.tsv", "--out", "p.tsv"} + small.mid(0, 4) + QStringList{"--quiet"});
        row("pairs by another name", QStringList{"train", "p.tsv", "--out", "./link.tsv"} + small.mid(0, 4) + QStringList{"--quiet"});
        row("pairs by --metrics", QStringList{"train", "p.tsv", "--metrics", "p.tsv"} + small.mid(0, 4) + QStringList{"--quiet"});
        row("pairs of an experiment", QStringList{"train", "x.json", "--out", "p.tsv"} + small.mid(0, 4) + QStringList{"--quiet"});
        row("experiment by --out", QStringList{"train", "x.json", "--out", "x.json"} + small.mid(0, 4) + QStringList{"--quiet"});
        row("two outputs", QStringList{"train", "x.json", "--metrics", "new", "--out", "./new"} + small.mid(0, 4) + QStringList{"--quiet"});
        row("init", QStringList{"train", "reverse", "--init", "c.safetensors", "--out", "c.safetensors"} + small);
        row("resume by --metrics", {"train", "--resume", "c.safetensors", "--metrics", "c.safetensors", "--quiet"});
        row("trace", {"trace", "c.safetensors", "--input", "1 2 3 4", "--out", "c.safetensors"});
        row("explain", {"explain", "c.safetensors", "--input", "1 2 3 4", "--out", "c.safetensors"});
        row("render", {"render", "c.safetensors", "--view", "maps", "--input", "1 2 3 4", "--out", "c.safetensors"});
        row("curves", {"render", "--view", "curves", "--metrics", "m.csv", "--out", "m.csv"});
    }
    void anOutputIsNoInput() {
        QFETCH(QStringList, arguments);
        EXPECT_STATUS(runProgram(QStringList{"train", "reverse", "--out", "c.safetensors", "--metrics", "m.csv"} + small, path()), 0);
        QVERIFY(QFile::link("p.tsv", path("link.tsv")));
        const QMap<QString, QByteArray> before = files();
        const ProgramResult result = runProgram(arguments, path());
        EXPECT_STATUS(result, 2);
        QVERIFY2(result.errors.contains("name another file") || result.errors.contains("name the same file"), qPrintable(result.errors));
        QCOMPARE(files(), before);
    }

    void whatCannotBeWrittenIsFoundBeforeTheTraining_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("why");
        QTest::newRow("too long") << QString(240, 'n') + ".safetensors"
                                  << "the name is too long";
        QTest::newRow("much too long") << QString(5000, 'n') << "the name is too long";
        QTest::newRow("dangling link") << "nowhere"
                                       << "it is a link to a file that does not exist";
        QTest::newRow("link to itself") << "itself"
                                        << "it is a link that leads back to itself";
        QTest::newRow("folder") << "deep"
                                << "it is a folder";
    }
    void whatCannotBeWrittenIsFoundBeforeTheTraining() {
        QFETCH(QString, name);
        QFETCH(QString, why);
        QVERIFY(QDir(path()).mkdir("deep"));
        QVERIFY(QFile::link("missing", path("nowhere")) && QFile::link("itself", path("itself")));
        for (const char* option : {"--out", "--metrics"}) {
            const ProgramResult result = runProgram(QStringList{"train", "reverse", option, name} + endless.mid(2), path());
            EXPECT_STATUS(result, 1);
            QVERIFY2(result.errors.contains(why), qPrintable(result.errors));
        }
    }

    /// --resume promises bit for bit as if it had never stopped.
    void otherDataUnderTheSameNameAreNoticed() {
        const QStringList more = {"--set", "training.steps=3", "--quiet"};
        EXPECT_STATUS(
            runProgram(QStringList{"train", "p.tsv", "--out", "s.safetensors"} + small.mid(0, 4) + QStringList{"--quiet"}, path()), 0);
        const QStringList resume = QStringList{"train", "--resume", "s.safetensors"} + more;
        write("p.tsv",
              "\xEF\xBB\xBF"
              "1 2 3 4\t4 3 2 1\r\r\n2 2 3 1\t1 3 2 2\r\n1 1 3 4\t4 3 1 1\n2 2 2 1\t1 2 2 2");
        EXPECT_STATUS(runProgram(resume, path()), 0);  // the same tokens
        write("p.tsv", "1 2 3 4\t4 3 2 1\n2 2 3 1\t1 3 2 2\n1 1 3 4\t4 3 1 1\n2 2 2 1\t1 2 2 1\n");
        const ProgramResult changed = runProgram(resume, path());
        EXPECT_STATUS(changed, 1);
        QVERIFY2(
            changed.errors.contains("task.path: the data are no longer those it was trained on: as many lines, but not the same; --init"),
            qPrintable(changed.errors));
        write("p.tsv", "1 2 3 4\t4 3 2 1\n2 2 3 1\t1 3 2 2\n");
        const ProgramResult fewer = runProgram(resume, path());
        EXPECT_STATUS(fewer, 1);
        QVERIFY2(fewer.errors.contains("4 lines then, 2 now"), qPrintable(fewer.errors));
    }

    void moreThreadsThanAnybodyHasAreRefused() {
        for (const QStringList& command : {QStringList{"train", "reverse", "--threads", "1000000"},
                                           {"sweep", "paper-table2-small", "--out", "r.csv", "--jobs", "1000000"}}) {
            const ProgramResult result = runProgram(command, path());
            EXPECT_STATUS(result, 2);
            QVERIFY2(result.errors.contains("takes numbers from 1 to 256, not 1000000; this computer has "), qPrintable(result.errors));
        }
    }

    void aNameOfMegabytesIsNotSaidWhole() {
        write("long.json",
              R"({"format": "attention-lab/experiment", "version": 1, "task": {")" + QByteArray(20'000'000, 'k') + R"(": 1}})");
        const ProgramResult result = runProgram({"train", "long.json"}, path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.size() < 5000, qPrintable(QString::number(result.errors.size())));
    }

    void inputIsReadAsTheWindowReadsIt() {
        EXPECT_STATUS(runProgram(QStringList{"train", "reverse", "--out", "c.safetensors"} + small, path()), 0);
        EXPECT_STATUS(runProgram({"trace", "c.safetensors", "--input", "1 2 3 4", "--out", "a"}, path()), 0);
        EXPECT_STATUS(runProgram({"trace", "c.safetensors", "--input", "[1,2,3;4]", "--out", "b"}, path()), 0);
        QCOMPARE(files().value("b"), files().value("a"));
    }

    void aStateMayReplaceTheOneItGoesOnFrom() {
        EXPECT_STATUS(runProgram(QStringList{"train", "reverse", "--out", "s.safetensors"} + small, path()), 0);
        EXPECT_STATUS(
            runProgram({"train", "--resume", "s.safetensors", "--set", "training.steps=3", "--out", "s.safetensors", "--quiet"}, path()),
            0);
        QCOMPARE(readCheckpoint(path("s.safetensors").toStdString()).step, std::optional<std::int64_t>(3));
    }

    void aSignalKeepsTheState_data() {
        QTest::addColumn<int>("signal");
        for (const auto& [name, signal] : {std::pair{"hangup", SIGHUP}, {"termination", SIGTERM}, {"interrupt", SIGINT}, {"pipe", SIGPIPE}})
            QTest::newRow(name) << signal;
    }
    void aSignalKeepsTheState() {
        QFETCH(int, signal);
        QProcess process;
        prepareProgram(process, endless + QStringList{"--metrics", "m.csv", "--out", "o.safetensors", "--quiet"}, path());
        process.start();
        QTRY_VERIFY(QFile(path("m.csv")).size() > 200);
        ::kill(static_cast<pid_t>(process.processId()), signal);
        const ProgramResult result = finishProgram(process);
        EXPECT_STATUS(result, 130);
        QVERIFY2(result.errors.contains("go on with: attention-lab train --resume o.safetensors"), qPrintable(result.errors));
        QVERIFY(readCheckpoint(path("o.safetensors").toStdString()).step.value_or(0) > 0);
    }

    /// nohup: what was ignored stays ignored.
    void anIgnoredHangupStaysIgnored() {
        QProcess process;
        prepareProgram(process, endless + QStringList{"--metrics", "m.csv", "--out", "o.safetensors", "--quiet"}, path());
        process.setChildProcessModifier([] { std::signal(SIGHUP, SIG_IGN); });
        process.start();
        QTRY_VERIFY(QFile(path("m.csv")).size() > 200);
        ::kill(static_cast<pid_t>(process.processId()), SIGHUP);
        const qint64 seen = QFile(path("m.csv")).size();
        QTRY_VERIFY(QFile(path("m.csv")).size() > seen + 4000);  // it goes on
        QVERIFY(!QFile::exists(path("o.safetensors")));
        process.kill();
        process.waitForFinished();
    }

    /// A limit on the size of files stands in for a full disk: the metrics reach it, the state does not.
    void fullMetricsDoNotCostTheState() {
        QProcess process;
        prepareProgram(process, {}, path());
        const QString command = QString(LAB_PROGRAM) + " " + endless.join(' ') + " --metrics m.csv --out o.safetensors --quiet";
        process.setProgram("sh");
        process.setArguments({"-c", "trap '' XFSZ; ulimit -f 200; exec " + command});
        process.start();
        const ProgramResult result = finishProgram(process);
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains("m.csv: could not be written to the end: File too large"), qPrintable(result.errors));
        QVERIFY2(result.errors.contains("go on with: attention-lab train --resume o.safetensors"), qPrintable(result.errors));
        const std::int64_t step = readCheckpoint(path("o.safetensors").toStdString()).step.value_or(0);
        QVERIFY(step > 100);
    }

    void aSweepLeavesItsNeighbours() {
        write("g.json",
              R"({"format": "attention-lab/sweep", "version": 1, "base": "reverse", "set": {"training.steps": 1, "task.seq_len": 4,
            "training.batch_size": 16, "task.train_size": 64, "task.test_size": 8}, "grid": {"training.seed": [1]}})");
        const QStringList own = {"R.notes.tmp", "R.csv.draft.tmp", "Report.tmp", "S.csv.1.tmp", "S.csv.99999999.tmp", "R.1.tmp"};
        for (const QString& name : own) write(name, "mine");
        for (const char* out : {"R", "S.csv"}) EXPECT_STATUS(runProgram({"sweep", "g.json", "--out", out, "--quiet"}, path()), 0);
        for (const QString& name : own) QVERIFY2(QFile::exists(path(name)), qPrintable(name));
    }

private:
    QString path(const QString& name = {}) const { return name.isEmpty() ? m_folder->path() : m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QMap<QString, QByteArray> files() const {
        QMap<QString, QByteArray> contents;
        for (const QString& name : QDir(path()).entryList(QDir::Files)) {
            QFile file(path(name));
            contents[name] = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }
        return contents;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(SafetyTest)
#include "safety_test.moc"
