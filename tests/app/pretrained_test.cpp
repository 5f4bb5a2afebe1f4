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

    void whatIsNoneSaysTheWayOut() {
        const ProgramResult hub = runProgram({"trace", "gpt/two", "--input", "x", "--out", "t.safetensors"}, m_folder.path());
        EXPECT_STATUS(hub, 1);
        QVERIFY2(hub.errors.contains("never fetched"), qPrintable(hub.errors));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(PretrainedCommandsTest)
#include "pretrained_test.moc"
