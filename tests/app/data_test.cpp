#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class DataTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QByteArray text = "\xEF\xBB\xBF";
        for (int i = 0; i < 60; ++i)
            text += "Tale " + QByteArray::number(i) +
                    " of the\xC2\xA0"
                    "fox.\r\nIt ends.\r\n\r\n\r\n";
        write("tales.txt", text + "Tale 1 of the fox.\nIt ends.\n");
    }

    void theReportSaysWhatIsInIt() {
        const ProgramResult result = run({"data", "tales.txt", "--baselines"});
        EXPECT_STATUS(result, 0);
        for (const char* words :
             {"documents                        60", "line_ends            yes", "bom                  yes          1            3",
              "repeated_documents   yes          1", "quotes                 -\n", "split by                         documents", "5-gram"})
            QVERIFY2(result.output.contains(words), qPrintable(QString(words) + "\n" + result.output));
        QVERIFY(result.output.contains("sha-256 of raw                   " + sha256("tales.txt")));
    }

    void jsonSaysTheSame() {
        const ProgramResult result =
            run({"data", "tales.txt", "--json", "--rules", "default,lower_case", "--split", "tail", "--validation-share", "0.2"});
        EXPECT_STATUS(result, 0);
        const QJsonObject json = QJsonDocument::fromJson(result.output.toUtf8()).object();
        QCOMPARE(json["counts"]["documents"].toInt(), 60);
        QCOMPARE(json["split"]["by"].toString(), QStringLiteral("tail"));
        QCOMPARE(json["settings"]["validation_share"].toDouble(), .2);
        QVERIFY(json["settings"]["cleaning"].toArray().contains("lower_case"));
        QCOMPARE(json["raw_sha256"].toString(), sha256("tales.txt"));
        bool seen = false;
        for (const QJsonValue& row : json["cleaning"].toArray())
            if (row["rule"] == "lower_case") seen = row["on"].toBool() && row["places"].toInt() == 122;
        QVERIFY(seen);
    }

    void theCleanTextIsWritten() {
        EXPECT_STATUS(run({"data", "tales.txt", "--clean", "clean.txt", "--rules", "default,short_documents", "--documents", "files"}), 0);
        EXPECT_STATUS(run({"data", "tales.txt", "--clean", "clean.txt"}), 0);
        const QByteArray clean = read("clean.txt");
        QVERIFY(clean.startsWith("Tale 0 of the fox.\nIt ends.\n\nTale 1 of the fox.\nIt ends.\n\n"));
        QVERIFY(clean.endsWith("Tale 59 of the fox.\nIt ends.\n"));
        EXPECT_STATUS(run({"data", "clean.txt", "--clean", "again.txt", "--quiet"}), 0);
        QCOMPARE(read("again.txt"), clean);
    }

    void theManifestLeadsToEveryDocument() {
        write("more.md", "# Another\n\nWith two parts.\n");
        const ProgramResult result = run({"data", "tales.txt", "more.md", "--manifest", "m.json", "--rules", "none"});
        EXPECT_STATUS(result, 0);
        QVERIFY(result.output.isEmpty());
        const QJsonObject json = QJsonDocument::fromJson(read("m.json")).object();
        QCOMPARE(json["files"].toArray().size(), 2);
        QCOMPARE(json["files"][1]["sha256"].toString(), sha256("more.md"));
        QCOMPARE(json["files"][1]["name"].toString(), QStringLiteral("more.md"));
        const QJsonArray documents = json["documents"].toArray();
        QCOMPARE(documents.size(), 63);
        const QJsonValue last = documents.last();
        QCOMPARE(last["file"].toInt(), 1);
        QCOMPARE(read("more.md").mid(last["begin"].toInt(), last["end"].toInt() - last["begin"].toInt()), QByteArray("With two parts."));
        int validates = 0;
        for (const QJsonValue& each : documents) validates += each["side"] == "validation";
        QVERIFY(validates > 0 && validates < 20);
    }

    void badInputIsOneSentence() {
        write("latin.txt", "na\xEFve and more words\n");
        const ProgramResult latin = run({"data", "latin.txt"});
        EXPECT_STATUS(latin, 1);
        QVERIFY2(latin.errors.contains("latin.txt: is not UTF-8 at byte 2; the rule latin1 of the cleaning reads it as Latin-1"),
                 qPrintable(latin.errors));
        EXPECT_STATUS(run({"data", "latin.txt", "--rules", "latin1"}), 0);
        write("empty.txt", "");
        QVERIFY(run({"data", "empty.txt"}).errors.contains("empty.txt: is empty"));
        EXPECT_STATUS(run({"data", "missing.txt"}), 1);
        EXPECT_STATUS(run({"data"}), 2);
        EXPECT_STATUS(run({"data", "tales.txt", "--documents", "lines"}), 2);
        EXPECT_STATUS(run({"data", "tales.txt", "--validation-share", "1"}), 2);
        QVERIFY(run({"data", "tales.txt", "--rules", "lower"}).errors.contains("--rules: there is no rule of cleaning 'lower'"));
        EXPECT_STATUS(run({"data", "tales.txt", "--clean", "tales.txt"}), 2);
        EXPECT_STATUS(run({"data", "tales.txt", "--clean", "nowhere/x.txt"}), 1);
    }

private:
    ProgramResult run(const QStringList& arguments) { return runProgram(arguments, m_folder.path()); }
    QByteArray read(const QString& name) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString sha256(const QString& name) {
        return QString::fromLatin1(QCryptographicHash::hash(read(name), QCryptographicHash::Sha256).toHex());
    }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(DataTest)
#include "data_test.moc"
