#include "ui/window/presenter.h"

#include <QLabel>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "ui/forms/experiment_panel.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/prediction_box.h"
#include "ui/pages/page.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

constexpr int presentedSteps = 6;

struct PresenterDesk {
    PresenterDesk() : files{window, folder.filePath("settings.ini"), folder.filePath("session.safetensors")} {
        Theme::instance().setScale(1);
        files.begin();
        window.session().openTask(smallTask(presentedSteps));
        window.resize(1280, 800);
        window.show();
        [this] { QVERIFY(QTest::qWaitForWindowExposed(&window)); }();
        focus.run()->setPace(0);
        focus.run()->train();
        [this] { QTRY_COMPARE(focus.run()->step(), presentedSteps); }();
        presenter = files.findChild<Presenter*>();
    }
    ~PresenterDesk() {
        Theme::instance().setScale(1);
        workspace.stop();
    }

    void show(const char* page) { window.showPage(window.indexOf(QLatin1String(page))); }
    void present() { window.actions().find("view.present")->trigger(); }
    void press(Qt::Key key) { QTest::keyClick(window.focusWidget() ? window.focusWidget() : &window, key); }
    QWidget* part(const char* name) const { return window.findChild<QWidget*>(QLatin1String(name)); }
    QStringList seen() const {
        QStringList names;
        for (const QWidget* each : window.findChildren<QWidget*>())
            if (each->isVisible() && !each->objectName().isEmpty() && !each->objectName().startsWith("qt_")) names << each->objectName();
        names.sort();
        return names;
    }
    /// Once layouts and refreshes have come to rest.
    QStringList seenAtRest() const {
        QStringList before, now = seen();
        for (int same = 0; same < 20; same = now == before ? same + 1 : 0) {
            before = now;
            QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
            now = seen();
        }
        return now;
    }
    QString said() const {
        QStringList texts;
        for (const QLabel* each : window.findChildren<QLabel*>())
            if (each->isVisible()) texts << each->text();
        return texts.join('\n');
    }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
    Presenter* presenter = nullptr;
};

LessonRow shortLesson() {
    LessonRow row;
    row.lesson = parseLesson(R"json({"format": "attention-lab/lesson", "version": 1, "id": "short", "minutes": 2, "preset": "copy",
        "set": {"training.steps": 4, "training.batch_size": 4, "task.train_size": 64, "task.validation_size": 4},
        "steps": [
          {"id": "first", "show": "maps?block=encoder.0.attention&head=0&stage=weights"},
          {"id": "guess", "predict": {"kind": "choice", "answers": [{"id": "x", "is": "step < 5"}, {"id": "y", "is": "step >= 5"}]}},
          {"id": "last", "show": "train"}]})json");
    row.texts["en"] = parseLessonTexts(
        "# Short\nIt is.\n## first\nLook.\n## guess\nGuess.\n### question\nWhich?\n### answer x\nOne\n### answer y\nTwo\n"
        "### reason x\nYes.\n### reason y\nNo.\n### why\nSo.\n## last\nEnd.\n## try\nMore.\n",
        row.lesson);
    return row;
}

}  // namespace

/// One large picture, and back again.
class PresenterTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void whatThePageShowsAboveAllStandsAlone_data() {
        QTest::addColumn<QString>("page");
        for (const char* page :
             {"train", "maps", "explain", "positions", "stream", "text", "compare", "sweeps", "memory", "incontext", "codes"})
            QTest::newRow(page) << page;
    }
    void whatThePageShowsAboveAllStandsAlone() {
        QFETCH(QString, page);
        PresenterDesk desk;
        desk.show(page.toLatin1());
        Page& shown = *desk.window.pages()[static_cast<std::size_t>(desk.window.pageIndex())];
        QTRY_VERIFY(desk.focus.trace() && desk.focus.traceStep() == presentedSteps && shown.catchUp());
        const QStringList before = desk.seenAtRest();
        const QSize size = desk.window.size();
        desk.present();
        QVERIFY(desk.presenter->isOn());
        QVERIFY(desk.window.isFullScreen());
        QVERIFY(shown.mainPart()->isVisible());
        for (const char* away : {"window.transport.train", "window.timeline.play", "window.transport.menu"})
            QVERIFY2(!desk.part(away)->isVisible(), away);
        QVERIFY(!desk.window.experimentPanel().isVisible());
        for (const QString& name : desk.seen())
            QVERIFY2(name.startsWith("presenter.") || shown.mainPart()->isAncestorOf(desk.part(name.toLatin1())) ||
                         desk.part(name.toLatin1())->isAncestorOf(shown.mainPart()) || shown.mainPart()->objectName() == name,
                     qPrintable(name));
        desk.press(Qt::Key_Escape);
        QVERIFY(!desk.presenter->isOn());
        QVERIFY(!desk.window.isFullScreen());
        QCOMPARE(Theme::instance().scale(), 1.0);
        QTRY_COMPARE(desk.window.size(), size);
        QTRY_VERIFY(shown.catchUp());
        QTRY_COMPARE(desk.seen().join('\n'), before.join('\n'));
    }

    void keysWalkTheKeptSteps() {
        PresenterDesk desk;
        desk.show("maps");
        desk.present();
        const auto& kept = desk.focus.run()->history().checkpoints();
        QVERIFY(kept.size() > 2);
        const int last = static_cast<int>(kept.size());
        QVERIFY(desk.said().contains(QString("%1 of %1").arg(last)));
        for (const Qt::Key back : {Qt::Key_PageUp, Qt::Key_Left}) {
            const std::int64_t was = desk.focus.wantedStep();
            desk.press(back);
            QVERIFY(desk.focus.wantedStep() < was);
        }
        QVERIFY(desk.said().contains(QString("%1 of %2").arg(last - 2).arg(last)));
        QCOMPARE(desk.focus.wantedStep(), kept[kept.size() - 3]->step);
        desk.press(Qt::Key_Space);
        QCOMPARE(desk.focus.wantedStep(), kept[kept.size() - 2]->step);
        QCOMPARE(desk.focus.run()->state(), Run::State::finished);  // it trains nothing
        desk.press(Qt::Key_Right);
        desk.press(Qt::Key_PageDown);
        QCOMPARE(desk.focus.wantedStep(), kept.back()->step);
    }

    void pinsAreTheStationsWhereThereAreSome() {
        PresenterDesk desk;
        desk.show("train");
        desk.focus.run()->pin(desk.focus.run()->history().atOrBefore(3), "here");
        desk.present();
        QVERIFY(desk.said().contains("3 of 3"));
        desk.press(Qt::Key_Left);
        QCOMPARE(desk.focus.wantedStep(), 3);
        desk.press(Qt::Key_Left);
        QCOMPARE(desk.focus.wantedStep(), 0);
        desk.press(Qt::Key_Left);
        QCOMPARE(desk.focus.wantedStep(), 0);
    }

    void explainIsWalkedByItsStages() {
        PresenterDesk desk;
        desk.show("explain");
        Page& page = *desk.window.pages()[static_cast<std::size_t>(desk.window.pageIndex())];
        QTRY_VERIFY(page.catchUp() && !page.walkedStages().isEmpty());
        const QStringList stages = page.walkedStages();
        QVERIFY(page.showStage(stages[0], {}));
        desk.present();
        desk.press(Qt::Key_PageDown);
        QCOMPARE(page.stage(), stages[1]);
        QVERIFY(desk.said().contains(QString("2 of %1").arg(stages.size())));
        desk.press(Qt::Key_PageUp);
        QCOMPARE(page.stage(), stages[0]);
    }

    void aTurnToAnotherPageStaysAlone() {
        PresenterDesk desk;
        desk.show("maps");
        desk.present();
        desk.window.actions().find("page.memory")->trigger();  // which has bars of its own
        const Page& memory = *desk.window.pages()[static_cast<std::size_t>(desk.window.pageIndex())];
        QVERIFY(memory.isVisible());
        QVERIFY(desk.part("window.transport.menu") && !desk.part("window.transport.menu")->isVisible());
        QVERIFY(!desk.part("window.timeline.play")->isVisible());
        for (const QWidget* each : desk.window.findChildren<QWidget*>())
            if (each->objectName().startsWith("memory.timeline.")) QVERIFY2(!each->isVisible(), qPrintable(each->objectName()));
        desk.show("train");
        desk.press(Qt::Key_Escape);
        QVERIFY(desk.part("window.timeline.play")->isVisible());
        QVERIFY(desk.part("window.transport.train")->isVisible());
        QVERIFY(!memory.isVisible());
        for (const QWidget* each : desk.window.findChildren<QWidget*>())
            if (each->objectName().startsWith("memory.timeline.")) QVERIFY2(!each->isVisible(), qPrintable(each->objectName()));
    }

    void aLessonIsWalkedWithItsTextLarge() {
        PresenterDesk desk;
        auto& lessons = *desk.files.findChild<LessonActions*>();
        const LessonRow row = shortLesson();
        lessons.start(row);
        lessons.panel().setFolded(true);
        desk.present();
        QVERIFY(lessons.panel().isVisible() && !lessons.panel().isFolded());
        desk.press(Qt::Key_Space);
        QCOMPARE(lessons.guide().index(), 1);
        QVERIFY(desk.said().contains("Predict first"));
        desk.press(Qt::Key_PageDown);  // not before it is predicted
        QCOMPARE(lessons.guide().stage(), LessonGuide::Stage::asking);
        QTest::keyClick(&lessons.panel(), Qt::Key_A);
        QCOMPARE(lessons.panel().box()->said()->answers, std::vector<std::string>{"x"});
        desk.press(Qt::Key_PageDown);
        QTRY_COMPARE(lessons.guide().stage(), LessonGuide::Stage::done);
        desk.press(Qt::Key_Right);
        QCOMPARE(lessons.guide().index(), 2);
        QCOMPARE(desk.window.place().page, QString("train"));
        QVERIFY(!desk.part("window.transport.train")->isVisible());
        desk.press(Qt::Key_Left);
        QCOMPARE(lessons.guide().index(), 1);
        desk.press(Qt::Key_Escape);
        QVERIFY(lessons.panel().isVisible() && lessons.panel().isFolded());
        QCOMPARE(lessons.guide().index(), 1);
        lessons.close();
    }

    void theCourseAndTheEndOfTheProgramLeaveIt() {
        PresenterDesk desk;
        desk.show("maps");
        desk.present();
        desk.window.actions().find("lessons.show")->trigger();
        QVERIFY(!desk.presenter->isOn());
        QVERIFY(desk.window.instead()->isVisible());
        desk.present();
        QVERIFY(desk.presenter->isOn());
        QVERIFY(!desk.window.instead());
        desk.window.close();
        QVERIFY(!desk.presenter->isOn());
        QCOMPARE(Theme::instance().scale(), 1.0);
    }
};

QTEST_MAIN(PresenterTest)
#include "presenter_test.moc"
