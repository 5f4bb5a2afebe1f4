#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "tests/app/program.h"

class CodeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const QString small =
            " --quiet --set task.seq_len=4 --set task.test_size=200 --set task.validation_size=50 --set model.d_model=16 --set "
            "model.num_layers=1 --set model.num_heads=2 --set training.steps=5 --set model.architecture=encoder-decoder";
        EXPECT_STATUS(runProgram((QStringLiteral("train copy --out plain.safetensors") + small).split(' '), m_folder.path()), 0);
        EXPECT_STATUS(runProgram((QStringLiteral("train copy --out coded.safetensors --set model.bottleneck.kind=fsq --set "
                                                 "model.bottleneck.slots=3 --set model.bottleneck.levels=4") +
                                  small)
                                     .split(' '),
                                 m_folder.path()),
                      0);
    }

    void aReportSaysWhatWasMeasured() {
        const ProgramResult result = code({"coded.safetensors"});
        EXPECT_STATUS(result, 0);
        for (const char* part : {"exact ", "collisions ", "code bits ", "perplexity", "rank corr.", "pigeonhole"})
            QVERIFY2(result.output.contains(part), qPrintable(QString(part) + "\n" + result.output));
        const QJsonObject json = jsonOf({"coded.safetensors"});
        QCOMPARE(json["step"].toInt(), 5);
        QCOMPARE(json["slots"].toInt(), 3);
        QCOMPARE(json["codes"].toInt(), 4);
        QCOMPARE(json["sequences"].toInt() + json["repeated"].toInt(), 200);
        const QJsonObject bits = json["bits"].toObject();
        QCOMPARE(bits["room"].toDouble(), 6.0);
        QVERIFY(std::abs(bits["needed"].toDouble() - 4 * std::log2(10)) < 1e-9);
        QCOMPARE(bits["needed_by"].toString(), QString("alphabet"));
        const QJsonObject collisions = json["collisions"].toObject();
        QVERIFY(collisions["sequences"].toInt() > 0 && collisions["rate"].toDouble() > 0);  // 64 codes for some 200 sequences
        const QJsonObject pair = collisions["list"].toArray().first().toObject();
        QVERIFY(pair["first"].toArray() != pair["second"].toArray() && !pair["differing"].toArray().isEmpty());
        QCOMPARE(json["usage"].toArray().size(), 3);
        QVERIFY(json["order"].toObject()["goedel"].toObject()["median_bits"].toDouble() > bits["needed"].toDouble());
        QVERIFY(!json.contains("lengths") && !json.contains("slot_flips"));
    }

    void changesAndLengthsAreAskedFor() {
        const QJsonObject json = jsonOf({"coded.safetensors", "--sequences", "40", "--changes", "--lengths"});
        QCOMPARE(json["sequences"].toInt() + json["repeated"].toInt(), 40);
        QCOMPARE(json["symbol_changes"].toObject()["by_position"].toArray().size(), 4);
        QCOMPARE(json["slot_flips"].toObject()["by_slot"].toArray().size(), 3);
        const QJsonArray lengths = json["lengths"].toArray();
        QVERIFY(lengths.size() > 3);
        for (const QJsonValue& row : lengths) QCOMPARE(row.toObject()["trained"].toBool(), row.toObject()["length"].toInt() == 4);
        const ProgramResult said = code({"coded.safetensors", "--sequences", "40", "--changes", "--lengths"});
        EXPECT_STATUS(said, 0);
        QVERIFY2(said.output.contains("One symbol changed: ") && said.output.contains("At the trained length 4, "),
                 qPrintable(said.output));
    }

    /// The number of a sequence, given back, decodes to the same.
    void oneSequenceHasANumber() {
        const QJsonObject json = jsonOf({"coded.safetensors", "--input", "3 1 4 1", "--nearest", "3", "--turn", "0=0", "--turn", "0=3"});
        const QJsonArray code = json["code"].toArray();
        QCOMPARE(code.size(), 3);
        QCOMPARE(json["number"].toString().toInt(), code[0].toInt() + 4 * code[1].toInt() + 16 * code[2].toInt());
        QCOMPARE(json["largest"].toString(), QString("63"));
        QCOMPARE(json["goedel"].toObject()["number"].toString(), QString::number(16LL * 9 * 3125 * 49));  // 2^4 3^2 5^5 7^2
        QCOMPARE(json["nearest"].toArray().size(), 3);
        QCOMPARE(json["turns"].toArray().size(), 2);
        QCOMPARE(json["turns"].toArray()[1].toObject()["after"].toInt(), 3);
        QCOMPARE(json["wanted"].toArray(), (QJsonArray{3, 1, 4, 1}));
        const QJsonObject back = jsonOf({"coded.safetensors", "--number", json["number"].toString()});
        QCOMPARE(back["code"].toArray(), code);
        QCOMPARE(back["decoded"].toArray(), json["decoded"].toArray());
        const ProgramResult said = this->code({"coded.safetensors", "--input", "3 1 4 1", "--turn", "1=2"});
        EXPECT_STATUS(said, 0);
        QVERIFY2(said.output.contains("sequence  3 1 4 1\n") && said.output.contains("slot 1 set from "), qPrintable(said.output));
    }

    void evaluateSaysItOfTheValidation() {
        const ProgramResult said = runProgram({"evaluate", "coded.safetensors"}, m_folder.path());
        EXPECT_STATUS(said, 0);
        QVERIFY2(said.output.contains("greedily and from the code alone") && said.output.contains("code bits "), qPrintable(said.output));
        const ProgramResult json = runProgram({"evaluate", "coded.safetensors", "--json"}, m_folder.path());
        const QJsonObject figures = QJsonDocument::fromJson(json.output.toUtf8()).object()["code"].toObject();
        QVERIFY(figures["sequences"].toInt() > 0 && figures["sequences"].toInt() <= 50);
        QCOMPARE(figures["bits"].toObject()["room"].toDouble(), 6.0);
        const ProgramResult plain = runProgram({"evaluate", "plain.safetensors"}, m_folder.path());
        EXPECT_STATUS(plain, 0);
        QVERIFY(!plain.output.contains("code bits"));
    }

    void badInputIsNamed_data() {
        QTest::addColumn<QStringList>("call");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        const auto row = [](const QStringList& call, int status, const QString& message) {
            QTest::newRow(qPrintable("code " + call.join(' '))) << call << status << message;
        };
        const QString run = "coded.safetensors";
        row({}, 2, "a checkpoint is missing");
        row({"nowhere.safetensors"}, 1, "nowhere.safetensors");
        row({"plain.safetensors"}, 1, "has no bottleneck");
        row({run, "--input", "3 fish"}, 1, "--input: token 1: 'fish' is not an integer");
        row({run, "--input", " "}, 1, "empty sequence");
        row({run, "--input", "3 1 4 1", "--turn", "3"}, 2, "--turn is SLOT=CODE");
        row({run, "--input", "3 1 4 1", "--turn", "3=0"}, 1, "There is no slot 3");
        row({run, "--input", "3 1 4 1", "--turn", "0=4"}, 1, "Slot 0 has the codes 0 .. 3");
        row({run, "--turn", "0=1"}, 2, "give --input");
        row({run, "--number", "64"}, 1, "the largest is 63");
        row({run, "--number", "six"}, 1, "--number: ");
        row({run, "--number", "6", "--input", "3"}, 2, "exclude each other");
        row({run, "--number", "6", "--lengths"}, 2, "--lengths is about the test set");
        row({run, "--sequences", "0"}, 2, "--sequences");
        row({run, "--sequences", "200000"}, 2, "--sequences is at most");
    }

    void badInputIsNamed() {
        QFETCH(QStringList, call);
        QFETCH(int, status);
        QFETCH(QString, message);
        const ProgramResult result = code(call);
        EXPECT_STATUS(result, status);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(message), qPrintable(result.errors));
        QVERIFY(result.output.isEmpty());
    }

private:
    ProgramResult code(const QStringList& arguments) {
        return runProgram(QStringList{"code"} + arguments + (arguments.isEmpty() ? QStringList() : QStringList{"--quiet"}),
                          m_folder.path());
    }
    QJsonObject jsonOf(const QStringList& arguments) {
        return QJsonDocument::fromJson(code(arguments + QStringList{"--json"}).output.toUtf8()).object();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(CodeTest)
#include "code_test.moc"
