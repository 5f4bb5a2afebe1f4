#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/io/safetensors.h"
#include "tests/app/files.h"
#include "tests/app/program.h"

using namespace lab;

/// A file of inputs: trace and metrics of all of them.
class InputsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    ProgramResult run(const QStringList& words) const { return runProgram(words, m_folder.path()); }
    NamedTensors traceIn(const QString& name) const { return readSafetensors(path(name).toStdString()).tensors; }
    QJsonArray metrics(const QStringList& more) {
        const ProgramResult result = run(QStringList{"metrics", "r.safetensors", "--json", "--quiet"} + more);
        m_status = result.status;
        return QJsonDocument::fromJson(result.output.toUtf8()).array();
    }
    int m_status = 0;

private slots:
    void initTestCase() {
        EXPECT_STATUS(trainReverse(m_folder.path()), 0);
        write(path("i.txt"), "3 1 4 1 5\n\n2 7 1 8\r\n");
        write(path("i.jsonl"), "{\"input\": \"3 1 4\", \"target\": \"4 1 3\"}\n{\"input\": \"5 9\", \"target\": \"9 -1\"}\n");
    }

    void aTraceOfEach() {
        EXPECT_STATUS(run({"trace", "r.safetensors", "--inputs", "i.txt", "--out", "traces", "--quiet"}), 0);
        QCOMPARE(QDir(path("traces")).entryList(QDir::Files, QDir::Name),
                 (QStringList{"input-0000000.safetensors", "input-0000001.safetensors"}));
        EXPECT_STATUS(run({"trace", "r.safetensors", "--input", "2 7 1 8", "--out", "one.safetensors"}), 0);
        QCOMPARE(contents(path("traces/input-0000001.safetensors")), contents(path("one.safetensors")));
    }

    void objectsSayWhatIsRight() {
        EXPECT_STATUS(run({"trace", "r.safetensors", "--inputs", "i.jsonl", "--gradients", "--out", "graded", "--quiet"}), 0);
        const NamedTensors trace = traceIn("graded/input-0000000.safetensors");
        QVERIFY(trace.contains("loss") && trace.contains("gradient.logits"));
    }

    void metricsAreThoseOfTheTrace() {
        const QJsonArray rows = metrics({"--inputs", "i.txt"});
        QCOMPARE(m_status, 0);
        QCOMPARE(rows.size(), 2);  // one head
        EXPECT_STATUS(run({"trace", "r.safetensors", "--input", "2 7 1 8", "--out", "one.safetensors"}), 0);
        const Tensor weights = traceIn("one.safetensors").at("encoder.0.attention.weights");
        double previous = 0, first = 0;
        for (int i = 0; i < 4; ++i) {
            first += static_cast<double>(weights.values[static_cast<std::size_t>(i * 4)]) / 4;
            if (i > 0) previous += static_cast<double>(weights.values[static_cast<std::size_t>(i * 4 + i - 1)]) / 3;
        }
        const QJsonObject row = rows[1].toObject();
        QCOMPARE(row["input"].toInt(), 1);
        QCOMPARE(row["block"].toString(), QString("encoder.0.attention"));
        QVERIFY(std::abs(row["previous_token"].toDouble() - previous) < 1e-6 && std::abs(row["first_token"].toDouble() - first) < 1e-6);
        QVERIFY(row.contains("induction") && row["induction"].isNull());  // no token comes twice
        QVERIFY(!rows[0].toObject()["induction"].isNull());
    }

    void switchingOffCosts() {
        const QJsonArray rows = metrics({"--inputs", "i.jsonl", "--ablate"});
        QCOMPARE(m_status, 0);
        for (const auto& row : rows) QVERIFY(row.toObject()["cost"].isDouble() && row.toObject()["cost"].toDouble() != 0);
        const ProgramResult unasked = run({"metrics", "r.safetensors", "--inputs", "i.txt", "--ablate", "--quiet"});
        EXPECT_STATUS(unasked, 1);
        QVERIFY2(unasked.errors.contains("nothing is said to be right"), qPrintable(unasked.errors));
    }

    void rolloutSharesAddUpToOne() {
        const QJsonArray rows = metrics({"--inputs", "i.txt", "--rollout"});
        QCOMPARE(m_status, 0);
        QCOMPARE(rows.size(), 5 * 5 + 4 * 4);
        double sum = 0;
        for (int i = 0; i < 5; ++i) sum += rows[i].toObject()["share"].toDouble();
        QVERIFY(std::abs(sum - 1) < 1e-9);
        EXPECT_STATUS(run({"trace", "r.safetensors", "--input", "3 1 4 1 5", "--out", "one.safetensors"}), 0);
        const float weight = traceIn("one.safetensors").at("encoder.0.attention.weights").values[1];
        QVERIFY(std::abs(rows[1].toObject()["share"].toDouble() - static_cast<double>(weight) / 2) < 1e-6);  // half is the residual stream
    }

    void whatIsWrongIsNamedByItsLine_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("a word") << "bad.txt" << QByteArray("3 1\n3 cat\n") << "error: bad.txt: line 2: ";
        QTest::newRow("no object") << "bad.jsonl" << QByteArray("{\"input\": \"3\"}\n[3]\n") << "error: bad.jsonl: line 2: ";
        QTest::newRow("another key") << "bad.jsonl" << QByteArray("{\"input\": \"3\", \"inputs\": \"4\"}\n")
                                     << "error: bad.jsonl: line 1: ";
        QTest::newRow("no JSON") << "bad.jsonl" << QByteArray("\n{\n") << "error: bad.jsonl: line 2: ";
        QTest::newRow("of another architecture")
            << "bad.jsonl" << QByteArray("{\"input\": \"3\", \"target_input\": \"4\"}\n") << "error: bad.jsonl: line 1: ";
        QTest::newRow("nothing") << "bad.txt" << QByteArray("\n\n") << "error: bad.txt: has no inputs";
    }

    void whatIsWrongIsNamedByItsLine() {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        write(path(name), text);
        const ProgramResult result = run({"trace", "r.safetensors", "--inputs", name, "--out", "traces"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith(said), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
    }

    void optionsThatSayTheSameAreRefused() {
        EXPECT_STATUS(run({"trace", "r.safetensors", "--inputs", "i.txt", "--input", "3", "--out", "traces"}), 2);
        EXPECT_STATUS(run({"metrics", "r.safetensors"}), 2);
        EXPECT_STATUS(run({"metrics", "r.safetensors", "--inputs", "i.txt", "--ablate", "--rollout"}), 2);
    }
};

QTEST_GUILESS_MAIN(InputsTest)
#include "inputs_test.moc"
