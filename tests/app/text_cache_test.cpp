// The tokens of a long text are kept in the user's cache, and taken from it: the same training either way.

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class TextCacheTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    ProgramResult train(const QStringList& more = {}) const {
        QProcess process;
        prepareProgram(process, QStringList{"train", "run.json", "--quiet"} + more, m_folder.path());
        QProcessEnvironment environment = process.processEnvironment();
        environment.insert("XDG_CACHE_HOME", path("cache"));
        process.setProcessEnvironment(environment);
        process.start();
        return finishProgram(process);
    }
    QStringList kept() const { return QDir(path("cache/attention-lab/texts")).entryList(QDir::Files); }

private slots:
    void initTestCase() {
        QByteArray text;
        for (int i = 0; text.size() < 1'200'000; ++i)
            text += "The " + QByteArray::number(i) + " goats went over the bridge.\nNobody saw them but " + QByteArray::number(i % 97) +
                    ".\n\n";
        QFile book(path("book.txt")), run(path("run.json"));
        QVERIFY(book.open(QIODevice::WriteOnly) && book.write(text) == text.size() && run.open(QIODevice::WriteOnly));
        QVERIFY(run.write(R"({"format": "attention-lab/experiment", "version": 1, "name": "Run",
            "task": {"kind": "text", "path": "book.txt", "seq_len": 8, "tokenizer": "bpe", "pieces": 300, "validation_size": 8},
            "model": {"architecture": "decoder", "d_model": 8, "num_heads": 2, "num_layers": 1},
            "training": {"steps": 3, "batch_size": 4}})") > 0);
    }

    void aTextIsKeptOnceAndTakenFromThere() {
        const ProgramResult without = train({"--no-cache"});
        EXPECT_STATUS(without, 0);
        QVERIFY(!QDir(path("cache")).exists());
        const ProgramResult first = train(), again = train();
        EXPECT_STATUS(first, 0);
        EXPECT_STATUS(again, 0);
        QCOMPARE(first.output, without.output);
        QCOMPARE(again.output, without.output);
        QCOMPARE(kept().size(), 1);
        // Damaged: made anew.
        QFile file(path("cache/attention-lab/texts/") + kept().front());
        const qint64 size = file.size();
        QVERIFY(file.resize(size / 2));
        QCOMPARE(train().output, without.output);
        QCOMPARE(QFile(file.fileName()).size(), size);
        // Other tokens are others.
        EXPECT_STATUS(train({"--set", "task.pieces=310"}), 0);
        QCOMPARE(kept().size(), 2);
    }
};

QTEST_GUILESS_MAIN(TextCacheTest)
#include "text_cache_test.moc"
