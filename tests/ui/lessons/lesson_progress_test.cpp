#include "ui/lessons/lesson_progress.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/errors.h"

using namespace lab;

namespace {

Lesson threeSteps() {
    return parseLesson(R"({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 5, "steps": [
        {"id": "a", "predict": {"kind": "number", "value": "1"}}, {"id": "b"},
        {"id": "c", "predict": {"kind": "number", "value": "1"}}]})");
}

}  // namespace

class LessonProgressTest : public QObject {
    Q_OBJECT

private slots:
    void isKept() {
        QTemporaryDir folder;
        const QString file = folder.filePath("deep/lessons.csv");
        const Lesson lesson = threeSteps();
        {
            LessonProgress progress(file);
            QVERIFY(progress.note({{}, "one", "a", "0.1, \"so\"", "0.2", false}));
            QVERIFY(progress.note({{}, "one", "b", "", "", false}));
            QVERIFY(progress.note({{}, "other", "c", "1", "1", true}));
        }
        const LessonProgress again(file);
        QVERIFY(again.problem().isEmpty());
        QCOMPARE(again.stepsDone(lesson), 2);
        QVERIFY(!again.isDone(lesson));
        QCOMPARE(again.scoreOf(lesson).asked, 1);
        QCOMPARE(again.scoreOf(lesson).right, 0);
        QCOMPARE(again.lastAnswer("one.a")->said, std::string("0.1, \"so\""));
        QVERIFY(!again.lastAnswer("one.b"));
    }

    void whatCannotBeReadIsLeftAlone() {
        QTemporaryDir folder;
        const QString file = folder.filePath("lessons.csv");
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("my own notes\n");
        out.close();
        LessonProgress progress(file);
        QVERIFY(progress.problem().contains("not the progress of lessons"));
        QVERIFY(!progress.note({{}, "one", "a", "1", "1", true}));
        QCOMPARE(progress.lastAnswer("one.a")->right, std::string("1"));  // for as long as the window is open
        QVERIFY(out.open(QIODevice::ReadOnly));
        QCOMPARE(out.readAll(), QByteArray("my own notes\n"));
    }

    void startingOverKeepsTheFileBeside() {
        QTemporaryDir folder;
        const QString file = folder.filePath("lessons.csv");
        LessonProgress progress(file);
        progress.note({{}, "one", "a", "1", "1", true});
        progress.startOver();
        QCOMPARE(progress.stepsDone(threeSteps()), 0);
        QVERIFY(!QFile::exists(file));
        QVERIFY(QFile::exists(file + ".before"));
    }

    void canBeExported() {
        QTemporaryDir folder;
        LessonProgress progress(folder.filePath("lessons.csv"));
        progress.note({"2026-01-01T00:00:00Z", "one", "a", "1", "2", false});
        progress.exportTo(folder.filePath("mine.csv"));
        QFile file(folder.filePath("mine.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("time,lesson,step,said,right,good\n2026-01-01T00:00:00Z,one,a,1,2,0\n"));
        QVERIFY_EXCEPTION_THROWN(progress.exportTo(folder.filePath("nowhere/mine.csv")), InputError);
    }
};

QTEST_GUILESS_MAIN(LessonProgressTest)
#include "lesson_progress_test.moc"
