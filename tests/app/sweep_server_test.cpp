#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <filesystem>

#include "core/base/files.h"
#include "core/sweep/results_table.h"
#include "tests/app/files.h"
#include "tests/app/grid.h"
#include "tests/app/program.h"
#include "tests/patience.h"

using namespace lab;

/// attention-lab serve hands a grid's rows to attention-lab sweep --server: processes that are killed lose nothing that was answered.
class SweepServerTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        write(path("grid.json"), grid);
        EXPECT_STATUS(runProgram({"sweep", "grid.json", "--quiet", "--out", "whole.csv"}, m_folder.path()), 0);
    }
    void init() {
        m_data = QString("served-%1").arg(QTest::currentTestFunction());
        m_port = 0;
        serve();
    }
    void cleanup() { end(m_server, SIGTERM); }

    void twoMachinesWorkOneGrid() {
        QProcess one, two;
        begin(one, {"grid.json", "--out", "one.csv", "--jobs", "2"});
        begin(two, {"grid.json", "--out", "two.csv", "--jobs", "1"});
        for (QProcess* each : {&one, &two}) {
            const ProgramResult result = finishProgram(*each);
            EXPECT_STATUS(result, 0);
            QVERIFY2(result.output.startsWith("24 of 24 rows are finished at " + m_url + ", sweep s"), qPrintable(result.output));
        }
        for (const QString& csv : {served(), path("one.csv"), path("two.csv")}) QCOMPARE(rowsOf(csv), rowsOf(path("whole.csv")));
        for (int row = 0; row < 24; ++row) {
            const QString name = QString(".runs/run-%1.safetensors").arg(row, 4, 10, QChar('0'));
            QCOMPARE(contents(served().chopped(4) + name), contents(path("whole" + name)));
        }
        EXPECT_STATUS(runProgram({"report", served(), "--out", "report.html"}, m_folder.path()), 0);
        const ProgramResult nothing = work({});
        QCOMPARE(nothing.output, "nothing is unfinished at " + m_url + "\n");
    }

    void aGridsFilesAreTheServers() {
        write(path(m_data + "/data/turned.1.tsv"), "1 2\t2 1\n2 1\t1 2\n1 1\t1 1\n2 2\t2 2\n");
        write(path("pairs.json"), R"({"format": "attention-lab/sweep", "version": 1, "base": "reverse",
            "set": {"task.kind": "pairs", "task.path": "turned.1.tsv", "training.steps": 2, "training.batch_size": 1, "model.d_model": 16},
            "grid": {"training.seed": [1, 2]}})");
        const ProgramResult result = work({"pairs.json", "--out", "pairs.csv"});
        EXPECT_STATUS(result, 0);
        QCOMPARE(rowsOf(path("pairs.csv")), rowsOf(served()));
        QCOMPARE(readResults(served().toStdString()).rows.size(), std::size_t(2));
        write(path("missing.json"), contents(path("pairs.json")).replace("turned.1", "turned.2"));
        const ProgramResult missing = work({"missing.json"});
        EXPECT_STATUS(missing, 1);
        QCOMPARE(missing.errors, "error: " + m_url + ": task.path: there is no data set turned.2.tsv here; upload it first\n");
    }

    void rowsOfAKilledWorkerAreHandedOn() {
        QByteArray one = grid;  // row, which lasts
        one.replace("\"training.steps\": 40", "\"training.steps\": 400000").replace("[1, 2, 3, 4]", "[1]").replace(", \"copy\"", "");
        write(path("one.json"), one.replace(", \"kv+pos\", \"kv\"", ""));
        QProcess lost, next;
        begin(lost, {"one.json"});
        QTRY_VERIFY(!served().isEmpty() && contents(leases()).contains(nameOf(lost)));
        const QByteArray gone = nameOf(lost);
        end(lost, SIGKILL);
        begin(next, {});  // takes whatever is unfinished
        QTRY_VERIFY(contents(leases()).contains(nameOf(next)));
        QVERIFY(!contents(leases()).contains(gone));
        end(next, SIGINT);
        QCOMPARE(next.exitCode(), 130);
    }

    void aKilledServerLosesNoRow() {
        QProcess worker;
        begin(worker, {"grid.json", "--jobs", "2"});
        QTRY_VERIFY(!served().isEmpty() && readResults(served().toStdString()).rows.size() > 3);
        end(m_server, SIGKILL);
        serve();  // at the same address; the worker asks until it is there
        const ProgramResult result = finishProgram(worker);
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.endsWith("; 24 of them were trained here\n"), qPrintable(result.output));  // none twice
        QCOMPARE(rowsOf(served()), rowsOf(path("whole.csv")));
    }

    void whoIsInterruptedGivesItsRowsBack() {
        QByteArray longer = grid;
        write(path("long.json"), longer.replace("\"training.steps\": 40", "\"training.steps\": 400000"));
        QProcess worker;
        begin(worker, {"long.json", "--jobs", "2"});
        QTRY_VERIFY(!served().isEmpty() && contents(leases()).count("\"lease\"") == 2);
        ::kill(static_cast<pid_t>(worker.processId()), SIGINT);
        const ProgramResult result = finishProgram(worker);
        EXPECT_STATUS(result, 130);
        QVERIFY2(result.errors.contains("interrupted: 0 of 24 rows are finished at " + m_url), qPrintable(result.errors));
        QCOMPARE(contents(leases()).trimmed(), QByteArray("[]"));
    }

    void aServerThatIsGoneEndsTheWorker() {
        end(m_server, SIGTERM);
        const ProgramResult result = work({"--patience", "0"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: " + m_url + ": the server has not answered for 0 seconds ("), qPrintable(result.errors));
    }

    void knowsItsUsage() {
        for (const QStringList& words : {QStringList{"sweep", "grid.json", "--out", "x.csv", "--shard", "auto"},
                                         {"sweep", "grid.json", "--out", "x.csv", "--patience", "3"},
                                         {"sweep", "--server", m_url, "--shard", "1/2"},
                                         {"sweep", "--server", m_url, "--out", "x.csv"}}) {
            const ProgramResult result = runProgram(words, m_folder.path());
            EXPECT_STATUS(result, 2);
            QVERIFY(result.errors.startsWith("error: "));
        }
        const ProgramResult stranger = runProgram({"sweep", "--server", m_url}, m_folder.path());
        EXPECT_STATUS(stranger, 1);
        QVERIFY2(stranger.errors.startsWith("error: " + m_url + ": Authorization: "), qPrintable(stranger.errors));
    }

private:
    /// A lease is as short as may be; the address of a server that was killed is taken again.
    void serve() {
        prepareProgram(m_server, {"serve", "--listen", QString("127.0.0.1:%1").arg(m_port), "--data", m_data, "--lease", "1", "--quiet"},
                       m_folder.path());
        m_server.start();
        QTRY_VERIFY(m_server.canReadLine());
        m_url = QString::fromUtf8(m_server.readLine()).trimmed();
        m_port = m_url.section(':', -1).toInt();
        QVERIFY(m_port > 0);
    }
    static void end(QProcess& process, int signal) {
        if (process.state() == QProcess::NotRunning) return;
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(patience));
    }
    QStringList words(const QStringList& more) const {
        return QStringList{"sweep", "--server", m_url, "--token-file", m_data + "/token", "--shard", "auto"} + more;
    }
    void begin(QProcess& process, const QStringList& more) {
        prepareProgram(process, words(more), m_folder.path());
        process.start();
    }
    ProgramResult work(const QStringList& more) { return runProgram(words(more), m_folder.path()); }

    /// The results of the one sweep that is served; empty before it is made.
    QString served() const {
        const std::filesystem::path sweeps = path(m_data + "/sweeps").toStdString();
        for (const auto& entry : std::filesystem::directory_iterator(sweeps))
            if (std::filesystem::exists(entry.path() / "asked.json"))
                return QString::fromStdString((entry.path() / "results.csv").string());
        return {};
    }
    static QByteArray nameOf(const QProcess& worker) { return "-" + QByteArray::number(worker.processId()) + "\""; }
    QString leases() const { return served().replace("results.csv", "leases.json"); }
    static QString rowsOf(const QString& csv) {
        ResultsTable table = readResults(csv.toStdString());
        for (ResultsRow& row : table.rows) row.result.seconds = 0;
        return QString::fromStdString(writeResults(table));
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    QProcess m_server;
    QString m_data, m_url;
    int m_port = 0;
};

QTEST_GUILESS_MAIN(SweepServerTest)
#include "sweep_server_test.moc"
