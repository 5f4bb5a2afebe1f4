#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class CommandLineTest : public QObject {
    Q_OBJECT

private slots:
    void helpListsTheCommands() {
        const ProgramResult result = runProgram({"--help"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word : {"train", "trace", "render", "exit status"}) QVERIFY2(result.output.contains(word), word);
        QVERIFY(result.errors.isEmpty());
    }

    void versionSaysWhatItComputesWith() {
        const ProgramResult result = runProgram({"--version"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        for (const char* word : {"Attention Lab", "instruction set: ", "threads: ", "Qt: 6"}) QVERIFY2(result.output.contains(word), word);
    }

    void everyCommandHasHelp_data() {
        QTest::addColumn<QString>("command");
        for (const char* command : {"train", "trace", "generate", "render", "bench"}) QTest::newRow(command) << QString(command);
    }

    void everyCommandHasHelp() {
        QFETCH(QString, command);
        const ProgramResult result = runProgram({command, "--help"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        QVERIFY(result.output.contains("usage: attention-lab " + command));
        QVERIFY(result.output.contains("options:\n  --"));
    }

    void helpOfTrainListsTheKeys() {
        const ProgramResult result = runProgram({"train", "--help"}, m_folder.path());
        for (const char* key : {"model.attention.form", "training.optimizer.learning_rate", "qkv | kv | kv+pos", "default 0.001"})
            QVERIFY2(result.output.contains(key), key);
    }

    void wrongUsageEndsWithTwo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        const auto row = [](const QStringList& arguments, const QString& message) {
            QTest::newRow(qPrintable(arguments.join(' '))) << arguments << message;
        };
        row({"frobnicate"}, "frobnicate is neither a command nor a file");
        row({"--frobnicate"}, "unknown option --frobnicate");
        row({"--lesson"}, "--lesson needs FILE|ID");
        row({"lesson", "reverse", "--folder", "."}, "unexpected argument 'reverse'");
        row({"train"}, "an experiment, a preset, --from MODEL or --resume STATE is missing");
        row({"train", "reverse", "sort"}, "unexpected argument 'sort'");
        row({"train", "reverse", "--frobnicate"}, "unknown option --frobnicate");
        row({"train", "reverse", "--out"}, "--out needs a value: --out FILE");
        row({"train", "reverse", "--out="}, "--out has an empty value");
        row({"train", "reverse", "--quiet=yes"}, "--quiet takes no value");
        row({"train", "reverse", "--threads", "0"}, "--threads needs a whole number of at least 1, not '0'");
        row({"train", "reverse", "--threads", "two"}, "--threads needs a whole number of at least 1, not 'two'");
        row({"train", "reverse", "--threads", "1", "--threads", "2"}, "--threads is given twice");
        row({"train", "reverse", "--set", "training.steps"}, "--set needs KEY=VALUE, not 'training.steps'");
        row({"train", "reverse", "--resume", "x.safetensors"}, "with --resume the state carries the experiment");
        row({"train", "--resume", "x.safetensors", "--init", "y"}, "--init and --resume exclude each other");
        row({"trace"}, "a checkpoint is missing");
        row({"trace", "x.safetensors", "--input", "1"}, "--out is missing");
        row({"trace", "x.safetensors", "--out", "y"}, "--input is missing");
        row({"trace", "x.safetensors", "--input", "1", "--out", "y", "--gradients"}, "--gradients needs --target");
        row({"render", "x.safetensors", "--out", "y.png"}, "--view is missing");
        row({"render", "x.safetensors", "--view", "rainbow", "--out", "y.png"}, "--view is maps, head, rope or curves, not 'rainbow'");
        row({"render", "--view", "curves", "--out", "y.png"}, "--metrics is missing");
        row({"render", "--view", "maps", "--input", "1", "--out", "y.png"}, "a checkpoint is missing");
    }

    void aLessonThatIsNotThereIsSaidBeforeTheWindow() {
        const ProgramResult result = runProgram({"--lesson", "frobnicate"}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: frobnicate: neither a file nor a lesson; lessons are 1 to "), qPrintable(result.errors));
    }

    void theLessonsOfAFolderAreListedWithWhatIsWrong() {
        const auto write = [this](const char* name, const QByteArray& text) {
            QFile file(m_folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        QVERIFY(QDir(m_folder.path()).mkdir("own"));
        write("own/mine.json", R"({"format": "attention-lab/lesson", "version": 1, "id": "mine", "minutes": 5, "steps": [{"id": "a"}]})");
        write("own/mine.en.md", "# Mine\nIt is.\n## a\nLook.\n## try\nMore.\n");
        ProgramResult result = runProgram({"lesson", "--folder", "own"}, m_folder.path());
        EXPECT_STATUS(result, 0);
        QCOMPARE(result.output, QString("mine              5 min  Mine\n"));
        write("own/broken.json", "{");
        result = runProgram({"lesson", "--folder", "own"}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.output.startsWith("FAULT own/broken.json: lesson: not JSON"), qPrintable(result.output));
        result = runProgram({"lesson", "--folder", "none"}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: none: no such folder"), qPrintable(result.errors));
    }

    void wrongUsageEndsWithTwo() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, message);
        const ProgramResult result = runProgram(arguments, m_folder.path());
        EXPECT_STATUS(result, 2);
        QVERIFY2(result.errors.startsWith("error: " + message), qPrintable(result.errors));
        QVERIFY(result.output.isEmpty());
    }

    void failuresEndWithOne_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        const auto row = [](const QStringList& arguments, const QString& message) {
            QTest::newRow(qPrintable(arguments.join(' '))) << arguments << message;
        };
        row({"nowhere.json"}, "nowhere.json: no such file");
        row({"train", "nowhere.json"}, "nowhere.json");
        row({"train", "nosuchpreset"}, "nosuchpreset");
        row({"train", "reverse", "--set", "model.num_heads=5"}, "model.num_heads");
        row({"train", "reverse", "--set", "model.heads=5"}, "model.heads: unknown key");
        row({"train", "reverse", "--set", "training.steps=few"}, "training.steps");
        row({"train", "reverse", "--out", "no/such/folder/x.safetensors"}, "no/such/folder");
        row({"train", "reverse", "--metrics", "no/such/folder/m.csv"}, "no/such/folder/m.csv: there is no such folder");
        row({"train", "--resume", "nowhere.safetensors"}, "nowhere.safetensors");
        row({"trace", "nowhere.safetensors", "--input", "1", "--out", "y"}, "nowhere.safetensors");
        row({"render", "--view", "curves", "--metrics", "nowhere.csv", "--out", "y.png"}, "nowhere.csv");
    }

    void failuresEndWithOne() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, message);
        const ProgramResult result = runProgram(arguments, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: "), qPrintable(result.errors));
        QVERIFY2(result.errors.contains(message), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
        QVERIFY(result.output.isEmpty());
    }

    void withoutADisplayTheWindowSaysSo() {
        const ProgramResult result = runProgram({}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: there is no display"), qPrintable(result.errors));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
