#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"

/// quantize and prune.
class QuantizeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        EXPECT_STATUS(
            run({"train", "reverse", "--quiet", "--out", "r.safetensors", "--set", "training.steps=300", "--set", "training.batch_size=32",
                 "--set", "task.seq_len=6", "--set", "task.test_size=8", "--set", "task.validation_size=64", "--set", "model.num_heads=4"}),
            0);
    }

    void theLossBarelyRises() {
        for (const char* bits : {"8", "4"}) {
            const ProgramResult result = run({"quantize", "r.safetensors", "--bits", bits, "--out", "q.safetensors"});
            EXPECT_STATUS(result, 0);
            QVERIFY2(result.output.startsWith("32 bits: "), qPrintable(result.output));
            QVERIFY2(result.output.contains(QStringLiteral("\n%1 bits: ").arg(bits)), qPrintable(result.output));
            const double rise = result.output.section("rises by ", 1).section(',', 0, 0).trimmed().toDouble();
            QVERIFY2(std::abs(rise) < (*bits == '8' ? 0.002 : 0.1), qPrintable(result.output));
            QVERIFY2(result.errors.contains("saved q.safetensors"), qPrintable(result.errors));
            // It opens, writes and shows like any other, and says what it is.
            EXPECT_STATUS(run({"trace", "q.safetensors", "--input", "3 1 4 1 5 9", "--out", "t.safetensors"}), 0);
            QVERIFY(contents(m_folder.filePath("q.safetensors")).contains(*bits == '8' ? "int8" : "int4"));
            QVERIFY(QFileInfo(m_folder.filePath("q.safetensors")).size() < QFileInfo(m_folder.filePath("r.safetensors")).size() / 3);
        }
    }

    void itIsNoStateButABeginning() {
        EXPECT_STATUS(run({"quantize", "r.safetensors", "--out", "q.safetensors"}), 0);
        const ProgramResult resumed = run({"train", "--resume", "q.safetensors", "--quiet"});
        EXPECT_STATUS(resumed, 1);
        QVERIFY2(resumed.errors.contains("is quantised and no training state"), qPrintable(resumed.errors));
        EXPECT_STATUS(run({"train", "reverse", "--init", "q.safetensors", "--quiet", "--set", "training.steps=2", "--set", "task.seq_len=6",
                           "--set", "task.test_size=8", "--set", "model.num_heads=4"}),
                      0);
        const ProgramResult twice = run({"quantize", "q.safetensors", "--out", "q2.safetensors"});
        EXPECT_STATUS(twice, 1);
        QVERIFY2(twice.errors.startsWith("error: q.safetensors: is quantised already (int8)"), qPrintable(twice.errors));
    }

    void headsAndWeightsArePruned() {
        for (const char* what : {"--heads", "--weights"})
            for (const char* by : {"size", "ablation"}) {
                const ProgramResult result =
                    run({"prune", "r.safetensors", what, "--by", by, "--share", "0.25", "--out", "p.safetensors", "--quiet"});
                EXPECT_STATUS(result, 0);
                QVERIFY2(result.output.startsWith("before: loss "), qPrintable(result.output));
                QVERIFY2(result.output.contains("\nwithout ") && result.output.contains(" weights are 0, "), qPrintable(result.output));
                const QByteArray bytes = contents(m_folder.filePath("p.safetensors"));
                QVERIFY(bytes.contains("attention_lab.pruned") && bytes.contains("keep_zeros"));
            }
    }

    /// The zeros stay, and the loss falls again.
    void stepsMoreKeepTheZeros() {
        const QStringList prune{"prune", "r.safetensors", "--weights", "--share", "0.6", "--out", "p.safetensors", "--quiet"};
        const ProgramResult bare = run(prune), more = run(prune + QStringList{"--steps", "60"});
        EXPECT_STATUS(bare, 0);
        EXPECT_STATUS(more, 0);
        // Vectors and tables may lose a 0 that they had by chance.
        const auto numberBefore = [](const QString& line, const char* word) {
            return line.section(QLatin1String(word), 0, 0).section(' ', 1).remove(' ').toInt();
        };
        const int taken = numberBefore(bare.output.section('\n', 1, 1), " of ");
        const int zeros = numberBefore(' ' + more.output.section('\n', -2, -2), " of ");
        QVERIFY2(taken > 1000 && zeros >= taken, qPrintable(more.output));
        const auto loss = [](const QString& line) { return line.section("loss ", 1).section(',', 0, 0).toDouble(); };
        const QString without = more.output.section('\n', 1, 1), after = more.output.section('\n', 2, 2);
        QVERIFY2(after.startsWith("after 60 steps more: "), qPrintable(more.output));
        QVERIFY2(loss(after) < loss(without), qPrintable(more.output));
        EXPECT_STATUS(run({"trace", "p.safetensors", "--input", "3 1 4 1 5 9", "--out", "t.safetensors"}), 0);
    }

    /// A language model on a text: bits a byte, and its tokenizer goes along.
    void aTextIsToldInBitsAByte() {
        QByteArray text;
        for (int i = 0; i < 400; ++i)
            text +=
                "The old house number " + QByteArray::number(i) + (i % 3 == 0 ? " stood by the sea.\n\n" : " was where a cat slept.\n\n");
        write(m_folder.filePath("t.txt"), text);
        write(m_folder.filePath("t.json"),
              R"({"format": "attention-lab/experiment", "version": 1, "name": "cat",
                  "task": {"kind": "text", "path": "t.txt", "seq_len": 16},
                  "model": {"architecture": "decoder", "d_model": 16, "num_layers": 1, "num_heads": 2},
                  "training": {"steps": 20, "batch_size": 8}})");
        EXPECT_STATUS(run({"train", "t.json", "--quiet", "--out", "t.safetensors"}), 0);
        const ProgramResult result = run({"quantize", "t.safetensors", "--bits", "4", "--out", "tq.safetensors"});
        EXPECT_STATUS(result, 0);
        QCOMPARE(result.output.count(" bits a byte"), 3);
        EXPECT_STATUS(run({"generate", "tq.safetensors", "--prompt", "The cat", "--count", "5"}), 0);
    }

    void wrongUsageEndsWithTwo() {
        EXPECT_STATUS(run({"quantize"}), 2);
        EXPECT_STATUS(run({"quantize", "r.safetensors"}), 2);
        EXPECT_STATUS(run({"quantize", "r.safetensors", "--bits", "3", "--out", "q.safetensors"}), 2);
        EXPECT_STATUS(run({"quantize", "r.safetensors", "--out", "r.safetensors"}), 2);
        EXPECT_STATUS(run({"prune", "r.safetensors", "--share", ".5", "--out", "p.safetensors"}), 2);
        EXPECT_STATUS(run({"prune", "r.safetensors", "--heads", "--weights", "--share", ".5", "--out", "p.safetensors"}), 2);
        EXPECT_STATUS(run({"prune", "r.safetensors", "--heads", "--out", "p.safetensors"}), 2);
        EXPECT_STATUS(run({"prune", "r.safetensors", "--heads", "--share", "2", "--out", "p.safetensors"}), 2);
        EXPECT_STATUS(run({"prune", "r.safetensors", "--heads", "--share", ".5", "--by", "luck", "--out", "p.safetensors"}), 2);
        EXPECT_STATUS(run({"prune", "r.safetensors", "--heads", "--share", ".5", "--set", "training.seed=1", "--out", "p.safetensors"}), 2);
        EXPECT_STATUS(run({"quantize", "none.safetensors", "--out", "q.safetensors"}), 1);
        EXPECT_STATUS(run({"quantize", "r.safetensors", "--out", "none/q.safetensors"}), 1);
    }

private:
    ProgramResult run(const QStringList& arguments) { return runProgram(arguments, m_folder.path()); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(QuantizeTest)
#include "quantize_test.moc"
