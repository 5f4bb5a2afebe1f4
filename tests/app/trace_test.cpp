#include <QTemporaryDir>
#include <QTest>

#include "core/io/safetensors.h"
#include "tests/app/program.h"

using namespace lab;

class TraceTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { EXPECT_STATUS(trainReverse(m_folder.path()), 0); }

    void writesEveryIntermediate() {
        EXPECT_STATUS(trace({"--input", "3 1 4 1 5"}), 0);
        const NamedTensors tensors = written();
        for (const char* name : {"tokens", "embedding", "encoder.0.attention.query", "encoder.0.attention.key", "encoder.0.attention.value",
                                 "encoder.0.attention.scores", "encoder.0.attention.weights", "encoder.0.attention.head_output",
                                 "encoder.0.attention.output", "encoder.0.residual", "logits"})
            QVERIFY2(tensors.contains(name), name);
        QVERIFY(tensors.at("tokens").isInteger());
        QVERIFY((tensors.at("tokens").integers == std::vector<std::int64_t>{3, 1, 4, 1, 5}));
        QVERIFY((tensors.at("encoder.0.attention.weights").shape == std::vector<std::int64_t>{1, 5, 5}));
        QVERIFY(!tensors.contains("loss"));
    }

    void aTargetGivesTheLoss() {
        EXPECT_STATUS(trace({"--input", "3 1 4", "--target", "4 1 -1"}), 0);
        const NamedTensors tensors = written();
        QVERIFY(tensors.contains("loss"));
        QVERIFY(!tensors.contains("gradient.encoder.0.attention.scores"));
    }

    void gradientsOnRequest() {
        EXPECT_STATUS(trace({"--input", "3 1 4", "--target", "4 1 3", "--gradients"}), 0);
        const NamedTensors tensors = written();
        for (const char* name : {"loss", "gradient.token_embedding.weight", "gradient.encoder.0.attention.scores", "gradient.logits"})
            QVERIFY2(tensors.contains(name), name);
    }

    void aModelWithoutAttentionIsTracedAndRefusedWhereHeadsAreMeant() {
        const QStringList training = {"train",
                                      "reverse",
                                      "--quiet",
                                      "--out",
                                      "m.safetensors",
                                      "--set",
                                      "training.steps=1",
                                      "--set",
                                      "task.test_size=1",
                                      "--set",
                                      "task.seq_len=4",
                                      "--set",
                                      "model.mixer.kind=feed-forward"};
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        const auto run = [this](const QStringList& arguments) { return runProgram(arguments, m_folder.path()); };
        EXPECT_STATUS(run({"trace", "m.safetensors", "--input", "3 1 4", "--out", "t.safetensors"}), 0);
        QVERIFY(written().contains("encoder.0.mixing.hidden") && !written().contains("encoder.0.attention.weights"));
        const QStringList input{"m.safetensors", "--input", "3 1 4", "--out"};
        for (const QStringList& command :
             {QStringList{"explain"} + input + QStringList{"w.md"}, QStringList{"render"} + input + QStringList{"w.png", "--view", "maps"},
              QStringList{"render"} + input + QStringList{"w.png", "--view", "rope"}}) {
            const ProgramResult refused = run(command);
            EXPECT_STATUS(refused, 1);
            QCOMPARE(refused.errors.trimmed(),
                     QStringLiteral("error: m.safetensors: this model has no attention: a feed-forward net mixes its positions"));
        }
        const ProgramResult tooLong = run({"trace", "m.safetensors", "--input", "3 1 4 1 5", "--out", "t.safetensors"});
        EXPECT_STATUS(tooLong, 1);
        QVERIFY2(tooLong.errors.contains("has weights for 4 (model.max_seq_len)"), qPrintable(tooLong.errors));
    }

    void theSeparatorIsReadByItsNameAndByItsId() {
        const QStringList training = {"train",
                                      "reverse",
                                      "--quiet",
                                      "--out",
                                      "d.safetensors",
                                      "--set",
                                      "training.steps=1",
                                      "--set",
                                      "task.test_size=1",
                                      "--set",
                                      "task.seq_len=4",
                                      "--set",
                                      "model.architecture=decoder"};
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        for (const char* input : {"3 1 SEP 1 3", "3 1 10 1 3"}) {
            EXPECT_STATUS(runProgram({"trace", "d.safetensors", "--out", "t.safetensors", "--input", input}, m_folder.path()), 0);
            QVERIFY((written().at("tokens").integers == std::vector<std::int64_t>{3, 1, 10, 1, 3}));
        }
        const QString page = "walk.md";
        EXPECT_STATUS(runProgram({"explain", "d.safetensors", "--out", page, "--input", "3 1 SEP 1 3", "--query", "2"}, m_folder.path()),
                      0);
        QFile file(m_folder.filePath(page));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("query 2 \u201CSEP\u201D"));
    }

    void badInputIsNamed_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("a word") << QStringList{"--input", "3 cat"} << "cat";
        QTest::newRow("outside the vocabulary") << QStringList{"--input", "3 10"} << "10";
        QTest::newRow("negative") << QStringList{"--input", "3 -1"} << "-1";
        QTest::newRow("nothing") << QStringList{"--input", " "} << "empty";
        QTest::newRow("too few targets") << QStringList{"--input", "3 1", "--target", "1"} << "target";
        QTest::newRow("target outside") << QStringList{"--input", "3 1", "--target", "1 10"} << "10";
        QString longInput = "1";
        for (int i = 0; i < 2048; ++i) longInput += " 1";
        QTest::newRow("too long") << QStringList{"--input", longInput} << "2048";
    }

    void badInputIsNamed() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, word);
        const ProgramResult result = trace(arguments);
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(word), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
    }

private:
    ProgramResult trace(const QStringList& arguments) {
        return runProgram(QStringList{"trace", "r.safetensors", "--out", "t.safetensors"} + arguments, m_folder.path());
    }
    NamedTensors written() const { return readSafetensors(m_folder.filePath("t.safetensors").toStdString()).tensors; }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TraceTest)
#include "trace_test.moc"
