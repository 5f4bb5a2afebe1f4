#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class TokenizeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        write("text.txt", "low low lower, lowest\n");
        EXPECT_STATUS(run({"tokenizer", "train", "text.txt", "--pieces", "260", "--special", "<|end|>", "--out", "t.json", "--quiet"}), 0);
    }

    void tokensAreListedWithTheirPlaces() {
        const ProgramResult result = run({"tokenize", "t.json", "--text", "lower<|end|>"});
        EXPECT_STATUS(result, 0);
        const QStringList lines = result.output.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.front(), QStringLiteral("258\t0-3\tlow\tlow"));
        QCOMPARE(lines.back(), QStringLiteral("0\t5-12\t<|end|>\t<|end|>"));
        QVERIFY(result.errors.contains("tokens, "));
    }

    void idsAreGivenInARow() {
        const ProgramResult result = run({"tokenize", "t.json", "--file", "text.txt", "--ids"});
        EXPECT_STATUS(result, 0);
        for (const QString& id : result.output.trimmed().split(' ')) QVERIFY(id.toInt() > 0);
    }

    void charactersAndBytesAreTokenizersToo() {
        EXPECT_STATUS(run({"tokenizer", "train", "text.txt", "--kind", "characters", "--out", "c.json"}), 0);
        const ProgramResult known = run({"tokenize", "c.json", "--text", "low", "--ids"});
        QCOMPARE(known.output.trimmed().split(' ').size(), 3);
        QVERIFY(run({"tokenize", "c.json", "--text", "loq"}).errors.contains("no token for 'q' (character 2)"));
        EXPECT_STATUS(run({"tokenizer", "train", "text.txt", "--kind", "bytes", "--out", "b.json"}), 0);
        QCOMPARE(run({"tokenize", "b.json", "--text", "aa", "--ids"}).output.trimmed(), QStringLiteral("97 97"));
        EXPECT_STATUS(run({"tokenizer", "train", "text.txt", "--kind", "words", "--out", "w.json"}), 2);
    }

    void olderFilesAreReadAndConverted() {
        write("vocab.txt", "[UNK]\nlow\n##er\n");
        QCOMPARE(run({"tokenize", "vocab.txt", "--text", "Lower", "--ids"}).output.trimmed(), QStringLiteral("1 2"));
        EXPECT_STATUS(run({"tokenizer", "convert", "vocab.txt", "--out", "v.json"}), 0);
        QCOMPARE(run({"tokenize", "v.json", "--text", "Lower", "--ids"}).output.trimmed(), QStringLiteral("1 2"));
        write("vocab.json", R"({"a": 0, "b": 1})");
        write("merges.txt", "a b\n");
        const ProgramResult broken = run({"tokenizer", "convert", "merges.txt", "--out", "m.json"});
        EXPECT_STATUS(broken, 1);
        QVERIFY(broken.errors.contains("line 1: 'ab' is not in the vocabulary"));
        QVERIFY(!QFile::exists(m_folder.filePath("m.json")));
    }

    void badInputIsNamed() {
        write("latin.txt", "na\xEFve");
        write("broken.json", "{");
        const ProgramResult latin = run({"tokenizer", "train", "latin.txt", "--out", "u.json"});
        EXPECT_STATUS(latin, 1);
        QVERIFY(latin.errors.contains("latin.txt: is not a text in UTF-8"));
        const ProgramResult broken = run({"tokenize", "broken.json", "--text", "a"});
        EXPECT_STATUS(broken, 1);
        QVERIFY(broken.errors.contains("broken.json: not the JSON of a tokenizer"));
        const ProgramResult few = run({"tokenizer", "train", "text.txt", "--pieces", "100", "--out", "u.json"});
        EXPECT_STATUS(few, 1);
        QVERIFY(few.errors.contains("100 pieces are too few"));
        EXPECT_STATUS(run({"tokenizer", "train", "--out", "u.json"}), 2);
        EXPECT_STATUS(run({"tokenizer", "text.txt", "--out", "u.json"}), 2);
        EXPECT_STATUS(run({"tokenize", "t.json"}), 2);
        EXPECT_STATUS(run({"tokenize", "t.json", "--text", "a", "--file", "text.txt"}), 2);
        EXPECT_STATUS(run({"tokenizer", "train", "text.txt", "--out", "text.txt"}), 2);
        QVERIFY(!QFile::exists(m_folder.filePath("u.json")));
    }

private:
    ProgramResult run(const QStringList& arguments) { return runProgram(arguments, m_folder.path()); }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TokenizeTest)
#include "tokenize_test.moc"
