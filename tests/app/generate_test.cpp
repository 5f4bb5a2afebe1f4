#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
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

    void writesATextOn() {
        const QStringList arguments = {"decoder.safetensors", "--prompt", "3 1 4 1", "--count", "5"};
        const ProgramResult result = generate(arguments);
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.startsWith(' ') && result.output.endsWith('\n'), qPrintable(result.output));  // what comes behind the prompt
        QCOMPARE(result.output.trimmed().split(' ').size(), 5);
        QVERIFY2(result.errors.contains("5 tokens, ") && result.errors.contains(" bytes"), qPrintable(result.errors));
        QCOMPARE(generate(arguments + QStringList{"--no-cache"}).output, result.output);
        QCOMPARE(generate(arguments + QStringList{"--seed", "42"}).output, result.output);
        QFile file(m_folder.filePath("prompt.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("3 1 4 1") > 0);
        file.close();
        QCOMPARE(generate({"decoder.safetensors", "--prompt-file", "prompt.txt", "--count", "5"}).output, result.output);
    }

    void theRulesOfSamplingWork() {
        const QStringList arguments = {"decoder.safetensors", "--prompt", "3 1", "--count", "6"};
        const QString greedy = generate(arguments + QStringList{"--temperature", "0"}).output;
        for (const QStringList& rule : {QStringList{"--top-k", "1"}, {"--top-p", "0.0001"}, {"--min-p", "1"}})
            QCOMPARE(generate(arguments + QStringList{"--temperature", "2"} + rule).output, greedy);
        QVERIFY(generate(arguments + QStringList{"--temperature", "0", "--presence-penalty", "99"}).output != greedy);
        const QStringList tokens = {"decoder.safetensors", "--input", "3 1", "--count", "6", "--temperature", "2", "--top-k", "1"};
        QCOMPARE(generate(tokens).output.trimmed(), greedy.trimmed());
    }

    void stopsBeforeAText() {
        const QStringList arguments = {"decoder.safetensors", "--prompt", "3 1", "--count", "9", "--temperature", "3"};
        const QString whole = generate(arguments).output;
        const QString stop = whole.trimmed().split(' ').at(3);
        const QString stopped = generate(arguments + QStringList{"--stop", stop}).output;
        QCOMPARE(stopped, whole.left(whole.indexOf(stop)) + "\n");
    }

    void aLineOfJsonAToken() {
        const ProgramResult result =
            generate({"decoder.safetensors", "--prompt", "3 1", "--count", "4", "--top-k", "2", "--temperature", "1", "--json"});
        EXPECT_STATUS(result, 0);
        const QStringList lines = result.output.trimmed().split('\n');
        QCOMPARE(lines.size(), 4);
        for (int i = 0; i < 4; ++i) {
            const QJsonObject token = QJsonDocument::fromJson(lines[i].toUtf8()).object();
            QCOMPARE(token["position"].toInt(), 2 + i);
            double after = 0;
            int cut = 0;
            for (const QJsonValue& each : token["candidates"].toArray()) {
                after += each.toObject()["after"].toDouble();
                cut += each.toObject()["cut_by"].toString() == "top_k";
            }
            QVERIFY(std::abs(after - 1) < 1e-9);
            QVERIFY(cut > 0);
            QVERIFY(token["entropy_after"].toDouble() <= 1);
            QCOMPARE(token["cuts"].toArray().at(0).toObject()["rule"].toString(), QString("top_k"));
        }
    }

    void aModelOfTextWritesText() {
        makeText();
        for (const char* tokenizer : {"characters", "bytes", "bpe"}) {
            const QString file = QStringLiteral("%1.safetensors").arg(tokenizer);
            EXPECT_STATUS(runProgram(QStringLiteral("train reverse --quiet --out %2 --set task.kind=text --set task.path=goats.txt --set "
                                                    "task.tokenizer=%1 --set task.pieces=280 --set task.seq_len=16 --set training.steps=20 "
                                                    "--set training.batch_size=8 --set model.architecture=decoder --set model.d_model=16 "
                                                    "--set model.num_layers=1 --set model.num_heads=2 --set model.position.kind=learned")
                                         .arg(tokenizer, file)
                                         .split(' '),
                                     m_folder.path()),
                          0);
            const QStringList arguments = {file, "--prompt", "The caf\u00E9 ", "--count", "60"};  // far beyond the 16 positions
            const ProgramResult result = generate(arguments);
            EXPECT_STATUS(result, 0);
            QVERIFY(result.errors.contains("60 tokens, "));
            QCOMPARE(generate(arguments + QStringList{"--no-cache"}).output, result.output);
            QString pieces;
            for (const QString& line : generate(arguments + QStringList{"--json"}).output.trimmed().split('\n'))
                pieces += QJsonDocument::fromJson(line.toUtf8()).object()["text"].toString();
            QVERIFY2(result.output.startsWith(pieces), qPrintable(pieces));
            QVERIFY(pieces.size() > 20);
            EXPECT_STATUS(runProgram({"evaluate", file, "--text", "goats.txt", "--windows", "disjoint"}, m_folder.path()), 0);
            EXPECT_STATUS(runProgram({"evaluate", file, "--json"}, m_folder.path()), 0);
        }
        const ProgramResult unknown = generate({"characters.safetensors", "--prompt", "The \u0436"});
        EXPECT_STATUS(unknown, 1);
        QVERIFY2(unknown.errors.contains(QStringLiteral("error: --prompt: character 5, '\u0436', has no token")),
                 qPrintable(unknown.errors));
    }

    void badPromptsAreNamed() {
        const ProgramResult unknown = generate({"decoder.safetensors", "--prompt", "3 fish"});
        EXPECT_STATUS(unknown, 1);
        QVERIFY2(unknown.errors.contains("error: --prompt: token 1: 'fish'"), qPrintable(unknown.errors));
        EXPECT_STATUS(generate({"decoder.safetensors", "--prompt", " "}), 1);
        EXPECT_STATUS(generate({"encoder.safetensors", "--prompt", "3"}), 1);
        EXPECT_STATUS(generate({"decoder.safetensors", "--prompt-file", "nowhere.txt"}), 1);
        for (const QStringList& wrong : {QStringList{"--prompt", "3", "--prompt-file", "x"},
                                         {"--prompt", "3", "--input", "3"},
                                         {"--input", "3", "--json"},
                                         {"--prompt", "3", "--top-p", "0"},
                                         {"--prompt", "3", "--top-k", "-1"},
                                         {"--prompt", "3", "--min-p", "2"}})
            EXPECT_STATUS(generate(QStringList{"decoder.safetensors"} + wrong), 2);
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
    void makeText() const {
        QFile file(m_folder.filePath("goats.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 60; ++i)
            file.write(QStringLiteral("The %1 goats went over the bridge.\nOne of them stayed in the caf\u00E9 %2.\n\n")
                           .arg(i)
                           .arg(i * i)
                           .toUtf8());
    }
    ProgramResult generate(const QStringList& arguments) { return runProgram(QStringList{"generate"} + arguments, m_folder.path()); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(GenerateTest)
#include "generate_test.moc"
