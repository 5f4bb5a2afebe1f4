// What is no text, or an odd one: each is said in one sentence by the commands that read texts, and ends nothing else.

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"

namespace {

QByteArray goodText() {
    QByteArray text;
    for (int i = 0; i < 60; ++i) text += "The " + QByteArray::number(i) + " goats went over the bridge.\nNobody saw them.\n\n";
    return text;
}

}  // namespace

class BadTextTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    void write(const QString& name, const QByteArray& bytes) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    ProgramResult run(const QStringList& arguments) const { return runProgram(arguments, m_folder.path()); }
    /// The words after "error: ", if they are all that is said.
    QString sentence(const ProgramResult& result) const {
        const QString errors = result.errors.trimmed();
        return result.status == 1 && errors.startsWith("error: ") && !errors.contains('\n')
                   ? errors.mid(7)
                   : QStringLiteral("%1: ").arg(result.status) + errors;
    }
    ProgramResult train(const QString& text, const QStringList& more = {}) const {
        write("run.json", R"({"format": "attention-lab/experiment", "version": 1, "name": "Run",
            "task": {"kind": "text", "path": ")" +
                              text.toUtf8() + R"(", "seq_len": 8, "tokenizer": "bytes"},
            "model": {"architecture": "decoder", "d_model": 8, "num_heads": 2, "num_layers": 1},
            "training": {"steps": 2, "batch_size": 2}})");
        return run(QStringList{"train", "run.json", "--quiet", "--no-cache"} + more);
    }

private slots:
    void initTestCase() {
        write("good.txt", goodText());
        write("empty.txt", "");
        write("blank.txt", "  \n\n \t\n");
        write("picture.png", "\x89PNG\r\n\x1A\n" + QByteArray(4000, '\0'));
        QByteArray wide("\xFF\xFE", 2);
        for (const char c : goodText()) wide += QByteArray(1, c) + '\0';
        write("wide.txt", wide);
        write("latin.txt",
              "Ein Gr\xFC\xDF"
              "chen aus K\xF6ln.\n" +
                  goodText());
        write("whole", goodText());
        write("bomb", QByteArray(10 << 20, 'x'));
        QCOMPARE(QProcess::execute("gzip", {path("whole"), path("bomb")}), 0);
        write("broken.gz", contents(path("whole.gz")).chopped(20));
        write("huge.txt", "x");
        QVERIFY(QFile(path("huge.txt")).resize(qint64{1} << 31));  // sparse
        QVERIFY(QDir(m_folder.path()).mkdir("bare"));
        write("broken.json", "{\"model\": {\"type\": \"BPE\", \"vocab\": ");
        write("other.json", R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": "c"}, "merges": []}})");
        write("deep.json", QByteArray(100'000, '['));
        QByteArray large = R"({"model": {"type": "BPE", "unk_token": "p0", "merges": [], "vocab": {"p0": 0)";
        for (int i = 1; large.size() < 10'000'000; ++i) large += ", \"p" + QByteArray::number(i) + "\": " + QByteArray::number(i);
        write("large.json", large + "}}}");
    }

    void whatIsNoTextIsOneSentence_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("said");
        for (const auto& [file, said] : std::initializer_list<std::pair<const char*, const char*>>{
                 {"empty.txt", "empty.txt: is empty"},
                 {"blank.txt", "blank.txt: after cleaning nothing is left"},
                 {"picture.png", "picture.png: is binary, not text: it is full of NUL bytes"},
                 {"wide.txt", "wide.txt: is UTF-16: save it as UTF-8, which is what is read"},
                 {"latin.txt", "latin.txt: is not UTF-8 at byte 6; the rule latin1 of the cleaning reads it as Latin-1"},
                 {"broken.gz", "broken.gz: is packed with gzip, and broken or cut off"},
                 {"bomb.gz",
                  "bomb.gz: unpacks to more than 8 MB and more than 200 times its packed size: unpack it first if that is meant"},
                 {"huge.txt", "huge.txt: is 2 GB or more, which is more than can be read"},
                 {"bare", "bare: holds no text: files .txt or .md, which may be packed as .gz, are looked for"},
                 {"gone.txt", "gone.txt: cannot be read: No such file or directory"},
                 {"/dev/zero", "/dev/zero: cannot be read: it is a device, which has no end"}})
            QTest::newRow(file) << file << said;
    }
    void whatIsNoTextIsOneSentence() {
        QFETCH(QString, file);
        QFETCH(QString, said);
        QCOMPARE(sentence(run({"data", file, "--quiet"})).replace(m_folder.path() + "/", ""), said);
        QCOMPARE(sentence(train(file)).replace(m_folder.path() + "/", ""), said);
        // One bad file among others keeps none of them from being named.
        QCOMPARE(sentence(run({"data", "good.txt", file, "--quiet"})).replace(m_folder.path() + "/", ""),
                 file == "blank.txt" ? QStringLiteral("0: ") : said);
    }

    void latin1IsReadWhenItIsWished() {
        EXPECT_STATUS(run({"data", "latin.txt", "--rules", "default,latin1", "--clean", "clean.txt"}), 0);
        QVERIFY(contents(path("clean.txt"))
                    .startsWith("Ein Gr\u00FC\u00DF"
                                "chen aus K\u00F6ln."));
        EXPECT_STATUS(train("latin.txt", {"--set", "task.cleaning=latin1"}), 0);
    }

    void oddTextsAreTexts_data() {
        QTest::addColumn<QByteArray>("text");
        QByteArray line, letters, once;
        for (int i = 0; line.size() < 400'000; ++i) line += "word" + QByteArray::number(i % 700) + ' ';
        for (int i = 0; letters.size() < 400'000; ++i) letters += static_cast<char>('a' + i * i % 26);
        for (int i = 0; i < 3000; ++i) once += QByteArray::number(i * 7919, 36) + (i % 10 == 9 ? "\n\n" : " ");
        QTest::newRow("one endless line") << line;
        QTest::newRow("one endless word") << letters;
        QTest::newRow("no word twice") << once;
        QTest::newRow("a stray NUL") << goodText() + '\0' + goodText();
    }
    void oddTextsAreTexts() {
        QFETCH(QByteArray, text);
        write("odd.txt", text);
        EXPECT_STATUS(run({"data", "odd.txt", "--quiet"}), 0);
        for (const char* tokenizer : {"bytes", "characters", "bpe"})
            EXPECT_STATUS(train("odd.txt", {"--set", QStringLiteral("task.tokenizer=%1").arg(tokenizer), "--set", "task.pieces=300"}), 0);
    }

    void tokenizersThatAreNoneAreOneSentence_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("begins");
        QTest::newRow("broken") << "broken.json"
                                << "broken.json: not the JSON of a tokenizer";
        QTest::newRow("deep") << "deep.json"
                              << "deep.json: not the JSON of a tokenizer";
        QTest::newRow("another type") << "other.json"
                                      << "other.json: ";
        QTest::newRow("gone") << "gone.json"
                              << "gone.json: cannot be read: No such file or directory";
        QTest::newRow("a text") << "good.txt"
                                << "good.txt: not the JSON of a tokenizer";
        QTest::newRow("a picture") << "picture.png"
                                   << "picture.png: not the JSON of a tokenizer";
        QTest::newRow("ten megabytes") << "large.json"
                                       << "model.d_model";
    }
    void tokenizersThatAreNoneAreOneSentence() {
        QFETCH(QString, file);
        QFETCH(QString, begins);
        const ProgramResult result = train("good.txt", {"--set", "task.tokenizer=" + file});
        if (file == "large.json") {  // large, and a tokenizer
            EXPECT_STATUS(result, 0);
            return;
        }
        QVERIFY2(sentence(result).startsWith(begins), qPrintable(sentence(result)));
        const ProgramResult tokenized = run({"tokenize", file, "--text", "some words"});
        QVERIFY2(tokenized.status != 0 && tokenized.errors.count('\n') <= 2, qPrintable(tokenized.errors));
    }

    /// A vocabulary of other characters: the place is that in the file.
    void aCharacterWithoutTokenIsNamed() {
        EXPECT_STATUS(run({"tokenizer", "train", "good.txt", "--kind", "characters", "--out", "good.json"}), 0);
        write("other.txt", goodText() + "\r\n\r\nThe \xD0\xB6 goats.\r\n");
        const QString said = sentence(train("other.txt", {"--set", "task.tokenizer=good.json"}));
        QCOMPARE(said, QStringLiteral("other.txt: line 183, character 5: '\u0436' has no token in this vocabulary"));
    }
};

QTEST_GUILESS_MAIN(BadTextTest)
#include "bad_text_test.moc"
