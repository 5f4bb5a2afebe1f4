#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"

/// The command 'lesson'.
class LessonCommandTest : public QObject {
    Q_OBJECT

private slots:
    void writesPapers() {
        EXPECT_STATUS(run({"softmax", "--handout", "h.pdf", "--solution", "s.pdf", "--language", "de"}), 0);
        for (const char* name : {"h.pdf", "s.pdf"}) QVERIFY2(contents(m_folder.filePath(name)).startsWith("%PDF"), name);
        QVERIFY(contents(m_folder.filePath("h.pdf")) != contents(m_folder.filePath("s.pdf")));
    }

    void refusesALanguageThatTheLessonDoesNotSpeak() {
        const ProgramResult result = run({"softmax", "--handout", "x.pdf", "--language", "fr"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains("--language: the lesson has no texts in fr"), qPrintable(result.errors));
        QVERIFY(!QFile::exists(m_folder.filePath("x.pdf")));
    }

    void noSolutionSaysWhatItsRunDoesNotShow() {
        write(m_folder.filePath("one.json"), R"({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 1,
            "preset": "reverse", "steps": [{"id": "a", "check": ["n == 3"]}]})");
        write(m_folder.filePath("one.en.md"), "# One\nAbout.\n## a\nSaid.\n## try\nMore.\n");
        const ProgramResult result = run({"one.json", "--solution", "x.pdf"});
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.contains("a: n == 3 does not hold"), qPrintable(result.errors));
        EXPECT_STATUS(run({"one.json", "--handout", "x.pdf"}), 0);
    }

private:
    ProgramResult run(const QStringList& arguments) { return runProgram(QStringList{"lesson"} + arguments, m_folder.path()); }
    QTemporaryDir m_folder;
};

QTEST_MAIN(LessonCommandTest)
#include "lesson_test.moc"
