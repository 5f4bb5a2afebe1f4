// A page with a time of its own has the window's bars while it is shown, and gives them back.

#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/pages/memory/pattern_edits.h"
#include "ui/pages/memory/query_row.h"
#include "ui/pages/memory/recall_tab.h"
#include "ui/pages/memory/recall_timeline.h"
#include "ui/pages/memory/recall_transport.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/input_bar.h"
#include "ui/window/main_window.h"
#include "ui/window/timeline_bar.h"
#include "ui/window/transport_bar.h"

using namespace lab;

namespace {

struct OwnBarsDesk {
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    Run* run = nullptr;

    OwnBarsDesk() {
        run = window.session().openTask(smallTask(2000));
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
    }
    MemoryPage& page() const { return *find<MemoryPage>(); }
    RecallTab& tab() const { return static_cast<RecallTab&>(page().tab()); }
    void showMemory() {
        window.showPage(window.indexOf(QStringLiteral("memory")));
        QTRY_VERIFY_WITH_TIMEOUT(page().catchUp() && tab().study(), lab::patience);
    }
    QAction& action(const char* name) const { return *window.actions().find(QString::fromLatin1(name)); }
    template <class T>
    T* find() const {
        return window.findChild<T*>();
    }
    int amberButtons() const {
        int count = 0;
        for (const PrimaryButton* button : window.findChildren<PrimaryButton*>()) count += button->isVisible();
        return count;
    }
};

}  // namespace

class OwnBarsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("attention-lab-test"));
        QCoreApplication::setApplicationName(QStringLiteral("own_bars_test"));
        QSettings().clear();
        Theme::instance().apply();
    }

    void thePageHasTheBarsWhileItIsShown() {
        OwnBarsDesk desk;
        QCOMPARE(desk.amberButtons(), 1);
        desk.showMemory();
        QVERIFY(!desk.find<InputBar>()->isVisible() && !desk.find<TimelineBar>()->isVisible());
        QVERIFY(!desk.find<TransportBar>()->trainButton().isVisible());
        for (QWidget* bar :
             std::initializer_list<QWidget*>{desk.find<RecallTransport>(), desk.find<QueryRow>(), desk.find<RecallTimeline>()})
            QVERIFY(bar && bar->isVisible());
        QCOMPARE(desk.amberButtons(), 1);
        desk.window.showPage(0);
        QVERIFY(desk.find<InputBar>()->isVisible() && desk.find<TimelineBar>()->isVisible());
        QVERIFY(desk.find<TransportBar>()->trainButton().isVisible());
        QVERIFY(!desk.find<QueryRow>()->isVisible());
        QCOMPARE(desk.amberButtons(), 1);
        desk.showMemory();
        QVERIFY(desk.find<RecallTransport>()->isVisible());
    }

    void keysActOnThePage() {
        OwnBarsDesk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        desk.showMemory();
        RecallClock& clock = desk.tab().clock();
        QTest::keyClick(&desk.window, Qt::Key_Period);
        QCOMPARE(clock.shown(), 1);
        QCOMPARE(desk.run->step(), 0);
        QTest::keyClick(&desk.window, Qt::Key_Space);
        QVERIFY(clock.playing());
        QCOMPARE(desk.run->state(), Run::State::paused);
        QTest::keyClick(&desk.window, Qt::Key_Space);
        QVERIFY(!clock.playing());
        QTest::keyClick(&desk.window, Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(clock.shown(), 0);
        QTest::keyClick(&desk.window, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(desk.page().state().value().chosen, 1);
        desk.window.showPage(0);
        QTest::keyClick(&desk.window, Qt::Key_Period);
        QTRY_COMPARE(desk.focus.run()->step(), 1);
    }

    void actionsAreNamedAfterWhatTheyDoOrRest() {
        OwnBarsDesk desk;
        const QString before = desk.action("train.toggle").text();
        desk.showMemory();
        QCOMPARE(desk.action("train.toggle").text(), QStringLiteral("Recall or pause"));
        for (const char* resting : {"time.pin", "time.follow", "time.continue", "input.mask", "input.likely"})
            QVERIFY2(!desk.action(resting).isEnabled(), resting);
        desk.window.showPage(1);
        QCOMPARE(desk.action("train.toggle").text(), before);
        for (const char* again : {"time.pin", "time.follow", "time.continue", "input.mask", "input.likely"})
            QVERIFY2(desk.action(again).isEnabled(), again);
    }

    void undoByKeyBringsADrawingBack() {
        OwnBarsDesk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        const QTemporaryDir folder;
        const FileActions files(desk.window, folder.filePath(QStringLiteral("settings.ini")),
                                folder.filePath(QStringLiteral("kept.safetensors")));
        desk.showMemory();
        MemoryState& state = desk.page().state();
        state.edit(withoutChosen(state.value()), QStringLiteral("Delete skull"));
        QCOMPARE(desk.action("file.back").text(), QStringLiteral("Undo: Delete skull"));
        QVERIFY(desk.action("file.back").isEnabled());
        QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
        QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(state.value().patterns.size(), std::size_t{3});
    }

    void oneUndoTooManyLeavesTheRun() {
        OwnBarsDesk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        const QTemporaryDir folder;
        const FileActions files(desk.window, folder.filePath(QStringLiteral("settings.ini")),
                                folder.filePath(QStringLiteral("kept.safetensors")));
        desk.run->stepOnce();
        QTRY_COMPARE(desk.run->step(), 1);
        const Run* second = desk.window.session().openTask(smallTask(2000));
        QVERIFY(desk.action("file.back").isEnabled());
        desk.showMemory();
        MemoryState& state = desk.page().state();
        state.edit(withoutChosen(state.value()), QStringLiteral("Delete skull"));
        for (int press = 0; press < 2; ++press) QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
        QVERIFY(!desk.action("file.back").isEnabled());
        QCOMPARE(desk.focus.run(), second);
        desk.window.showPage(0);
        QVERIFY(desk.action("file.back").isEnabled());
    }

    void theRunKeepsItsPlace() {
        OwnBarsDesk desk;
        desk.run->stepOnce();
        QTRY_COMPARE(desk.run->step(), 1);
        desk.focus.showStep(0);
        desk.showMemory();
        desk.action("train.step").trigger();
        desk.window.showPage(0);
        QCOMPARE(desk.run->step(), 1);
        QCOMPARE(desk.focus.shownStep(), 0);
        QVERIFY(!desk.focus.live());
    }

    void itFitsASmallWindow() {
        OwnBarsDesk desk;
        desk.showMemory();
        desk.window.resize(1024, 640);
        QTRY_COMPARE(desk.window.size(), QSize(1024, 640));
        QVERIFY2(desk.window.minimumSizeHint().width() <= 1024, qPrintable(QString::number(desk.window.minimumSizeHint().width())));
    }
};

QTEST_MAIN(OwnBarsTest)
#include "own_bars_test.moc"
