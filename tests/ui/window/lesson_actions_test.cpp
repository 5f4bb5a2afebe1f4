#include "ui/window/lesson_actions.h"
#include "tests/ui/visible_labels.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QtTest>

#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/page_cover.h"
#include "ui/lessons/prediction_box.h"
#include "ui/lessons/target_frame.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/split_view.h"

using namespace lab;

namespace {

struct LessonDesk {
    explicit LessonDesk(const QByteArray& progress = {}) : files{window, settings(progress), folder.filePath("session.safetensors")} {
        Theme::instance().apply();
        files.begin();
        window.resize(1280, 800);
        window.show();
        lessonActions = files.findChild<LessonActions*>();
    }
    ~LessonDesk() { workspace.stop(); }

    /// Beside them lies what was predicted before.
    QString settings(const QByteArray& progress) const {
        QFile file(folder.filePath("lessons.csv"));
        if (!progress.isEmpty() && file.open(QIODevice::WriteOnly)) file.write(progress);
        return folder.filePath("settings.ini");
    }
    LessonGuide& guide() { return lessonActions->guide(); }
    bool reaches(LessonGuide::Stage stage) {
        if (QTest::qWaitFor([&] { return guide().stage() == stage; }, patience)) return true;
        qInfo("step %d is at stage %d; run at %d, trace of %d, wanted %d: %s", guide().index(), static_cast<int>(guide().stage()),
              static_cast<int>(focus.run()->step()), static_cast<int>(focus.traceStep()), static_cast<int>(focus.wantedStep()),
              qPrintable(guide().problem()));
        return false;
    }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
    LessonActions* lessonActions = nullptr;
};

/// One that takes keys itself.
QWidget* mapOf(const MainWindow& window) {
    for (QWidget* widget : window.split().findChildren<QWidget*>())
        if (widget->isVisible() && widget->focusPolicy() == Qt::StrongFocus && widget->objectName().startsWith("maps.")) return widget;
    return nullptr;
}

LessonRow smallLesson() {
    LessonRow row;
    row.lesson = parseLesson(R"json({"format": "attention-lab/lesson", "version": 1, "id": "small", "minutes": 5, "preset": "copy",
        "set": {"training.steps": 40, "training.batch_size": 4, "training.pace": 0, "task.train_size": 64, "task.validation_size": 4},
        "steps": [
          {"id": "first", "show": "maps?block=encoder.0.attention&head=0&stage=weights", "highlight": ["train.toggle"]},
          {"id": "train", "predict": {"kind": "choice", "answers": [{"id": "x", "is": "step < 5"}, {"id": "y", "is": "step >= 5"}]},
           "do": {"action": "train.toggle", "until": "step >= 5"}},
          {"id": "sum", "show": "maps", "step": "0", "predict": {"kind": "number", "value": "sum(encoder.0.attention.weights[0, 0])", "tolerance": 0.01
}
},
          {"id": "look", "do": {"action": "page.explain", "until": "query == 2"}},
          {"id": "never", "do": {"action": "train.toggle", "until": "train_loss < 0"}}]
})json");
    row.texts["en"] = parseLessonTexts(
        "# Small\nIt is.\n## first\nLook.\n## train\nTrain.\n### question\nWhich?\n### answer x\nOne\n### answer y\nTwo\n### reason "
        "x\nNo.\n"
        "### reason y\nYes.\n### hint\nThink.\n### why\nSo.\n## sum\nSum.\n### question\nHow much?\n## look\nChoose.\n## never\nNever.\n"
        "## try\nMore.\n",
        row.lesson);
    return row;
}

}  // namespace

/// Lessons in the window.
class LessonActionsTest : public QObject {
    Q_OBJECT

private slots:
    void aLessonIsWalkedThrough() {
        LessonDesk desk;
        const LessonRow row = smallLesson();
        desk.lessonActions->start(row);
        LessonPanel& panel = desk.lessonActions->panel();
        QVERIFY(panel.isVisible());
        QCOMPARE(desk.window.place().page, QString("maps"));
        QCOMPARE(desk.window.findChild<TargetFrame*>()->target(), desk.window.findChild<QWidget*>("window.transport.train"));
        QTest::keyClick(&panel, Qt::Key_Return);
        QCOMPARE(desk.guide().index(), 1);
        auto* go = panel.findChild<QAbstractButton*>("lesson.go");
        QVERIFY(!go->isEnabled());  // a prediction comes first
        QVERIFY(panel.findChild<QAbstractButton*>("lesson.skip")->isVisible());
        QTest::keyClick(&panel, Qt::Key_Return);
        QCOMPARE(desk.focus.run()->step(), 0);
        QTest::mouseClick(panel.findChild<QAbstractButton*>("lesson.hint"), Qt::LeftButton);
        QVERIFY(testing::visibleLabels(panel).contains("Think."));
        const std::size_t runs = desk.workspace.runs().size();
        panel.setFocus();
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_B);  // an answer, not the window's branch
        QCOMPARE(panel.box()->said()->answers, std::vector<std::string>{"y"});
        QCOMPARE(desk.workspace.runs().size(), runs);
        QTest::keyClick(&panel, Qt::Key_A);
        QVERIFY(go->isEnabled());
        QTest::keyClick(&panel, Qt::Key_Return);
        QVERIFY(desk.reaches(LessonGuide::Stage::done));
        QVERIFY(desk.focus.run()->step() >= 5);
        QCOMPARE(desk.guide().right()->answers, std::vector<std::string>{"y"});
        QVERIFY(testing::visibleLabels(panel).contains("You said this."));
        QVERIFY(testing::visibleLabels(panel).contains("So."));
        QTest::keyClick(&panel, Qt::Key_Return);
        QCOMPARE(desk.guide().index(), 2);
        auto* cover = desk.window.findChild<PageCover*>();
        QVERIFY(cover->isVisible());  // the sum stands in the map
        QAccessibleInterface* covered = QAccessible::queryAccessibleInterface(cover->parentWidget());
        QCOMPARE(covered->childCount(), 1);  // and is not to be heard either
        QCOMPARE(covered->child(0)->object(), cover);
        panel.setFocus();
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_1);  // a number, not the first page
        QCOMPARE(desk.window.place().page, QString("maps"));
        QCOMPARE(panel.box()->said()->numbers, std::vector<double>{1});
        desk.window.showPage(0);
        desk.guide().act();
        QVERIFY(desk.reaches(LessonGuide::Stage::done));
        QVERIFY(!cover->isVisible());
        QCOMPARE(desk.window.place().page, QString("maps"));  // where it is to be seen
        QVERIFY(covered->indexOfChild(QAccessible::queryAccessibleInterface(cover)) != 0 || covered->childCount() > 1);
        QVERIFY(std::abs(desk.guide().right()->numbers.front() - 1) < 1e-4);
        QCOMPARE(desk.focus.shownStep(), 0);
        desk.focus.select({0, 0, 0, 1});
        desk.guide().next();
        QCOMPARE(desk.guide().stage(), LessonGuide::Stage::acting);  // it is the person's turn
        desk.focus.select({0, 0, 2, 1});
        QVERIFY(desk.reaches(LessonGuide::Stage::done));
        QTest::keyClick(&panel, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(desk.guide().index(), 2);
        QCOMPARE(desk.guide().stage(), LessonGuide::Stage::done);  // what was said and revealed stays
        QTRY_VERIFY(testing::visibleLabels(panel).contains("You said 1: "));
        QVERIFY(!cover->isVisible());
        QTest::keyClick(&panel, Qt::Key_Left, Qt::AltModifier);
        QTRY_VERIFY(testing::visibleLabels(panel).contains("So."));
        QCOMPARE(panel.box()->said()->answers, std::vector<std::string>{"x"});
        for (const int index : {2, 3, 4}) {
            QTest::keyClick(&panel, Qt::Key_Return);
            QCOMPARE(desk.guide().index(), index);
        }
        QCOMPARE(desk.guide().stage(), LessonGuide::Stage::ready);  // nobody was there yet
    }

    /// Whoever learned by keys hears what was chosen, and what is written behind the answers is in sight.
    void theExplanationComesIntoSight() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        std::string& why = row.texts["en"].steps[1].why;
        for (int i = 0; i < 60; ++i) why += " And so on.";
        desk.window.resize(1280, 640);
        desk.lessonActions->start(row, 1);
        LessonPanel& panel = desk.lessonActions->panel();
        QVERIFY(QTest::qWaitForWindowActive(&desk.window, patience));
        QTRY_VERIFY(panel.hasFocus());
        QTest::keyClick(&panel, Qt::Key_B);
        auto* second = panel.findChild<QAbstractButton*>("lesson.answer_2");
        QVERIFY(second->hasFocus());
        QTest::keyClick(second, Qt::Key_A);
        QTest::keyClick(panel.findChild<QWidget*>("lesson.answer_1"), Qt::Key_Down);
        QCOMPARE(panel.box()->said()->answers, std::vector<std::string>{"y"});
        QTest::keyClick(second, Qt::Key_Return);
        QVERIFY(desk.reaches(LessonGuide::Stage::done));
        auto* area = panel.findChild<QScrollArea*>("lesson.text");
        QTRY_VERIFY(area->verticalScrollBar()->value() > 0);
    }

    void whatWasOpenComesBack() {
        LessonDesk desk;
        desk.window.session().openPreset("reverse");
        Run* mine = desk.focus.run();
        mine->stepOnce();
        QTRY_COMPARE_WITH_TIMEOUT(mine->step(), 1, patience);
        const LessonRow row = smallLesson();
        desk.lessonActions->start(row);
        QVERIFY(desk.focus.run() != mine);
        desk.lessonActions->close();
        QVERIFY(!desk.lessonActions->panel().isVisible());
        QCOMPARE(desk.focus.run(), mine);
        QCOMPARE(mine->step(), 1);
    }

    void whatDoesNotComeAboutIsSaid() {
        LessonDesk desk;
        const LessonRow row = smallLesson();
        desk.lessonActions->start(row, 4);
        desk.guide().act();
        QVERIFY(desk.reaches(LessonGuide::Stage::done));
        QVERIFY(testing::visibleLabels(desk.lessonActions->panel()).contains("ended before it came about"));
        desk.guide().next();
        QVERIFY(desk.guide().isBehindTheLast());
        QVERIFY(testing::visibleLabels(desk.lessonActions->panel()).contains("More."));
    }

    void aRunThatWasClosedIsSaid() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        row.lesson.steps[2].predict->kind = Prediction::Kind::bars;
        row.lesson.steps[2].predict->value = "encoder.0.attention.weights[0, 0]";
        desk.lessonActions->start(row);
        desk.workspace.remove(desk.focus.run());
        desk.guide().next();
        desk.guide().next();
        desk.guide().skip();
        QCOMPARE(desk.guide().index(), 2);
        desk.guide().setSaid(Revealed{{}, {1}});
        desk.guide().act();
        QVERIFY(testing::visibleLabels(desk.lessonActions->panel()).contains("start the lesson again"));
    }

    void aCellIsSaidInTheMap() {
        LessonDesk desk;
        const LessonRow row = smallLesson();
        desk.lessonActions->start(row);
        Prediction prediction;
        prediction.kind = Prediction::Kind::cell;
        const LessonStepTexts texts;
        const std::unique_ptr<PredictionBox> box(makePredictionBox({prediction, texts, desk.focus}));
        QVERIFY(!box->said());
        desk.focus.select({0, 0, 2, 1});
        QCOMPARE(box->said()->numbers, (std::vector<double>{2, 1}));
        box->reveal({{}, {2, 3}});
        QVERIFY(box->findChild<QLabel*>()->text().contains("it is query 2, key 3"));
    }

    void keysThatTrainAreNotPressedInAnAnswer() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        row.lesson.steps[2].predict->kind = Prediction::Kind::curve;
        row.lesson.steps[2].predict->from = 0;
        row.lesson.steps[2].predict->to = 1;
        desk.lessonActions->start(row, 2);
        LessonPanel& panel = desk.lessonActions->panel();
        QVERIFY(QTest::qWaitForWindowActive(&desk.window, patience));
        QTRY_VERIFY(panel.hasFocus());
        const auto press = [&desk](Qt::Key key) { QTest::keyClick(desk.window.windowHandle(), key, Qt::NoModifier); };
        const QSignalSpy space(desk.window.actions().find("train.toggle"), &QAction::triggered);
        const QSignalSpy point(desk.window.actions().find("train.step"), &QAction::triggered);
        panel.box()->setFocus();
        press(Qt::Key_Space);
        press(Qt::Key_Period);
        press(Qt::Key_Up);
        QVERIFY(panel.box()->said());
        press(Qt::Key_Space);
        QCOMPARE(space.size() + point.size(), 0);
        desk.window.centralWidget()->setFocus();
        press(Qt::Key_Period);
        press(Qt::Key_Space);
        QCOMPARE(space.size(), 1);
        QCOMPARE(point.size(), 1);
    }

    /// Whoever clicked into the page still answers with keys.
    void answersAreKeysOnThePageToo() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        desk.lessonActions->start(row, 2);
        LessonPanel& panel = desk.lessonActions->panel();
        QVERIFY(QTest::qWaitForWindowActive(&desk.window, patience));
        QTRY_VERIFY(panel.hasFocus());
        QWidget* map = mapOf(desk.window);
        QVERIFY(map);
        map->setFocus();
        QVERIFY(map->hasFocus());
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_0, Qt::NoModifier);
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_Period, Qt::NoModifier);
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_5, Qt::NoModifier);
        QCOMPARE(panel.box()->said()->numbers, std::vector<double>{0.5});
        QCOMPARE(desk.focus.run()->step(), 0);  // the point trains where no number is asked
        QCOMPARE(desk.window.place().page, QString("maps"));
    }

    void enterRevealsACellThatWasClicked() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        row.lesson.steps[2].predict->kind = Prediction::Kind::cell;
        row.lesson.steps[2].predict->value = "encoder.0.attention.weights[0]";
        desk.lessonActions->start(row, 2);
        QVERIFY(QTest::qWaitForWindowActive(&desk.window, patience));
        QTRY_VERIFY(desk.lessonActions->panel().hasFocus());
        QWidget* map = mapOf(desk.window);
        QVERIFY(map);
        map->setFocus();
        desk.focus.select({0, 0, 2, 1});
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_Return);
        QVERIFY(desk.reaches(LessonGuide::Stage::done));
        QCOMPARE(desk.window.place().page, QString("maps"));
    }

    void aLessonOfOnesOwnIsOpened() {
        LessonDesk desk;
        const auto write = [&desk](const char* name, const char* text) {
            QFile file(desk.folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write("mine.json", R"({"format": "attention-lab/lesson", "version": 1, "id": "mine", "minutes": 5, "preset": "copy",
                               "steps": [{"id": "a"}]})");
        desk.lessonActions->startFile(desk.folder.filePath("mine.json"));
        const auto problem = [&desk] { return testing::visibleLabels(*desk.window.findChild<QWidget*>("window.problem")); };
        QVERIFY2(problem().contains("no texts beside it, such as mine.en.md"), qPrintable(problem()));
        QVERIFY(!desk.guide().row());
        write("mine.en.md", "# Mine\nOwn.\n## a\nLook here.\n## b\nMore.\n## try\nTry.\n");
        desk.lessonActions->startFile(desk.folder.filePath("mine.json"));
        QVERIFY2(problem().contains("mine.en.md: line 5: the lesson has no step b"), qPrintable(problem()));
        write("mine.en.md", "# Mine\nOwn.\n## a\nLook here.\n## try\nTry.\n");
        desk.lessonActions->startFile(desk.folder.filePath("mine.json"));
        QVERIFY(desk.guide().row());
        QVERIFY(testing::visibleLabels(desk.lessonActions->panel()).contains("Look here."));
        emit desk.window.fileWanted(desk.folder.filePath("mine.json"));  // once more, over itself, as any file is opened
        QVERIFY(testing::visibleLabels(desk.lessonActions->panel()).contains("Look here."));
    }

    void earlierQuestionsComeBack() {
        LessonDesk desk(
            "time,lesson,step,said,right,good\n2026-01-01T00:00:00Z,reverse,anti-diagonal,even,mirror,0\n"
            "2026-01-01T00:00:00Z,reverse,untrained,0.1,nothing,0\n");
        LessonRow row = smallLesson();
        row.lesson.recall = {"reverse.anti-diagonal", "reverse.untrained", "kv.never-asked"};
        desk.lessonActions->start(row);
        LessonPanel& panel = desk.lessonActions->panel();
        QCOMPARE(desk.guide().index(), -1);  // what cannot be read, or was not asked, is left out
        QVERIFY(testing::visibleLabels(panel).contains("From an earlier lesson"));
        QTest::keyClick(&panel, Qt::Key_B);
        QTest::keyClick(&panel, Qt::Key_Return);
        QCOMPARE(desk.guide().right()->answers, std::vector<std::string>{"mirror"});
        QVERIFY(testing::visibleLabels(panel).contains("You said this."));
        QTest::keyClick(&panel, Qt::Key_Return);
        QCOMPARE(desk.guide().index(), 0);
        QTest::keyClick(&panel, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(desk.guide().index(), -1);
        QFile file(desk.folder.filePath("lessons.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains(",reverse,anti-diagonal,mirror,mirror,1"));
    }

    void theListLeadsToALesson() {
        LessonDesk desk;
        desk.window.actions().find("lessons.show")->trigger();
        LessonList& list = desk.lessonActions->course();
        QVERIFY(list.isVisible());
        QVERIFY(list.chosen());
        QVERIFY(QTest::qWaitForWindowActive(&desk.window, patience));
        const LessonRow* first = list.chosen();
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_Down);  // the list's, not the page's beneath
        QVERIFY(list.chosen() && list.chosen() != first);
        QTest::keyClick(&list, Qt::Key_Escape);
        QVERIFY(!list.isVisible());
        desk.window.actions().find("lessons.show")->trigger();
        QTest::keyClick(&list, Qt::Key_Return);
        QVERIFY(desk.lessonActions->panel().isVisible());
        QVERIFY(!list.isVisible());
        QTest::keyClick(&desk.lessonActions->panel(), Qt::Key_Escape);
        QVERIFY(desk.lessonActions->panel().isFolded());
        QVERIFY(desk.lessonActions->panel().width() < 40);
    }

    /// The question is about what stands there: it is not hidden.
    void aStepMayForgoTheCover() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        desk.lessonActions->start(row, 2);
        QVERIFY(desk.window.findChild<PageCover*>()->isVisible());
        row.lesson.steps[2].cover = false;
        desk.lessonActions->start(row, 2);
        QVERIFY(!desk.window.findChild<PageCover*>()->isVisible());
    }

    void aStatementMayBeTheFirstToBeSeen() {
        LessonDesk desk;
        LessonRow row = smallLesson();
        row.lesson.steps[0].show = "explain?stage=statement.orthogonal";
        desk.lessonActions->start(row);
        const auto list = [&desk] { return desk.window.findChild<QWidget*>("explain.statements.list"); };
        QTRY_VERIFY(desk.focus.trace());
        QCoreApplication::processEvents();  // the walk comes with it
        desk.window.grab();
        QCoreApplication::processEvents();
        QTRY_COMPARE(desk.window.place().stage, QString("statement.orthogonal"));
        QVERIFY(list() && list()->isVisible());
    }

    /// Where the key of what goes on appears.
    void theGoButtonKeepsItsPlace() {
        LessonDesk desk;
        const LessonRow row = smallLesson();
        desk.lessonActions->start(row, 2);
        LessonPanel& panel = desk.lessonActions->panel();
        auto* go = panel.findChild<QAbstractButton*>("lesson.go");
        QTRY_VERIFY(go->isVisible());
        const auto top = [&] {
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            return go->mapTo(&panel, QPoint()).y();
        };
        QVERIFY(!go->isEnabled());
        const int before = top();
        QTest::keyClick(&panel, Qt::Key_1);
        QVERIFY(go->isEnabled());
        QCOMPARE(top(), before);
    }

    void theWindowStaysAsSmallAsItWas() {
        LessonDesk desk;
        const int before = desk.window.minimumSizeHint().width();
        desk.window.actions().find("lessons.show")->trigger();
        QVERIFY(desk.window.minimumSizeHint().width() <= std::max(before, 1280));
    }

    void everyLessonNamesWhatIsThere() {
        LessonDesk desk;
        for (std::size_t i = 0; i < desk.window.pages().size(); ++i) QVERIFY(desk.window.pages()[i]);  // made now
        for (const LessonRow& row : lessons())
            for (const LessonStep& step : row.lesson.steps) {
                const QString where = QString::fromStdString(row.lesson.id + "." + step.id);
                QVERIFY2(step.show.empty() || Place::parse(QString::fromStdString(step.show)), qPrintable(where + ": show"));
                if (step.act && !step.act->action.empty())
                    QVERIFY2(desk.window.actions().find(QString::fromStdString(step.act->action)), qPrintable(where + ": action"));
                for (const std::string& name : step.highlight)
                    QVERIFY2(desk.window.findChild<QWidget*>(QString::fromStdString(name)) ||
                                 desk.window.actions().find(QString::fromStdString(name)),
                             qPrintable(where + ": " + QString::fromStdString(name)));
            }
    }
};

QTEST_MAIN(LessonActionsTest)
#include "lesson_actions_test.moc"
