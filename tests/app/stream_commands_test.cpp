#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "tests/app/files.h"
#include "tests/app/program.h"

namespace {

/// Lines of a CSV file without quotes in it, the header first.
QList<QStringList> streamRows(const QByteArray& csv) {
    QList<QStringList> rows;
    for (const QByteArray& line : csv.trimmed().split('\n')) rows << QString::fromUtf8(line).split(QLatin1Char(','));
    return rows;
}

}  // namespace

/// lens, attribute, patch and circuits: tables, and pictures in their place.
class StreamCommandsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const QString m_input = QStringLiteral("3 1 4 1 5 9 2 6"), m_other = QStringLiteral("3 1 4 7 5 9 2 6");

    QString path(const QString& name) const { return m_folder.filePath(name); }
    ProgramResult run(const QStringList& words) const { return runProgram(words, m_folder.path()); }
    QStringList command(const QString& name) const {
        QStringList words{name, "g.safetensors"};
        if (name != "circuits") words << "--input" << m_input;
        if (name == "patch")
            words << "--corrupted" << m_other << "--part"
                  << "head"
                  << "--answer"
                  << "6"
                  << "--quiet";
        return words;
    }
    /// The column of that name.
    static QStringList column(const QList<QStringList>& rows, const QString& name) {
        const qsizetype at = rows.front().indexOf(name);
        QStringList cells;
        for (qsizetype i = 1; i < rows.size(); ++i) cells << rows[i].value(at);
        return cells;
    }
    static bool sameNumbers(const QStringList& a, const QStringList& b) {
        return !a.isEmpty() && a.size() == b.size() &&
               std::equal(a.begin(), a.end(), b.begin(), [](const QString& x, const QString& y) { return x.toDouble() == y.toDouble(); });
    }

private slots:
    void initTestCase() {
        const QString training = QStringLiteral(
            "train gpt2-small --set training.steps=2 --set training.batch_size=8 --set task.train_size=64 --set task.validation_size=8 "
            "--set task.test_size=1 --quiet --out g.safetensors");
        EXPECT_STATUS(run(training.split(' ')), 0);
    }

    void eachDrawsInPlaceOfItsTable_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("title");
        QTest::newRow("lens") << "lens"
                              << "What the stream says";
        QTest::newRow("attribute") << "attribute"
                                   << "What made the logit";
        QTest::newRow("patch") << "patch"
                               << "Where the answer travels";
        QTest::newRow("circuits") << "circuits"
                                  << "Which head reads which";
    }

    void eachDrawsInPlaceOfItsTable() {
        QFETCH(QString, name);
        QFETCH(QString, title);
        const ProgramResult drawn = run(command(name) + QStringList{"--out", "p.svg"});
        EXPECT_STATUS(drawn, 0);
        QVERIFY2(drawn.output.isEmpty(), qPrintable(drawn.output));
        const QByteArray svg = contents(path("p.svg"));
        QVERIFY(svg.contains("<svg") && svg.contains(title.toUtf8()) && svg.contains("after step 2"));
        EXPECT_STATUS(run(command(name) + QStringList{"--out", "d.svg", "--dark", "--bare"}), 0);
        const QByteArray bare = contents(path("d.svg"));
        QVERIFY(bare.contains("<svg") && bare != svg);
        QCOMPARE(bare.count("after step 2"), 1);  // said to who does not see, and not drawn
        QVERIFY(svg.count("after step 2") > 1);
    }

    void paperAndPixels() {
        EXPECT_STATUS(run(command("lens") + QStringList{"--out", "p.pdf", "--width", "one-column"}), 0);
        QVERIFY(contents(path("p.pdf")).startsWith("%PDF"));
        EXPECT_STATUS(run(command("patch") + QStringList{"--out", "p.png", "--scale", "1"}), 0);
        QVERIFY(contents(path("p.png")).startsWith("\x89PNG"));
    }

    void aPictureHasTheTablesNumbers() {
        for (const auto& [name, number] : {std::pair("lens", "probability"), std::pair("patch", "recovered")}) {
            EXPECT_STATUS(run(command(name) + QStringList{"--csv", "t.csv"}), 0);
            EXPECT_STATUS(run(command(name) + QStringList{"--out", "p.csv"}), 0);
            const QList<QStringList> table = streamRows(contents(path("t.csv"))), picture = streamRows(contents(path("p.csv")));
            QVERIFY2(sameNumbers(column(table, number), column(picture, number)), name);
        }
    }

    void circuitsDrawTheLinesThatTheTableHas() {
        EXPECT_STATUS(run(command("circuits") + QStringList{"--csv", "t.csv"}), 0);
        EXPECT_STATUS(run(command("circuits") + QStringList{"--out", "p.csv", "--above", "0"}), 0);
        std::vector<double> listed, drawn;
        const QList<QStringList> table = streamRows(contents(path("t.csv")));
        for (const char* through : {"query", "key", "value"})
            for (const QString& cell : column(table, through))
                if (cell.toDouble() >= 0) listed.push_back(cell.toDouble());
        for (const QString& cell : column(streamRows(contents(path("p.csv"))), "composition")) drawn.push_back(cell.toDouble());
        QVERIFY(!drawn.empty() && drawn.size() >= listed.size());
        for (const double value : listed) QVERIFY(std::ranges::find(drawn, value) != drawn.end());
    }

    void whatDoesNotGoTogetherIsSaid_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("said");
        QTest::newRow("table and picture") << command("lens") + QStringList{"--out", "p.svg", "--json"} << "--json";
        QTest::newRow("no picture") << command("attribute") + QStringList{"--dark"} << "--out";
        QTest::newRow("another ending") << command("patch") + QStringList{"--out", "p.gif"} << ".svg";
        QTest::newRow("a line of the table") << command("lens") + QStringList{"--out", "p.svg", "--position", "1"} << "--position";
        QTest::newRow("heads") << command("circuits") + QStringList{"--out", "p.svg", "--heads"} << "--heads";
        QTest::newRow("a layer of no picture") << command("circuits") + QStringList{"--layer", "1"} << "--out";
    }

    void whatDoesNotGoTogetherIsSaid() {
        QFETCH(QStringList, words);
        QFETCH(QString, said);
        const ProgramResult result = run(words);
        EXPECT_STATUS(result, 2);
        QVERIFY2(result.errors.contains(said), qPrintable(result.errors));
    }

    void aLayerThatReadsNoneIsRefused() {
        const ProgramResult result = run(command("circuits") + QStringList{"--out", "p.svg", "--layer", "0"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: --layer: "), qPrintable(result.errors));
    }
};

QTEST_GUILESS_MAIN(StreamCommandsTest)
#include "stream_commands_test.moc"
