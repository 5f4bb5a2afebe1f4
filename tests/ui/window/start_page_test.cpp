#include "ui/window/start_page.h"

#include <QCheckBox>
#include <QLabel>
#include <QMenu>
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/experiment_file.h"
#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

struct StartDesk {
    explicit StartDesk(const QTemporaryDir& home) : files{window, home.filePath("settings.ini"), home.filePath("session.safetensors")} {
        files.begin();
        window.resize(1280, 800);
        window.show();
    }
    ~StartDesk() { workspace.stop(); }

    StartPage* page() const { return window.findChild<StartPage*>(); }
    bool isShown() const { return page() && page()->isVisible(); }
    template <class Widget = QWidget>
    Widget* part(const char* name) const {
        return window.findChild<Widget*>(QLatin1String(name));
    }
    bool hasTitle(const char* title) const {
        const QList<PanelFrame*> all = page()->findChildren<PanelFrame*>();
        return std::ranges::any_of(all, [title](const PanelFrame* each) { return each->title() == QLatin1String(title); });
    }
    QString focused() const { return window.focusWidget() ? window.focusWidget()->objectName() : QString(); }
    void press(Qt::Key key) { QTest::keyClick(window.focusWidget(), key); }
    LessonActions& lessonActions() const { return *files.findChild<LessonActions*>(); }

    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
};

void walk(const QTemporaryDir& home, const Lesson& lesson, std::size_t steps) {
    LessonProgress progress(home.filePath("lessons.csv"));
    for (std::size_t i = 0; i < steps; ++i) progress.note({{}, lesson.id, lesson.steps[i].id, {}, {}, false});
}

}  // namespace

class StartPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void itIsNotMadeBeforeItIsAskedFor() {
        const QTemporaryDir home;
        const StartDesk desk(home);
        QVERIFY(!desk.page());
        QVERIFY(desk.files.findChild<LessonActions*>());
        QVERIFY(!desk.window.instead());
    }

    void aNewPersonBeginsTheCourse() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.files.showStart();
        QVERIFY(desk.isShown());
        QVERIFY(!desk.part("start.restore")->isVisible());
        QCOMPARE(desk.focused(), QString("start.lesson"));
        QVERIFY(desk.hasTitle("Where to begin") && !desk.hasTitle("Continue"));
        desk.press(Qt::Key_Return);
        QVERIFY(!desk.isShown());
        QCOMPARE(desk.lessonActions().guide().row(), &lessons().front());
        QVERIFY(desk.lessonActions().panel().isVisible());
    }

    void theRowThatIsChosenIsWhatTheButtonBegins() {
        const QTemporaryDir home;
        walk(home, lessons()[3].lesson, 1);
        StartDesk desk(home);
        desk.files.showStart();
        QVERIFY(desk.hasTitle("Continue"));
        auto* table = desk.part<DataTable>("start.lessons");
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(11, 1)).center());
        QCOMPARE(desk.part<Button>("start.lesson")->text(), QString("Begin"));
        desk.part<Button>("start.lesson")->click();
        QCOMPARE(desk.lessonActions().guide().row(), &lessons()[11]);
    }

    void theShortestWayGoesOnBehindWhatIsDone() {
        const QTemporaryDir home;
        const LessonRow* first = findLesson("query-key-value");
        {
            StartDesk desk(home);
            desk.files.showStart();
            desk.part<QAbstractButton>("start.way")->click();
            QCOMPARE(desk.lessonActions().guide().row(), first);
        }
        walk(home, first->lesson, first->lesson.steps.size());
        StartDesk desk(home);
        desk.files.showStart();
        QCOMPARE(desk.part<DataTable>("start.lessons")->chosen(), std::optional<std::size_t>(first - &lessons().front() + 1));  // the next
        desk.part<QAbstractButton>("start.way")->click();
        QCOMPARE(desk.lessonActions().guide().row(), findLesson("reverse"));
    }

    void aLessonLeftAmidGoesOnAtItsStep() {
        const QTemporaryDir home;
        walk(home, lessons()[3].lesson, 2);
        StartDesk desk(home);
        desk.files.showStart();
        QCOMPARE(desk.part<Button>("start.lesson")->text(), QString("Continue at step 3"));
        QCOMPARE(desk.part<DataTable>("start.lessons")->chosen(), std::optional<std::size_t>(3));
        desk.press(Qt::Key_Return);
        QCOMPARE(desk.lessonActions().guide().row(), &lessons()[3]);
        QCOMPARE(desk.lessonActions().guide().index(), 2);
    }

    void theCourseIsWalkedByKeys() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.files.showStart();
        desk.press(Qt::Key_Right);
        QCOMPARE(desk.focused(), QString("start.lessons"));
        auto* table = desk.part<DataTable>("start.lessons");
        QCOMPARE(table->places().size(), lessons().size());
        desk.press(Qt::Key_Down);
        desk.press(Qt::Key_Down);
        desk.press(Qt::Key_Left);
        QCOMPARE(desk.focused(), QString("start.lesson"));
        desk.press(Qt::Key_Right);
        desk.press(Qt::Key_Return);
        QVERIFY(!desk.isShown());
        QCOMPARE(desk.lessonActions().guide().row(), &lessons()[2]);
    }

    void presetsStandAsTheMenuHasThem() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.files.showStart();
        for (const QAction* each : desk.window.presetMenu()->actions()) {
            if (!each->menu()) continue;
            const QString name = "start.preset." + each->menu()->actions().front()->data().toString();
            auto* entry = desk.window.findChild<QAbstractButton*>(name);
            QVERIFY2(entry, qPrintable(name));
            QCOMPARE(entry->text(), each->text().replace("&&", "&"));
            QCOMPARE(entry->accessibleName(), entry->text());
            QVERIFY(!entry->accessibleDescription().isEmpty());
        }
        desk.press(Qt::Key_Right);
        desk.press(Qt::Key_Right);
        const QString first = desk.focused();
        QVERIFY(first.startsWith("start.preset."));
        desk.press(Qt::Key_Down);
        QVERIFY(desk.focused().startsWith("start.preset.") && desk.focused() != first);
        desk.press(Qt::Key_Up);
        QCOMPARE(desk.focused(), first);
        QMenu* family = nullptr;
        for (QAction* each : desk.window.presetMenu()->actions())
            if (!family) family = each->menu();
        desk.press(Qt::Key_Return);
        QTRY_VERIFY(family->isVisible());
        QAction* wanted = family->actions().at(1);
        family->setActiveAction(wanted);
        QTest::keyClick(family, Qt::Key_Return);
        QCOMPARE(QString::fromStdString(desk.window.session().presetName()), wanted->data().toString());
        QVERIFY(!desk.isShown());
    }

    void escapeLeavesItWhereverTheKeyboardIs() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.window.showPage(1);
        desk.files.showStart();
        QVERIFY(!desk.window.pages()[1]->isVisible());
        desk.press(Qt::Key_Escape);
        QVERIFY(!desk.isShown());
        QVERIFY(desk.window.pages()[1]->isVisible());
        QVERIFY(!desk.page()->isAncestorOf(desk.window.focusWidget()));
        desk.files.showStart();
        desk.part("window.transport.train")->setFocus();
        desk.press(Qt::Key_Escape);
        QVERIFY(!desk.isShown());
        desk.window.actions().find("help.start")->trigger();
        QVERIFY(desk.isShown());
        desk.window.actions().find("help.start")->trigger();
        QVERIFY(!desk.isShown());
    }

    void whateverIsOpenedOrTrainedLeavesIt() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.files.showStart();
        desk.window.session().openPreset("copy");
        QVERIFY(!desk.isShown());
        desk.files.showStart();
        desk.window.actions().find("train.toggle")->trigger();
        QVERIFY(!desk.isShown());
        QTRY_VERIFY(desk.focus.run()->step() > 0);
        desk.files.showStart();
        desk.window.actions().find("page.maps")->trigger();
        QVERIFY(!desk.isShown());
    }

    void theWholeListIsOneKeyAway() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.files.showStart();
        desk.part<QAbstractButton>("start.course")->click();
        QVERIFY(!desk.isShown());
        QVERIFY(desk.lessonActions().course().isVisible());
        desk.files.showStart();
        QVERIFY(!desk.lessonActions().course().isVisible());
        QVERIFY(desk.isShown());
    }

    void theLastSessionIsOfferedOnceAndRestored() {
        const QTemporaryDir home;
        {
            StartDesk desk(home);
            desk.window.session().openTask(smallTask(20));
            desk.focus.run()->stepOnce();
            QTRY_COMPARE(desk.focus.run()->step(), 1);
            desk.files.end();
        }
        StartDesk desk(home);
        QVERIFY(desk.window.notice().isVisible());
        desk.files.showStart();
        QVERIFY(!desk.window.notice().isVisible());
        QCOMPARE(desk.focused(), QString("start.restore"));
        desk.press(Qt::Key_Escape);
        QVERIFY(desk.window.notice().isVisible());  // the offer waits
        desk.files.showStart();
        desk.press(Qt::Key_Return);
        QTRY_VERIFY(!desk.isShown());
        QTRY_COMPARE(desk.focus.run()->step(), 1);
        QVERIFY(!desk.window.notice().isVisible());
    }

    void recentFilesAreOpened() {
        const QTemporaryDir home;
        StartDesk desk(home);
        const QString path = home.filePath("mine.json"), gone = home.filePath("gone.json");
        Experiment experiment = smallTask(20).experiment;
        experiment.name = "Mine";
        saveExperiment(path.toStdString(), experiment);
        desk.files.settings().addRecentFile(path);
        desk.files.settings().addRecentFile(gone);
        desk.files.showStart();
        auto* entry = desk.part<QAbstractButton>("start.recent.1");
        QCOMPARE(entry->text(), QString("gone.json"));
        entry->click();
        QVERIFY(!desk.window.problem().isEmpty());
        QCOMPARE(desk.files.settings().recentFiles(), QStringList(path));
        desk.files.showStart();
        desk.part<QAbstractButton>("start.recent.1")->click();
        QVERIFY(!desk.isShown());
        QCOMPARE(desk.window.session().path(), path);
    }

    void whetherItComesAtStartIsRemembered() {
        const QTemporaryDir home;
        StartDesk desk(home);
        QVERIFY(desk.files.settings().startsWithPage());
        desk.files.showStart();
        auto* box = desk.part<QCheckBox>("start.always");
        QVERIFY(box->isChecked());
        box->setFocus();
        desk.press(Qt::Key_Return);
        QVERIFY(!WindowSettings(home.filePath("settings.ini")).startsWithPage());
        QVERIFY(desk.isShown());
        desk.press(Qt::Key_Escape);
        desk.files.showStart();
        QVERIFY(!desk.part<QCheckBox>("start.always")->isChecked());
    }

    void itFitsASmallWindow() {
        const QTemporaryDir home;
        StartDesk desk(home);
        desk.files.showStart();
        desk.window.resize(1000, 640);
        for (const char* name : {"start.lesson", "start.lessons", "start.close", "start.always", "start.preset.reverse"}) {
            const QWidget* part = desk.part(name);
            const QRect at(part->mapTo(desk.window.instead(), QPoint()), part->size());
            QVERIFY2(desk.window.instead()->rect().contains(at), name);
        }
    }
};

QTEST_MAIN(StartPageTest)
#include "start_page_test.moc"
