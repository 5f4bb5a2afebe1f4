#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class ExplainTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { EXPECT_STATUS(trainReverse(m_folder.path()), 0); }

    void theMarkdownWalksThereAndBack() {
        EXPECT_STATUS(explain({"--input", "3 1 4 1 5", "--target", "5 1 4 1 3", "--query", "2", "--out", "walk.md"}), 0);
        const QByteArray text = read("walk.md");
        for (const char* heading : {"The input row", "Attention weights", "The weighted sum of the values", "The loss",
                                    "Back through the softmax", "What the optimizer would do with it"})
            QVERIFY2(text.contains(heading), heading);
        QVERIFY(text.contains("query 2"));
    }

    void withoutTargetItSaysWhyThereIsNoWayBack() {
        EXPECT_STATUS(explain({"--input", "3 1 4", "--out", "walk.md"}), 0);
        QVERIFY(read("walk.md").contains("no way back"));
    }

    void theHandoutHasOneStageAPage() {
        EXPECT_STATUS(explain({"--input", "3 1 4", "--target", "4 1 3", "--out", "walk.pdf"}), 0);
        const QByteArray pdf = read("walk.pdf");
        QVERIFY(pdf.startsWith("%PDF"));
        EXPECT_STATUS(explain({"--input", "3 1 4", "--target", "4 1 3", "--out", "walk.md"}), 0);
        QCOMPARE(pdf.count("/Type /Page\n"), read("walk.md").count("\n## "));
    }

    void chosenStagesMakeAHandoutAWorksheetAndItsSolution() {
        const QStringList chosen = {"--input", "3 1 4", "--stages", "exp,weights", "--out", "chosen.pdf"};
        for (const QStringList& kind : {QStringList{}, QStringList{"--worksheet"}, QStringList{"--solution"}}) {
            EXPECT_STATUS(explain(chosen + kind), 0);
            QVERIFY(read("chosen.pdf").startsWith("%PDF"));
            QVERIFY(read("chosen.pdf").count("/Type /Page\n") <= 2);
        }
        EXPECT_STATUS(explain({"--input", "3 1 4", "--stages", "nowhere", "--out", "chosen.pdf"}), 1);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--stages", "exp", "--out", "chosen.md"}), 2);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--worksheet", "--out", "chosen.pdf"}), 2);
    }

    void examplesAreWrittenByName() {
        for (const QString name : {"scores", "bends", "le-chat", "padding-2"}) {
            EXPECT_STATUS(runProgram({"explain", "--example", name, "--out", "example.md"}, m_folder.path()), 0);
            QVERIFY2(read("example.md").contains("## 1. "), qPrintable(name));
        }
        EXPECT_STATUS(
            runProgram({"explain", "--example", "le-chat", "--block", "decoder.0.cross_attention", "--query", "1", "--out", "example.md"},
                       m_folder.path()),
            0);
        const QByteArray walk = read("example.md");
        QVERIFY(walk.contains("The cat, le chat"));
        QVERIFY(walk.contains("noun phrases"));  // what it is about, at its stage
        EXPECT_STATUS(runProgram({"explain", "--example", "nowhere", "--out", "example.md"}, m_folder.path()), 1);
        EXPECT_STATUS(runProgram({"explain", "--example", "cat", "--input", "3 1", "--out", "example.md"}, m_folder.path()), 2);
        EXPECT_STATUS(runProgram({"explain", "r.safetensors", "--example", "cat", "--out", "example.md"}, m_folder.path()), 2);
    }

    void theWalkIsWrittenAsAProgram() {
        EXPECT_STATUS(explain({"--input", "3 1 4", "--code", "numpy", "--out", "walk.py"}), 0);
        const QByteArray text = read("walk.py");
        for (const char* line :
             {"P = load(", "\"r.safetensors\"", "# --- dot", "a = e / total", "check(\"mix\", \"o[h, i]\", o[h, i], [", "sys.exit("})
            QVERIFY2(text.contains(line), line);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--code", "numpy", "--out", "walk.md"}), 2);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--code", "cpp", "--out", "walk.py"}), 2);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--code", "numpy", "--stages", "exp", "--out", "walk.py"}), 2);
    }

    /// As `generate` does: BOS, and then what it writes itself.
    void anEncoderDecoderReadsWhatItWrites() {
        EXPECT_STATUS(runProgram({"train", "reverse", "--set", "training.steps=2", "--set", "task.test_size=1", "--set",
                                  "model.architecture=encoder-decoder", "--quiet", "--out", "two.safetensors"},
                                 m_folder.path()),
                      0);
        const ProgramResult written = runProgram({"generate", "two.safetensors", "--input", "3 1 4", "--count", "2"}, m_folder.path());
        EXPECT_STATUS(written, 0);
        const QStringList walk = {"explain", "two.safetensors", "--input", "3 1 4", "--block", "decoder.0.cross_attention", "--query",
                                  "2",       "--out",           "alone.md"};
        EXPECT_STATUS(runProgram(walk, m_folder.path()), 0);
        const QByteArray alone = read("alone.md");
        QVERIFY(!alone.isEmpty());
        EXPECT_STATUS(runProgram(walk + QStringList{"--target-input", QStringLiteral("10 ") + written.output.trimmed()}, m_folder.path()),
                      0);
        QCOMPARE(read("alone.md"), alone);
    }

    void keysOfACrossAttentionAreSlots() {
        const QStringList training = {"train",
                                      "copy",
                                      "--set",
                                      "training.steps=2",
                                      "--set",
                                      "task.test_size=1",
                                      "--set",
                                      "model.architecture=encoder-decoder",
                                      "--set",
                                      "model.bottleneck.kind=vq",
                                      "--set",
                                      "model.bottleneck.slots=3",
                                      "--quiet",
                                      "--out",
                                      "slots.safetensors"};
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        const QStringList walk = {"explain", "slots.safetensors",         "--input", "3 1 4 1 5", "--target-input", "10 3",
                                  "--block", "decoder.0.cross_attention", "--query", "1",         "--out",          "slots.md"};
        EXPECT_STATUS(runProgram(walk + QStringList{"--key", "2", "--target", "3 1"}, m_folder.path()), 0);
        QVERIFY(read("slots.md").contains("key 2 \u201Cslot 2: "));
        const ProgramResult outside = runProgram(walk + QStringList{"--key", "3"}, m_folder.path());  // the source has five tokens
        EXPECT_STATUS(outside, 1);
        QVERIFY2(outside.errors.contains("there is no slot 3, only 0 to 2"), qPrintable(outside.errors));
        QStringList code = walk + QStringList{"--code", "numpy"};
        code[code.indexOf("slots.md")] = "slots.py";
        EXPECT_STATUS(runProgram(code, m_folder.path()), 1);
    }

    void badPlacesAreNamed() {
        EXPECT_STATUS(explain({"--input", "3 1 4", "--query", "3", "--out", "walk.md"}), 1);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--layer", "7", "--out", "walk.md"}), 1);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--head", "9", "--out", "walk.md"}), 1);
        EXPECT_STATUS(explain({"--input", "3 1 4", "--out", "walk.txt"}), 2);
    }

private:
    ProgramResult explain(const QStringList& arguments) {
        return runProgram(QStringList{"explain", "r.safetensors"} + arguments, m_folder.path());
    }
    QByteArray read(const QString& name) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ExplainTest)
#include "explain_test.moc"
