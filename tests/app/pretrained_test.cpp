#include <QFile>
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
        QFile text(m_folder.filePath("words.txt"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        for (int i = 0; i < 200; ++i) text.write("Mira lost the key and the old owl found it again. ");
        text.close();
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
    QByteArray contents(const char* name) const {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(PretrainedCommandsTest)
#include "pretrained_test.moc"
