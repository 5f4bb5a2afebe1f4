#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class CostCommandTest : public QObject {
    Q_OBJECT

private slots:
    void aPresetsCostsAreATable() {
        const ProgramResult result = runProgram({"cost", "reverse", "--set", "model.architecture=decoder"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word :
             {"* full ", "sliding-window, window 64", "64 tokens: ", "131 072 tokens: ", "cache of keys and values", "pairs a query"})
            QVERIFY2(result.output.contains(word), word);
        QVERIFY(!result.output.contains("median"));
    }

    void aCheckpointIsMeasuredAsJson() {
        EXPECT_STATUS(trainReverse(m_folder.path()), 0);
        const ProgramResult result =
            runProgram({"cost", "r.safetensors", "--measure", "--rounds", "1", "--longest", "128", "--json"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        const QJsonArray lines = QJsonDocument::fromJson(result.output.toUtf8()).array();
        QVERIFY(lines.size() >= 7);
        for (const QJsonValue& line : lines) {
            QCOMPARE(line["own"].toBool(), line["pattern"].toString() == "full");
            QCOMPARE(line["lengths"].toArray().size(), 12);
            QCOMPARE(line["measured"].toArray().size(), 2);
            QVERIFY(line["measured"][1]["seconds_per_token"].toDouble() > 0);
        }
        QCOMPARE(lines[0]["lengths"][0]["pairs"].toDouble(), 64.0 * 64);
        QCOMPARE(lines[0]["lengths"][0]["map_bytes"].toDouble(), 4.0 * 64 * 64);
    }

    void whatCannotBeCountedIsSaid_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        QTest::addColumn<int>("status");
        QTest::newRow("nothing") << QStringList{} << "a checkpoint, a preset or an experiment file is missing" << 2;
        QTest::newRow("no such preset") << QStringList{"reverze"} << "'reverze' is neither a file nor a preset" << 1;
        QTest::newRow("no such file") << QStringList{"no.safetensors"} << "no.safetensors" << 1;
        QTest::newRow("rounds") << QStringList{"reverse", "--measure", "--rounds", "0"} << "--rounds needs a whole number of at least 1"
                                << 2;
        QTest::newRow("set of a checkpoint") << QStringList{"no.safetensors", "--set", "model.d_model=8"}
                                             << "--set changes an experiment, not a checkpoint" << 2;
    }
    void whatCannotBeCountedIsSaid() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, message);
        QFETCH(int, status);
        const ProgramResult result = runProgram(QStringList{"cost"} + arguments, m_folder.path());
        EXPECT_STATUS(result, status);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(message), qPrintable(result.errors));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(CostCommandTest)
#include "cost_test.moc"
