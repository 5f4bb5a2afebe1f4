#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <random>

#include "core/sweep/results_table.h"
#include "tests/app/files.h"
#include "tests/app/grid.h"
#include "tests/app/program.h"
#include "tests/patience.h"

using namespace lab;

namespace {

constexpr int runs = 24;

}  // namespace

/// The program's sweep, merge and report, from the command line.
class SweepCommandTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        write(path("grid.json"), grid);
        const ProgramResult result = runProgram({"sweep", "grid.json", "--out", "whole.csv"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        QCOMPARE(result.output, QString("24 of 24 runs in whole.csv\n"));
        QVERIFY(result.errors.contains("24 of 24: "));
        QVERIFY(result.errors.contains(" left"));
    }

    /// Killed without warning again and again, it ends with the rows of a sweep that never stopped.
    void survivesKillsAtAnyMoment() {
        std::mt19937 random(3);
        int kills = 0;
        std::size_t rowsBefore = 0;
        while (true) {
            QProcess process;
            prepareProgram(process, {"sweep", "grid.json", "--out", "killed.csv", "--jobs", "2"}, m_folder.path());
            process.start();
            // The later a moment, the more rows it finds; the first ones come before the file does, however fast the machine is.
            if (!process.waitForFinished(1 + static_cast<int>(random() % static_cast<unsigned>(5 + 3 * kills)))) {
                ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
                process.waitForFinished();
                ++kills;
                if (!QFile::exists(path("killed.csv"))) continue;
                const std::size_t rows = readResults(path("killed.csv").toStdString()).rows.size();  // whole at every moment
                QVERIFY(rows >= rowsBefore);
                rowsBefore = rows;
                QVERIFY(kills < 2000);
                continue;
            }
            QCOMPARE(process.exitCode(), 0);
            break;
        }
        QVERIFY(kills > 0);
        QCOMPARE(rowsWithoutSeconds("killed.csv"), rowsWithoutSeconds("whole.csv"));
        for (int run = 0; run < runs; ++run) {
            const QString name = QString("runs/run-%1.safetensors").arg(run, 4, 10, QChar('0'));
            QCOMPARE(contents("killed." + name), contents("whole." + name));
        }
    }

    void mergesShards() {
        for (const char* shard : {"1/2", "2/2"})
            EXPECT_STATUS(runProgram({"sweep", "grid.json", "--quiet", "--shard", shard, "--out", QString("shard%1.csv").arg(shard[0])},
                                     m_folder.path()),
                          0);
        const ProgramResult half = runProgram({"merge", "shard1.csv", "--out", "merged.csv"}, m_folder.path());
        EXPECT_STATUS(half, 0);
        QCOMPARE(half.output, QString("12 of 24 runs in merged.csv\n"));
        EXPECT_STATUS(runProgram({"merge", "shard1.csv", "shard2.csv", "--out", "merged.csv"}, m_folder.path()), 0);
        QCOMPARE(rowsWithoutSeconds("merged.csv"), rowsWithoutSeconds("whole.csv"));
        // What was joined is a sweep like any other: nothing is left to run.
        const ProgramResult again = runProgram({"sweep", "grid.json", "--out", "merged.csv"}, m_folder.path());
        EXPECT_STATUS(again, 0);
        QVERIFY(again.errors.contains("going on: 24 of 24 runs are in merged.csv"));
    }

    void interruptedItSaysHowToGoOn() {
        QByteArray longer = grid;
        write(path("long.json"), longer.replace("\"training.steps\": 40", "\"training.steps\": 20000"));
        QProcess process;
        prepareProgram(process, {"sweep", "long.json", "--out", "long.csv"}, m_folder.path());
        process.start();
        QTRY_VERIFY(QFile::exists(path("long.csv")));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const ProgramResult result = finishProgram(process);
        EXPECT_STATUS(result, 130);
        QVERIFY2(result.errors.contains("interrupted: 0 of 24 runs are in long.csv; the same command goes on"), qPrintable(result.errors));
    }

    void refusesAnotherGridsResults() {
        QByteArray other = grid;
        write(path("other.json"), other.replace("[1, 2, 3, 4]", "[1, 2, 3, 5]"));
        const ProgramResult result = runProgram({"sweep", "other.json", "--out", "whole.csv"}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QCOMPARE(
            result.errors,
            QString(
                "error: whole.csv: has the results of another grid: training.seed runs through 1, 2, 3, 4 there and 1, 2, 3, 5 here\n"));
    }

    void reportsAsOneFile() {
        EXPECT_STATUS(runProgram({"report", "whole.csv", "--out", "report.html"}, m_folder.path()), 0);
        const QByteArray html = contents("report.html");
        QCOMPARE(html.count("<img "), 3);  // curves, scores, KV+Pos's weights
        QVERIFY(html.contains("data:image/svg+xml;base64,") && html.contains("data:image/png;base64,"));
        QVERIFY(html.contains("24 of 24 runs are finished"));
        QVERIFY(html.contains(">71.81 (35.0)<"));  // published of Reverse in KV+Pos
        QVERIFY(html.contains("Another grid: at most 1 configurations a cell here, 16 to 19 there"));
        EXPECT_STATUS(runProgram({"report", "whole.csv", "--out", "report.pdf"}, m_folder.path()), 0);
        QVERIFY(contents("report.pdf").startsWith("%PDF-"));
        QVERIFY(!contents("report.pdf").contains("/DCTDecode"));  // pictures are drawn, not pixels
        QVERIFY(html.contains(" \u00B1 "));                       // over the seeds of a configuration
        QVERIFY(html.contains("some configurations had not left the plateau at ln 10 when training ended"));
    }

    void reportsWithoutTheFolderAndSaysSo() {
        write(path("bare.csv"), contents("whole.csv"));
        EXPECT_STATUS(runProgram({"report", "bare.csv", "--out", "bare.html"}, m_folder.path()), 0);
        const QByteArray html = contents("bare.html");
        QCOMPARE(html.count("<img "), 0);
        QVERIFY(html.contains("The folder bare.runs is missing"));
        QVERIFY(html.contains("metrics are missing"));
    }

    void knowsItsUsage() {
        for (const QStringList& words : {QStringList{"sweep"},
                                         {"sweep", "grid.json"},
                                         {"sweep", "grid.json", "--out", "x.csv", "--shard", "0/3"},
                                         {"sweep", "grid.json", "--out", "x.csv", "--shard", "4/3"},
                                         {"sweep", "grid.json", "--out", "x.csv", "--shard", "two"},
                                         {"sweep", "grid.json", "--out", "x.csv", "--jobs", "0"},
                                         {"merge"},
                                         {"merge", "whole.csv"}}) {
            const ProgramResult result = runProgram(words, m_folder.path());
            EXPECT_STATUS(result, 2);
            QVERIFY(result.errors.startsWith("error: "));
        }
        for (const QStringList& words : {QStringList{"sweep", "nowhere.json", "--out", "x.csv"},
                                         {"sweep", "grid.json", "--out", "no/where.csv"},
                                         {"merge", "nowhere.csv", "--out", "x.csv"},
                                         {"report", "nowhere.csv", "--out", "x.html"}}) {
            const ProgramResult result = runProgram(words, m_folder.path());
            EXPECT_STATUS(result, 1);
            QVERIFY(result.errors.startsWith("error: "));
        }
        QVERIFY(!QFile::exists(path("x.csv")));
    }

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }

    QByteArray contents(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none: " + name.toUtf8());
    }

    std::string rowsWithoutSeconds(const QString& name) const {
        ResultsTable table = readResults(path(name).toStdString());
        for (ResultsRow& row : table.rows) row.result.seconds = 0;
        return writeResults(table);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(SweepCommandTest)
#include "sweep_test.moc"
