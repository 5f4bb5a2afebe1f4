#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/safetensors.h"
#include "tests/app/program.h"

using namespace lab;

/// The commands on models that read vectors: points that answer with a number, and pictures.
class VectorsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        write("points.json",
              R"({"format": "attention-lab/experiment", "version": 1, "name": "Points",
                  "task": {"kind": "regression", "dimensions": 1, "points": 3, "train_size": 64, "validation_size": 8, "test_size": 8},
                  "model": {"d_model": 8, "num_layers": 1, "num_heads": 1, "readout": "last", "position": {"kind": "none"},
                            "attention": {"kernel": {"kind": "product"}}},
                  "training": {"steps": 2, "batch_size": 8}})");
        m_said = run({"train", "points.json", "--quiet", "--metrics", "p.csv", "--out", "p.safetensors"});
        EXPECT_STATUS(m_said, 0);
        EXPECT_STATUS(run({"train", "vit-shapes", "--quiet", "--out", "s.safetensors", "--set", "training.steps=1", "--set",
                           "training.batch_size=4", "--set", "task.train_size=8", "--set", "task.validation_size=4", "--set",
                           "task.test_size=4", "--set", "model.d_model=8", "--set", "model.num_layers=1"}),
                      0);
    }

    void numbersAreExplainedNotRight() {
        QVERIFY2(m_said.output.startsWith("test explained ") && !m_said.output.contains("sequences"), qPrintable(m_said.output));
        const ProgramResult found = run({"evaluate", "p.safetensors"});
        EXPECT_STATUS(found, 0);
        QVERIFY2(
            found.output.contains("explained  ") && found.output.contains("half the mean square") && !found.output.contains("accuracy"),
            qPrintable(found.output));
        const ProgramResult pictures = run({"evaluate", "s.safetensors"});
        QVERIFY2(pictures.output.contains("accuracy  ") && !pictures.output.contains("whole sequences"), qPrintable(pictures.output));
    }

    void typedPointsAreTraced() {
        EXPECT_STATUS(run({"trace", "p.safetensors", "--input", "0.5 1; -0.5 -1; 0.25 ?", "--out", "t.safetensors"}), 0);
        const NamedTensors tensors = readSafetensors(path("t.safetensors").toStdString()).tensors;
        QVERIFY((tensors.at("vectors").values == std::vector<float>{0.5F, 1, -0.5F, -1, 0.25F, 0}));
        QVERIFY(!tensors.contains("loss"));
        const ProgramResult wrong = run({"trace", "p.safetensors", "--input", "0.5 1; 3", "--out", "t.safetensors"});
        QVERIFY2(wrong.status != 0 && wrong.errors.contains("2 numbers"), qPrintable(wrong.errors));
    }

    void samplesKnowWhatIsRight() {
        for (const char* file : {"p.safetensors", "s.safetensors"}) {
            EXPECT_STATUS(run({"trace", file, "--sample", "2", "--gradients", "--out", "t.safetensors"}), 0);
            const NamedTensors tensors = readSafetensors(path("t.safetensors").toStdString()).tensors;
            QVERIFY(tensors.contains("loss") && tensors.contains("gradient.input_embedding.weight"));
        }
        const ProgramResult beyond = run({"trace", "s.safetensors", "--sample", "4", "--out", "t.safetensors"});
        QVERIFY2(beyond.status != 0 && beyond.errors.contains("only 4"), qPrintable(beyond.errors));
        QVERIFY(run({"trace", "s.safetensors", "--sample", "1", "--input", "1", "--out", "t.safetensors"}).status != 0);
    }

    void mapsOfPatchesAndPointsAreDrawn() {
        EXPECT_STATUS(run({"render", "s.safetensors", "--view", "maps", "--sample", "0", "--out", "s.svg"}), 0);
        EXPECT_STATUS(run({"render", "p.safetensors", "--view", "maps", "--sample", "0", "--out", "p.svg"}), 0);
        QFile file(path("p.svg"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("of any size and sign"));
    }

    /// The checkpoint tells what its metrics measure; the metrics alone name both.
    void curvesNameWhatIsMeasured() {
        const auto drawn = [&](const QStringList& of) {
            const ProgramResult result =
                run(QStringList{"render"} + of + QStringList{"--view", "curves", "--metrics", "p.csv", "--out", "c.svg"});
            QFile file(path("c.svg"));
            return result.status == 0 && file.open(QIODevice::ReadOnly) ? file.readAll() : result.errors.toUtf8();
        };
        const QByteArray numbers = drawn({"p.safetensors"});
        QVERIFY2(numbers.contains("Explained") && !numbers.contains("Accuracy"), numbers.left(300).constData());
        const QByteArray classes = drawn({"s.safetensors"});
        QVERIFY2(classes.contains("Accuracy") && !classes.contains("xplained"), classes.left(300).constData());
        QVERIFY(drawn({}).contains("Accuracy or explained"));
    }

    void vectorsAreNotWritten() {
        const ProgramResult result = run({"generate", "p.safetensors", "--input", "0.5 1"});
        QVERIFY(result.status != 0 && !result.errors.isEmpty());
    }

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    ProgramResult run(const QStringList& arguments) const { return runProgram(arguments, m_folder.path()); }
    void write(const QString& name, const char* text) const {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly)) file.write(text);
    }

    QTemporaryDir m_folder;
    ProgramResult m_said;
};

QTEST_GUILESS_MAIN(VectorsTest)
#include "vectors_test.moc"
