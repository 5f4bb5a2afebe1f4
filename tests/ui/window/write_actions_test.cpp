#include "ui/window/write_actions.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "tests/patience.h"
#include "ui/lessons/lesson_editor.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/lesson_papers.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

struct WriteDesk {
    explicit WriteDesk(const QString& path) : files{window, path + "/settings.ini", path + "/session.safetensors"} {
        Theme::instance().apply();
        files.begin();
        window.resize(1280, 800);
        window.show();
        write = files.findChild<WriteActions*>();
    }
    ~WriteDesk() { workspace.stop(); }
    void press(const char* name) { window.findChild<QAbstractButton*>(name)->click(); }
    void key(Qt::Key key) { QTest::keyClick(&window, key); }
    const Lesson& lesson() { return write->editor().row().lesson; }
    QString labels() {
        QStringList all;
        for (const QLabel* label : window.findChildren<QLabel*>())
            if (label->isVisible()) all << label->text();
        return all.join('\n');
    }

    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
    WriteActions* write = nullptr;
};

/// One without a fault, that is played at once.
LessonRow small() {
    LessonRow row;
    row.lesson = parseLesson(R"({"format": "attention-lab/lesson", "version": 1, "id": "own", "minutes": 1, "preset": "copy",
        "set": {"training.steps": 20}, "steps": [{"id": "a", "show": "maps", "check": ["n > 1"]}, {"id": "b", "check": ["n < 1"]}]})");
    row.texts["en"] = parseLessonTexts("# Own\nAbout.\n## a\nSaid.\n## b\nSaid.\n## try\nMore.\n", row.lesson);
    return row;
}

}  // namespace

/// Writing a lesson in the window.
class WriteActionsTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsClickedBecomesSteps() {
        const QTemporaryDir folder;
        WriteDesk desk(folder.path());
        QTRY_VERIFY_WITH_TIMEOUT(desk.focus.trace(), patience);
        desk.window.actions().find("lessons.write")->trigger();
        QVERIFY(desk.write->recorder().isOn());  // nothing is written yet
        QVERIFY(!desk.write->editor().isVisible());
        QVERIFY2(desk.labels().contains("Recording"), qPrintable(desk.labels()));
        QCOMPARE(desk.lesson().preset, std::string("reverse"));
        desk.key(Qt::Key_2);  // the page Maps
        QTRY_COMPARE(desk.lesson().steps.size(), std::size_t{1});
        QVERIFY2(QString::fromStdString(desk.lesson().steps[0].show).startsWith("maps?"), desk.lesson().steps[0].show.c_str());
        desk.focus.run()->setPace(0);
        desk.press("window.transport.train");
        QTRY_VERIFY_WITH_TIMEOUT(desk.focus.run()->step() > 3, patience);
        desk.press("window.transport.train");
        QTRY_VERIFY_WITH_TIMEOUT(desk.lesson().steps.back().act && !desk.lesson().steps.back().act->until.empty(), patience);
        QCOMPARE(desk.lesson().steps.back().act->action, std::string("train.toggle"));
        const std::size_t before = desk.lesson().steps.size();
        Input typed;
        typed.tokens = {3, 1, 4};
        desk.focus.setInput(typed);
        QTRY_COMPARE(desk.lesson().steps.size(), before + 1);
        QCOMPARE(desk.lesson().steps.back().act->input, std::string("3 1 4"));
        Experiment other = desk.window.session().draft();
        other.model.num_heads = 2;
        desk.window.session().setDraft(other);
        QVERIFY(desk.window.session().startNewRun());
        QTRY_COMPARE(desk.lesson().steps.size(), before + 2);
        QCOMPARE(desk.lesson().steps.back().act->set, (std::map<std::string, std::string>{{"model.num_heads", "2"}}));
        desk.write->stopRecording();
        QVERIFY(desk.write->editor().isVisible());
        QVERIFY(!desk.labels().contains("Recording"));
        QCOMPARE(desk.write->editor().step(), std::optional<std::size_t>(before + 1));
        desk.key(Qt::Key_1);
        QCoreApplication::processEvents();
        QCOMPARE(desk.lesson().steps.size(), before + 2);
    }

    void aSavedLessonIsOpenedAndChanged() {
        const QTemporaryDir folder, lessons;
        WriteDesk desk(folder.path());
        desk.write->editor().setRow(small());
        desk.write->editor().show();
        desk.write->saveTo(lessons.path());
        desk.write->editor().setRow({});
        desk.write->openFile(lessons.filePath("own.json"));
        QVERIFY(desk.write->editor().row().lesson == small().lesson);
        QCOMPARE(desk.write->editor().row().texts.at("en").title, std::string("Own"));
        desk.write->openFile(lessons.filePath("own.json"));  // nothing would be lost
        LessonRow changed = small();
        changed.lesson.minutes = 9;
        desk.write->editor().setRow(changed);
        desk.write->openFile(lessons.filePath("own.json"));
        QCOMPARE(desk.lesson().minutes, 9);
        auto* offer = desk.window.findChild<QAbstractButton*>("write.offer");
        QVERIFY(offer->isVisible());
        offer->click();
        QCOMPARE(desk.lesson().minutes, 1);
        desk.write->openFile(lessons.filePath("none.json"));
        QVERIFY2(desk.labels().contains("none.json"), qPrintable(desk.labels()));
        QCOMPARE(desk.lesson().minutes, 1);
    }

    void whatIsWrittenOutlivesTheWindow() {
        const QTemporaryDir folder;
        LessonRow half = small();
        half.lesson.steps[0].checks = {"max("};
        {
            WriteDesk desk(folder.path());
            desk.write->editor().setRow(half);
        }
        WriteDesk desk(folder.path());
        QVERIFY(desk.lesson() == half.lesson);
        desk.window.actions().find("lessons.write")->trigger();
        QVERIFY(desk.write->editor().isVisible());
        QVERIFY(!desk.write->recorder().isOn());
        desk.press("write.new");
        desk.press("write.new");
        desk.press("write.close");
        QVERIFY(!QFile::exists(folder.filePath("lesson-draft.json")));
    }

    void twoProgramsKeepADraftEach() {
        const QTemporaryDir folder;
        const auto lockOf = [&](const char* name) { return std::make_unique<FileLock>(folder.filePath(name).toStdString() + ".lock"); };
        LessonRow one = small(), other = small();
        other.lesson.steps[0].checks = {"max("};
        {
            WriteDesk desk(folder.path());
            desk.write->editor().setRow(one);
        }
        {
            const auto elsewhere = lockOf("lesson-draft.json");
            WriteDesk beside(folder.path());
            QVERIFY(beside.lesson() == Lesson{});
            beside.write->editor().setRow(other);
        }
        QVERIFY(WriteDesk(folder.path()).lesson() == one.lesson);
        const auto elsewhere = lockOf("lesson-draft.json");
        QVERIFY(WriteDesk(folder.path()).lesson() == other.lesson);
        const auto besides = lockOf("lesson-draft-2.json");
        QVERIFY(WriteDesk(folder.path()).lesson() == Lesson{});
    }

    /// What a second program left is the next one's, though it is the only one.
    void aDraftLeftByAnotherProgramIsFound() {
        const QTemporaryDir folder;
        {
            const FileLock elsewhere(folder.filePath("lesson-draft.json.lock").toStdString());
            WriteDesk beside(folder.path());
            beside.write->editor().setRow(small());
        }
        WriteDesk desk(folder.path());
        QVERIFY(desk.lesson() == small().lesson);
    }

    void anUnreadableDraftIsLaidAside() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("lesson-draft.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        { WriteDesk desk(folder.path()); }
        QCOMPARE(readFile(folder.filePath("lesson-draft.json.unreadable").toStdString()), std::string("{"));
    }

    void itIsPlayedBesideTheWindow() {
        const QTemporaryDir folder;
        WriteDesk desk(folder.path());
        desk.write->editor().setRow(small());
        desk.write->open();
        desk.press("write.play");
        QTRY_VERIFY_WITH_TIMEOUT(desk.labels().contains("n < 1 does not hold"), patience);
        QVERIFY(desk.labels().contains("n > 1 holds"));
        QVERIFY(desk.window.findChild<QAbstractButton*>("write.play")->isEnabled());
    }

    void itIsTriedAsALesson() {
        const QTemporaryDir folder;
        WriteDesk desk(folder.path());
        desk.write->editor().setRow(small());
        desk.write->open();
        desk.press("write.try");
        auto* lessons = desk.files.findChild<LessonActions*>();
        QVERIFY(lessons->guide().row());
        QCOMPARE(lessons->guide().row()->lesson.id, std::string("own"));
        QVERIFY(!desk.write->editor().isVisible());
        lessons->close();
        QVERIFY(desk.write->editor().isVisible());
    }

    void nothingIsWrittenOverUnasked() {
        const QTemporaryDir folder, own;
        WriteDesk desk(folder.path());
        desk.write->editor().setRow(small());
        desk.write->open();
        desk.write->saveTo(own.path());
        const std::filesystem::path file = own.filePath("own.json").toStdString();
        QVERIFY(readLesson(file).lesson == small().lesson);
        LessonRow other = small();
        other.lesson.minutes = 7;
        desk.write->editor().setRow(other);
        desk.write->saveTo(own.path());
        QCOMPARE(readLesson(file).lesson.minutes, 1);
        auto* offer = desk.window.findChild<QAbstractButton*>("write.offer");
        QVERIFY(offer->isVisible());
        offer->click();
        QCOMPARE(readLesson(file).lesson.minutes, 7);
        QVERIFY(!offer->isVisible());
    }

    void theCourseWritesLessonsForPaper() {
        const QTemporaryDir folder;
        WriteDesk desk(folder.path());
        auto* papers = desk.files.findChild<LessonPapers*>();
        const QSignalSpy written(papers, &LessonPapers::written);
        papers->write(*findLesson("softmax"), LessonPaper::Kind::handout, folder.filePath("h.pdf"));
        papers->write(*findLesson("softmax"), LessonPaper::Kind::solution, folder.filePath("s.pdf"));
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 2, patience);
        for (const char* name : {"h.pdf", "s.pdf"}) QVERIFY(readFile(folder.filePath(name).toStdString()).starts_with("%PDF"));
        LessonRow faulty = small();
        papers->write(faulty, LessonPaper::Kind::solution, folder.filePath("x.pdf"));
        QTRY_VERIFY_WITH_TIMEOUT(desk.labels().contains("b: n < 1 does not hold"), patience);
        QVERIFY(!QFile::exists(folder.filePath("x.pdf")));
    }
};

QTEST_MAIN(WriteActionsTest)
#include "write_actions_test.moc"
