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
