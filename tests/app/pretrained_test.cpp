#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

// Every command that takes a checkpoint takes a model of another program.

namespace {

QString pretrained(const char* name) {
    return QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/") + name;
}

}  // namespace

class PretrainedCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void commandsTakeAFolder_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("trace") << QStringList{"trace", pretrained("bert-mlm"), "--input", "Mira lost the [MASK].",
                                              "--out", "t.safetensors"};
        QTest::newRow("sample") << QStringList{"trace", pretrained("roberta"), "--sample", "8", "--out", "s.safetensors"};
        QTest::newRow("a file of it") << QStringList{"trace",        pretrained("gpt2/model.safetensors"), "--sample", "0", "--out",
                                                     "f.safetensors"};
        QTest::newRow("explain") << QStringList{"explain", pretrained("gpt2"), "--input", "Mira lost", "--out", "e.md"};
        QTest::newRow("evaluate") << QStringList{"evaluate", pretrained("llama-gqa"), "--json"};
        QTest::newRow("generate") << QStringList{"generate", pretrained("gpt2"), "--input", "Mira lost", "--count", "3"};
        QTest::newRow("cost") << QStringList{"cost", pretrained("gpt2")};
        QTest::newRow("quantize") << QStringList{"quantize", pretrained("gpt2"), "--out", "q.safetensors"};
    }
    void commandsTakeAFolder() {
        QFETCH(QStringList, arguments);
        const ProgramResult result = runProgram(arguments, m_folder.path());
        EXPECT_STATUS(result, 0);
    }

    /// Trained on a text with its own tokenizer, taken apart, merged, and gone on with.
    void fineTuningKeepsTheModelAndItsWords() {
        writeText("words.txt", 200, "Mira lost the key and the old owl found it again. ");
        const QStringList train = {"train",
                                   "--from",
                                   pretrained("llama-gqa"),
                                   "--quiet",
                                   "--set",
                                   "task.kind=text",
                                   "--set",
                                   "task.path=words.txt",
                                   "--set",
                                   "task.seq_len=8",
                                   "--set",
                                   "training.batch_size=4",
                                   "--set",
                                   "training.adapters.rank=2"};
        const auto run = [&](const QStringList& arguments) { return runProgram(arguments, m_folder.path()); };
        EXPECT_STATUS(run(train + QStringList{"--set", "training.steps=6", "--out", "six.safetensors"}), 0);
        EXPECT_STATUS(run(train + QStringList{"--set", "training.steps=6", "--threads", "1", "--out", "one.safetensors"}), 0);
        QCOMPARE(contents("one.safetensors"), contents("six.safetensors"));
        EXPECT_STATUS(run({"adapters", "six.safetensors", "--out", "a.safetensors"}), 0);
        EXPECT_STATUS(run({"adapters", "six.safetensors", "--merged", "--out", "merged.safetensors"}), 0);
        EXPECT_STATUS(run({"adapters", "a.safetensors", "--onto", pretrained("llama-gqa"), "--out", "onto.safetensors"}), 0);
        QVERIFY(contents("a.safetensors").size() < contents("merged.safetensors").size() / 10);
        const auto evaluation = [&](const char* file) { return run({"evaluate", file, "--json"}).output; };
        QVERIFY(!evaluation("six.safetensors").isEmpty());
        QCOMPARE(evaluation("merged.safetensors"), evaluation("six.safetensors"));
        QCOMPARE(evaluation("onto.safetensors"), evaluation("six.safetensors"));
        const ProgramResult wrong = run({"adapters", "a.safetensors", "--onto", pretrained("gpt2"), "--out", "w.safetensors"});
        EXPECT_STATUS(wrong, 1);
        EXPECT_STATUS(run({"adapters", "merged.safetensors", "--out", "w.safetensors"}), 1);
        EXPECT_STATUS(run({"trace", "six.safetensors", "--sample", "0", "--out", "t.safetensors"}), 0);
        const ProgramResult apart = run({"trace", "a.safetensors", "--sample", "0", "--out", "t.safetensors"});
        EXPECT_STATUS(apart, 1);
        QVERIFY2(apart.errors.contains("holds adapters alone"), qPrintable(apart.errors));
    }

    /// What is hidden of a text: learned, saved, opened again, judged, and filled in.
    void anEncoderLearnsMaskedWords() {
        writeText("words.txt", 200, "Mira lost the key and the old owl found it again. ");
        const QStringList train = {"train",
                                   "--from",
                                   pretrained("bert-mlm"),
                                   "--quiet",
                                   "--set",
                                   "task.kind=masked",
                                   "--set",
                                   "task.path=words.txt",
                                   "--set",
                                   "task.seq_len=16",
                                   "--set",
                                   "training.batch_size=8",
                                   "--set",
                                   "training.optimizer.learning_rate=0.003"};
        const auto run = [&](const QStringList& arguments) { return runProgram(arguments, m_folder.path()); };
        const auto steps = [&](const char* count, const char* file) {
            return train + QStringList{"--set", QStringLiteral("training.steps=") + count, "--metrics", "m.csv", "--out", file};
        };
        EXPECT_STATUS(run(steps("1", "first.safetensors")), 0);
        EXPECT_STATUS(run(steps("60", "masked.safetensors")), 0);
        EXPECT_STATUS(run(steps("60", "again.safetensors") + QStringList{"--threads", "1"}), 0);
        QCOMPARE(contents("again.safetensors"), contents("masked.safetensors"));
        const auto loss = [&](const char* file) {
            const ProgramResult result = run({"evaluate", file, "--json"});
            return QJsonDocument::fromJson(result.output.toUtf8()).object().value("loss").toDouble();
        };
        const double first = loss("first.safetensors"), last = loss("masked.safetensors");
        QVERIFY2(first > 3 && last > 0 && last < first / 2, qPrintable(QString("%1 and %2").arg(first).arg(last)));
        EXPECT_STATUS(run({"train", "--resume", "masked.safetensors", "--set", "training.steps=62", "--quiet", "--out", "on.safetensors"}),
                      0);
        EXPECT_STATUS(run({"trace", "masked.safetensors", "--input", "Mira lost the [MASK] and", "--out", "t.safetensors"}), 0);
        const ProgramResult bare =
            run({"train", "--from", pretrained("bert-bare"), "--quiet", "--set", "task.kind=masked", "--set", "task.path=words.txt"});
        EXPECT_STATUS(bare, 1);
        QVERIFY2(bare.errors.contains("no head that names tokens") && bare.errors.count("error: ") == 1, qPrintable(bare.errors));
        const ProgramResult longer = run(train + QStringList{"--set", "task.seq_len=65"});
        EXPECT_STATUS(longer, 1);
        QVERIFY2(longer.errors.contains("task.seq_len: 65 is more than"), qPrintable(longer.errors));
    }

    /// The answer alone is learned, and then given.
    void aDecoderLearnsAnswersToTexts() {
        QByteArray lines;
        for (const char* pair : {"Who lost the key?\tMira", "Who found the key?\tTom", "Who carries the letters?\tthe owl"})
            for (int i = 0; i < 10; ++i) lines += QByteArray(pair) + '\n';
        QFile file(m_folder.filePath("pairs.tsv"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(lines) > 0);
        file.close();
        const auto run = [&](const QStringList& arguments) { return runProgram(arguments, m_folder.path()); };
        EXPECT_STATUS(run({"train", "--from", pretrained("gpt2"), "--quiet", "--set", "task.kind=pairs", "--set", "task.path=pairs.tsv",
                           "--set", "training.batch_size=9", "--set", "training.steps=60", "--set",
                           "training.optimizer.learning_rate=0.003", "--out", "answers.safetensors"}),
                      0);
        const ProgramResult written = run({"generate", "answers.safetensors", "--prompt", "Who carries the letters?", "--temperature", "0",
                                           "--count", "8", "--stop", "<|endoftext|>"});
        EXPECT_STATUS(written, 0);
        QVERIFY2(written.output.startsWith(" the owl"), qPrintable(written.output));
        const ProgramResult judged = run({"evaluate", "answers.safetensors", "--json"});
        EXPECT_STATUS(judged, 0);
        const QJsonObject found = QJsonDocument::fromJson(judged.output.toUtf8()).object();
        QVERIFY2(found.value("accuracy").toDouble() > 0.99, qPrintable(judged.output));
    }

    void whatDoesNotFitIsNotTrained_data() {
        QTest::addColumn<QStringList>("settings");
        QTest::addColumn<QString>("said");
        QTest::newRow("nothing asked") << QStringList{} << "there is nothing to train";
        QTest::newRow("an encoder's next token") << QStringList{"task.kind=text", "task.path=words.txt"} << "predicts the next token";
        QTest::newRow("other words") << QStringList{"task.kind=reverse"} << "";
        QTest::newRow("another model") << QStringList{"model.d_model=16"} << "";
    }
    void whatDoesNotFitIsNotTrained() {
        QFETCH(QStringList, settings);
        QFETCH(QString, said);
        QStringList arguments = {"train", "--from", pretrained("bert-mlm"), "--quiet", "--set", "training.batch_size=4"};
        for (const QString& setting : settings) arguments << "--set" << setting;
        const ProgramResult result = runProgram(arguments, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains(said) && result.errors.count('\n') == 1, qPrintable(result.errors));
    }

    void whatIsNoneSaysTheWayOut() {
        const ProgramResult hub = runProgram({"trace", "gpt/two", "--input", "x", "--out", "t.safetensors"}, m_folder.path());
        EXPECT_STATUS(hub, 1);
        QVERIFY2(hub.errors.contains("never fetched"), qPrintable(hub.errors));
    }

private:
    void writeText(const char* name, int times, const char* text) const {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < times; ++i) file.write(text);
    }

    QByteArray contents(const char* name) const {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(PretrainedCommandsTest)
#include "pretrained_test.moc"
