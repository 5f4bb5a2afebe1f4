#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace {

/// What trains a small model with these settings into a file.
QStringList smallRun(const QStringList& settings, const QString& file) {
    QStringList arguments{"train", "reverse", "--quiet", "--out", file};
    for (const QString& each : settings + QStringList{"training.batch_size=16", "task.seq_len=4", "task.test_size=8"})
        arguments << "--set" << each;
    return arguments;
}

}  // namespace

class GenerateTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        for (const char* architecture : {"decoder", "encoder-decoder", "encoder"}) {
            const QStringList training =
                smallRun({QStringLiteral("task.kind=copy"), QStringLiteral("model.num_layers=2"), QStringLiteral("model.num_heads=2"),
                          QStringLiteral("training.steps=30"), QStringLiteral("model.architecture=%1").arg(architecture)},
                         QStringLiteral("%1.safetensors").arg(architecture));
            EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        }
    }

    void aDecoderGoesOn() {
        const ProgramResult result = generate({"decoder.safetensors", "--input", "3 1 4 1 10", "--count", "4"});
        EXPECT_STATUS(result, 0);
        QCOMPARE(result.output.trimmed().split(' ').size(), 4);
        // 2 sides, 2 layers, 2 heads of 16 floats, and the 8 tokens that were read: the last one written is not.
        QVERIFY2(result.errors.contains("key-value cache: 4 096 bytes"), qPrintable(result.errors));
    }

    void theCacheChangesNothing() {
        for (const char* temperature : {"0", "1.5"}) {
            const QStringList arguments = {"decoder.safetensors", "--input", "3 1 4 1 10", "--count", "4", "--temperature", temperature};
            const ProgramResult uncached = generate(arguments + QStringList{"--no-cache"});
            EXPECT_STATUS(uncached, 0);
            QCOMPARE(uncached.output, generate(arguments).output);
            QVERIFY(uncached.errors.isEmpty());
        }
    }

    void theSeedMakesTheDraws() {
        const QStringList arguments = {"decoder.safetensors", "--input", "3", "--count", "8", "--temperature", "3", "--seed"};
        const QString one = generate(arguments + QStringList{"1"}).output;
        QCOMPARE(generate(arguments + QStringList{"1"}).output, one);
        QVERIFY(generate(arguments + QStringList{"2"}).output != one);
    }

    void anEncoderDecoderBeginsWithBos() {
        const ProgramResult result = generate({"encoder-decoder.safetensors", "--input", "3 1 4 1", "--count", "4"});
        EXPECT_STATUS(result, 0);
        QCOMPARE(generate({"encoder-decoder.safetensors", "--input", "3 1 4 1", "--target-input", "10", "--count", "4"}).output,
                 result.output);
    }

    void whatWasWrittenBeforeAnErrorEndsItsLine() {
        const QStringList training = smallRun({QStringLiteral("training.steps=3"), QStringLiteral("model.architecture=decoder"),
                                               QStringLiteral("model.position.kind=learned")},
                                              QStringLiteral("learned.safetensors"));
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        const ProgramResult result = generate({"learned.safetensors", "--input", "3 1 4 1 10", "--count", "16"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.output.endsWith('\n') && result.output.trimmed().split(' ').size() > 1, qPrintable(result.output));
        QCOMPARE(result.output.count('\n'), 1);
        QVERIFY2(result.errors.startsWith("error: "), qPrintable(result.errors));
    }

    void anEncoderCannot() {
        const ProgramResult result = generate({"encoder.safetensors", "--input", "3 1 4 1"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: encoder.safetensors: an encoder answers"), qPrintable(result.errors));
    }

    void wrongUsageEndsWithTwo() {
        EXPECT_STATUS(generate({}), 2);
        EXPECT_STATUS(generate({"decoder.safetensors"}), 2);
        EXPECT_STATUS(generate({"decoder.safetensors", "--input", "3", "--count", "0"}), 2);
        EXPECT_STATUS(generate({"decoder.safetensors", "--input", "3", "--temperature", "-1"}), 2);
        EXPECT_STATUS(generate({"decoder.safetensors", "--input", "3", "--target-input", "1"}), 2);
        EXPECT_STATUS(generate({"decoder.safetensors", "--input", "11"}), 1);
    }

private:
    ProgramResult generate(const QStringList& arguments) { return runProgram(QStringList{"generate"} + arguments, m_folder.path()); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(GenerateTest)
#include "generate_test.moc"
