#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class BenchTest : public QObject {
    Q_OBJECT

private slots:
    void helpSaysWhatIsMeasured() {
        const ProgramResult result = runProgram({"bench", "--help"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word : {"--grid", "quick", "paper", "pytorch", "growth", "--watched", "multiply-adds"})
            QVERIFY2(result.output.contains(word), word);
    }

    void oneRowGivesATableAndJson() {
        const ProgramResult result =
            runProgram({"bench", "--row", "1", "--threads", "1,2", "--rounds", "1", "--seconds", "0", "--json", "b.json"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.contains("encoder qkv, d 32, L 2, h 2, n 16, batch 128"), qPrintable(result.output));
        QCOMPARE(result.errors.count("round 1 / 1"), 2);
        QFile file(m_folder.filePath("b.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray rows = QJsonDocument::fromJson(file.readAll()).object()["results"].toArray();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[1].toObject()["threads"].toInt(), 2);
    }

    void aCurveIsPrintedBesideWhatIsExpected() {
        const ProgramResult result =
            runProgram({"bench", "--grid", "growth", "--row", "3", "--threads", "1", "--rounds", "1", "--seconds", "0", "--json", "g.json"},
                       m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word : {"L grows; encoder, d 64", "time grows as L^", "expected L^1.00", "projections"})
            QVERIFY2(result.output.contains(word), qPrintable(result.output));
        QFile file(m_folder.filePath("g.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray curves = QJsonDocument::fromJson(file.readAll()).object()["curves"].toArray();
        QCOMPARE(curves.size(), 1);
        QCOMPARE(curves[0].toObject()["grows"].toString(), "L");
        QCOMPARE(curves[0].toObject()["step_ms"].toArray().size(), curves[0].toObject()["values"].toArray().size());
    }

    void aStepIsTakenApart() {
        const ProgramResult result = runProgram({"bench", "--shards", "--row", "1", "--seconds", "0", "--json", "s.json"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word : {"encoder qkv, d 32", "groups", "2 real", "serial"}) QVERIFY2(result.output.contains(word), word);
        QFile file(m_folder.filePath("s.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject step = QJsonDocument::fromJson(file.readAll()).object()["steps"].toArray()[0].toObject();
        QCOMPARE(step["groups"].toInt(), 8);
        QCOMPARE(step["simulated"].toArray().size(), 5);
    }

    void aWindowCanBeMeasuredWithoutADisplay() {
        const ProgramResult result = runProgram({"bench", "--watched", "--row", "1", "--rounds", "1", "--seconds", "0"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word : {"alone", "Maps", "minimised", "encoder qkv, d 32"}) QVERIFY2(result.output.contains(word), word);
    }

    void whatCannotBeMeasuredIsSaid_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        QTest::addColumn<int>("status");
        QTest::newRow("grid") << QStringList{"--grid", "large"} << "--grid is quick, paper, pytorch or growth, not 'large'" << 2;
        QTest::newRow("row") << QStringList{"--row", "6"} << "--row needs a number from 1 to 5, not '6'" << 2;
        QTest::newRow("threads") << QStringList{"--threads", "1,"} << "--threads needs numbers from 1 to 256, as in 1,2, not '1,'" << 2;
        QTest::newRow("zero threads") << QStringList{"--threads", "0"} << "--threads needs numbers from 1" << 2;
        QTest::newRow("watched") << QStringList{"--watched", "--threads", "1"} << "--watched and --threads exclude each other" << 2;
        QTest::newRow("growth row") << QStringList{"--grid", "growth", "--row", "6"} << "--row needs a number from 1 to 5, not '6'" << 2;
        QTest::newRow("growth watched") << QStringList{"--grid", "growth", "--watched"} << "--watched and --grid growth exclude each other"
                                        << 2;
        QTest::newRow("shards") << QStringList{"--shards", "--threads", "1"} << "--shards and --threads exclude each other" << 2;
        QTest::newRow("folder") << QStringList{"--json", "no/such/b.json"} << "no/such/b.json: there is no such folder" << 1;
    }

    void whatCannotBeMeasuredIsSaid() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, message);
        QFETCH(int, status);
        const ProgramResult result = runProgram(QStringList{"bench"} + arguments, m_folder.path());
        EXPECT_STATUS(result, status);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(message), qPrintable(result.errors));
    }

    void anUnknownInstructionSetIsOneSentence() {
        qputenv("ATTENTION_LAB_ISA", "v9");
        const ProgramResult result = runProgram({"--version"}, m_folder.path());
        qunsetenv("ATTENTION_LAB_ISA");
        EXPECT_STATUS(result, 2);
        QVERIFY2(result.errors.startsWith("error: ATTENTION_LAB_ISA: \"v9\""), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
        QVERIFY(result.output.isEmpty());
    }

    void versionNamesTheForcedInstructionSet() {
        qputenv("ATTENTION_LAB_ISA", "generic");
        const ProgramResult result = runProgram({"--version"}, m_folder.path());
        qunsetenv("ATTENTION_LAB_ISA");
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.contains("instruction set: generic"), qPrintable(result.output));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(BenchTest)
#include "bench_test.moc"
