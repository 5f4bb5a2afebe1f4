#include "ui/window/main_window.h"

#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QtTest>
#include <algorithm>
#include <limits>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/forms/experiment_panel.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/train/live_map.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/meter.h"
#include "ui/widgets/pace_slider.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"
#include "ui/widgets/token_strip.h"
#include "ui/window/input_bar.h"
#include "ui/window/page_rail.h"
#include "ui/window/shortcuts_dialog.h"
#include "ui/window/timeline_bar.h"
#include "ui/window/transport_bar.h"

using namespace lab;

namespace {

/// A window with a run of the small task, 1280 x 800.
struct WindowDesk {
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    Run* run = nullptr;

    explicit WindowDesk(const LoadedTask& task = smallTask(2000), std::optional<TrainingState> start = std::nullopt) {
        run = window.session().openTask(task, std::move(start));
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
    }

    template <class T>
    T* find() const {
        return window.findChild<T*>();
    }

    Meter* meter(const QString& label) const {
        for (Meter* each : window.findChildren<Meter*>())
            if (each->label() == label) return each;
        return nullptr;
    }
};

}  // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void spaceTrainsAndPausesWhereverTheFocusIs();
    void spaceTypesInATextField();
    void escapeReachesThePageWhereverTheFocusIs();
    void enterOnACellOpensItsExplanation();
    void enterPressesTheFocusedButton();
    void stepAndResetByKey();
    void aStepLaysNothingOutAnew();
    void aTrainingIsDrawnOnceATrace();
    void metersTellTheTraining();
    void metersGiveWayInOrder();
    void anEarlierStepIsMarkedAsHeld();
    void pinsByKeyAndNamesInPlace();
    void runsThroughTheKeptSteps();
    void theBudgetIsChosenAndRemembered();
    void aBranchStandsBesideItsParent();
    void pagesByNumberKey();
    void theLiveMapLeadsToTheMaps();
    void tabComesToThePageThatIsShown();
    void thePanelFoldsPerPage();
    void divergenceIsToldInTheWindow();
    void aPlaceOpensOnEveryPage();
    void trainTrainsTheDraft();
    void anotherTaskKeepsATrainedRunOnly();
    void aNarrowWindowFoldsThePanel();
    void fitsASmallScreen();
    void sizeIsCycled();
    void aTurnOfSizesLeadsBack();
    void stateSurvivesTheNextStart();
    void settingsKeepPagesByNumbersOfTheirOwn();
    void aSizeOfALargerScreenIsMadeSmaller();
    void shortcutsAreListed();
    void noShortcutIsTakenTwice();
    void paceFollowsSliderAndRun();
};

void MainWindowTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("attention-lab-test"));
    QCoreApplication::setApplicationName(QStringLiteral("main_window_test"));
    QSettings().clear();
    Theme::instance().apply();
}

void MainWindowTest::spaceTrainsAndPausesWhereverTheFocusIs() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    const std::vector<QWidget*> places{desk.find<TokenStrip>(), desk.find<TimelineStrip>(), desk.find<PaceSlider>(),
                                       &desk.find<TransportBar>()->trainButton()};
    for (QWidget* place : places) {
        desk.run->setPace(1);
        place->setFocus();
        QTRY_COMPARE(QApplication::focusWidget(), place);
        QTest::keyClick(place, Qt::Key_Space);
        QCOMPARE(desk.run->state(), Run::State::training);
        QTest::keyClick(place, Qt::Key_Space);
        QCOMPARE(desk.run->state(), Run::State::paused);
    }
    const Button& button = desk.find<TransportBar>()->trainButton();
    QTRY_COMPARE(button.text(), QStringLiteral("Train"));
    desk.run->train();
    QTRY_COMPARE(button.text(), QStringLiteral("Pause"));
}

void MainWindowTest::spaceTypesInATextField() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    auto* bar = desk.find<InputBar>();
    bar->typeInput();
    QTRY_COMPARE(QApplication::focusWidget(), &bar->line());
    bar->line().clear();
    for (const char key : {'1', ' ', '2', '.'}) QTest::keyClick(&bar->line(), key);
    QCOMPARE(bar->line().text(), QStringLiteral("1 2."));
    QCOMPARE(desk.run->state(), Run::State::paused);
    QCOMPARE(desk.run->step(), 0);
    QCOMPARE(desk.window.pageIndex(), 0);
}

void MainWindowTest::escapeReachesThePageWhereverTheFocusIs() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    QTest::keyClick(&desk.window, Qt::Key_2);
    auto* maps = desk.find<MapsPage>();
    QTRY_VERIFY(maps->isVisible() && !maps->allFigures().empty());  // the maps of a trace stand there
    auto* bar = desk.find<InputBar>();
    for (QWidget* place : {static_cast<QWidget*>(desk.find<TimelineStrip>()), static_cast<QWidget*>(desk.find<TokenStrip>())}) {
        maps->setEnlarged(true);
        place->setFocus();
        QTest::keyClick(place, Qt::Key_Escape);
        QVERIFY2(!maps->enlarged(), place->metaObject()->className());
    }
    // What is being typed is left first.
    maps->setEnlarged(true);
    bar->typeInput();
    QTest::keyClick(&bar->line(), Qt::Key_Escape);
    QVERIFY(bar->line().isHidden() && maps->enlarged());
}

void MainWindowTest::enterOnACellOpensItsExplanation() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    QTest::keyClick(&desk.window, Qt::Key_2);
    auto* maps = desk.find<MapsPage>();
    QTRY_VERIFY(maps->isVisible() && !maps->allFigures().empty());  // the maps of a trace stand there
    maps->setEnlarged(true);
    Map& map = maps->findChild<HeadView*>()->map();
    QTRY_VERIFY(!map.data().empty());
    map.setFocus();
    map.choose({2, 4});
    QTest::keyClick(&map, Qt::Key_Return);
    auto* explain = desk.find<ExplainPage>();
    QTRY_VERIFY(explain->isVisible());
    QCOMPARE(explain->stage(), QStringLiteral("weights"));
    QCOMPARE(desk.focus.selection().query, 2);
    QCOMPARE(explain->shownCell().column, 4);
}

void MainWindowTest::enterPressesTheFocusedButton() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    Button& button = desk.find<TransportBar>()->trainButton();
    QTRY_VERIFY(button.isEnabled());
    button.setFocus();
    QTest::keyClick(&button, Qt::Key_Return);
    QCOMPARE(desk.run->state(), Run::State::training);
}

void MainWindowTest::stepAndResetByKey() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    QTest::keyClick(&desk.window, Qt::Key_Period);
    QTRY_COMPARE(desk.run->step(), 1);
    QTest::keyClick(&desk.window, Qt::Key_R, Qt::ControlModifier);
    QCOMPARE(desk.focus.run()->step(), 0);
    QCOMPARE(desk.run->step(), 1);  // what was trained stays
}

void MainWindowTest::aStepLaysNothingOutAnew() {
    struct Requests : QObject {
        int count = 0;
        bool eventFilter(QObject*, QEvent* event) override {
            count += event->type() == QEvent::LayoutRequest;
            return false;
        }
    } requests;
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    QTest::keyClick(&desk.window, Qt::Key_Period);
    QTRY_VERIFY(desk.run->step() == 1 && desk.focus.traceStep() == 1);
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    desk.find<TimelineBar>()->installEventFilter(&requests);
    QTest::keyClick(&desk.window, Qt::Key_Period);
    QTRY_VERIFY(desk.run->step() == 2 && desk.run->history().size() == 3 && desk.focus.traceStep() == 2);
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QCOMPARE(requests.count, 0);
}

void MainWindowTest::aTrainingIsDrawnOnceATrace() {
    WindowDesk desk(smallTask(1'000'000));
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    desk.run->setPace(0);
    QTest::keyClick(&desk.window, Qt::Key_2);
    auto* maps = desk.find<MapsPage>();
    QTRY_VERIFY(maps->isVisible() && !maps->allFigures().empty());
    desk.run->train();
    QSignalSpy traces(&desk.focus, &Focus::traceChanged), pictures(maps, &Page::refreshed);
    QTRY_VERIFY(traces.size() > 2);
    traces.clear();
    pictures.clear();
    QTRY_VERIFY_WITH_TIMEOUT(traces.size() >= 15, lab::patience);
    QVERIFY2(pictures.size() > 0 && pictures.size() <= traces.size() + 1, qPrintable(QString::number(pictures.size())));
    desk.run->pause();
    QTRY_COMPARE(desk.run->state(), Run::State::paused);
}

void MainWindowTest::metersTellTheTraining() {
    WindowDesk desk(smallTask(60));
    QTRY_COMPARE(desk.meter("Loss")->value(), QStringLiteral("\u2014"));
    QCOMPARE(desk.meter("Left")->value(), QStringLiteral("paused"));
    desk.run->train();
    QTRY_COMPARE(desk.run->state(), Run::State::finished);
    QTRY_COMPARE(desk.meter("Step")->value(), QStringLiteral("60"));
    QCOMPARE(desk.meter("Left")->value(), QStringLiteral("done"));
    QVERIFY(desk.meter("Loss")->value().toDouble() > 0);
    QVERIFY(desk.meter("Validation")->value().toDouble() > 0);
    QVERIFY(!desk.find<TransportBar>()->trainButton().isEnabled());
}

void MainWindowTest::metersGiveWayInOrder() {
    WindowDesk desk;
    auto* bar = desk.find<TransportBar>();
    QTRY_VERIFY(desk.meter("Step")->value() != QString());
    bar->setParent(nullptr);
    bar->show();
    std::vector<Meter*> order{desk.meter("Whole seq."), desk.meter("Tokens/s"), desk.meter("Left")};
    for (auto& meter : order) {
        meter = nullptr;
        for (Meter* each : bar->findChildren<Meter*>())
            if (each->label() == std::vector<QString>{"Whole seq.", "Tokens/s", "Left"}[static_cast<std::size_t>(&meter - order.data())])
                meter = each;
        QVERIFY(meter);
    }
    const auto visible = [&] { return std::vector<bool>{order[0]->isVisible(), order[1]->isVisible(), order[2]->isVisible()}; };
    bar->resize(2000, bar->height());
    QTRY_COMPARE(visible(), (std::vector<bool>{true, true, true}));
    std::vector<std::vector<bool>> seen;
    for (int width = 2000; width >= bar->minimumSizeHint().width(); width -= 10) {
        bar->resize(width, bar->height());
        QCoreApplication::processEvents();
        if (seen.empty() || seen.back() != visible()) seen.push_back(visible());
    }
    QCOMPARE(seen, (std::vector<std::vector<bool>>{{true, true, true}, {false, true, true}, {false, false, true}, {false, false, false}}));
    delete bar;
}

void MainWindowTest::anEarlierStepIsMarkedAsHeld() {
    WindowDesk desk(smallTask(60));
    desk.run->train();
    QTRY_COMPARE(desk.run->state(), Run::State::finished);
    auto* strip = desk.find<TimelineStrip>();
    QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(qRound(strip->xOf(30)), 20));
    QVERIFY(!desk.focus.live());
    QVERIFY(std::abs(desk.focus.shownStep() - 30) <= 1);
    QTRY_VERIFY(desk.meter("Step shown"));
    QCOMPARE(desk.meter("Step shown")->value(), QString::number(desk.focus.shownStep()));
    QVERIFY(!desk.find<TimelineBar>()->followButton().isChecked());
    const auto shown = desk.focus.shownStep();
    QTest::keyClick(strip, Qt::Key_Left);
    QCOMPARE(desk.focus.shownStep(), shown - 1);
    QTest::keyClick(strip, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(desk.focus.shownStep(), shown + 9);
    QTest::keyClick(&desk.window, Qt::Key_F);
    QVERIFY(desk.focus.live());
    QVERIFY(desk.find<TimelineBar>()->followButton().isChecked());
}

void MainWindowTest::pinsByKeyAndNamesInPlace() {
    WindowDesk desk(smallTask(150));
    desk.run->train();
    QTRY_COMPARE(desk.run->state(), Run::State::finished);
    auto* strip = desk.find<TimelineStrip>();
    desk.focus.showStep(107);
    QTRY_COMPARE(desk.focus.shownStep(), 107);
    QTest::keyClick(&desk.window, Qt::Key_P);
    QCOMPARE(desk.run->history().pins().at(107), std::string("pin 107"));
    QCOMPARE(desk.run->history().atOrBefore(107)->step, 107);
    const QPoint flag(qRound(strip->xOf(107)) + 3, 8);
    desk.focus.followLive();
    QTest::mouseClick(strip, Qt::LeftButton, {}, flag);
    QCOMPARE(desk.focus.shownStep(), 107);
    auto* name = strip->findChild<QLineEdit*>();
    const auto give = [&](const QString& text) {
        QTest::mouseDClick(strip, Qt::LeftButton, {}, flag);
        QVERIFY(name->isVisible());
        name->setText(text);
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(!name->isVisible());
    };
    give(QStringLiteral("heads wake"));
    QCOMPARE(desk.run->history().pins().at(107), std::string("heads wake"));
    give({});
    QVERIFY(desk.run->history().pins().empty());
    desk.focus.showStep(20);
    QTest::keyClick(&desk.window, Qt::Key_P);
    QTest::keyClick(&desk.window, Qt::Key_P);
    QVERIFY(desk.run->history().pins().empty());
}

void MainWindowTest::runsThroughTheKeptSteps() {
    WindowDesk desk(smallTask(30));
    desk.run->train();
    QTRY_COMPARE(desk.run->state(), Run::State::finished);
    auto* bar = desk.find<TimelineBar>();
    std::vector<std::int64_t> shown;
    connect(&desk.focus, &Focus::stepChanged, bar, [&] { shown.push_back(desk.focus.shownStep()); });
    QTest::keyClick(&desk.window, Qt::Key_Space, Qt::ShiftModifier);
    QVERIFY(bar->isPlaying());
    QTRY_VERIFY(desk.focus.shownStep() >= 4);
    for (std::size_t i = 0; i < shown.size(); ++i) QCOMPARE(shown[i], static_cast<std::int64_t>(i));
    QTest::keyClick(&desk.window, Qt::Key_F);
    QVERIFY(!bar->isPlaying());
    QVERIFY(desk.focus.live());
    desk.focus.showStep(29);
    bar->playButton().click();
    QTRY_VERIFY(!bar->isPlaying());
    QCOMPARE(desk.focus.shownStep(), 30);
}

void MainWindowTest::theBudgetIsChosenAndRemembered() {
    {
        WindowDesk desk;
        auto* bar = desk.find<TimelineBar>();
        QVERIFY(bar->keptButton().text().contains(QStringLiteral("of 256 MB")));
        emit bar->budgetChosen(64);
        QCOMPARE(desk.run->history().budget(), std::size_t{64} << 20);
        QVERIFY(bar->keptButton().text().contains(QStringLiteral("of 64 MB")));
    }
    WindowDesk again;
    QCOMPARE(again.run->history().budget(), std::size_t{64} << 20);
    emit again.find<TimelineBar>()->budgetChosen(256);
}

void MainWindowTest::aBranchStandsBesideItsParent() {
    WindowDesk desk(smallTask(40));
    auto* bar = desk.find<TimelineBar>();
    QVERIFY(!bar->continueButton().isEnabled());
    QVERIFY(bar->runsButton().isHidden());
    TrainingState moment = initialState(*desk.run->model(), desk.run->experiment());
    moment.step = 12;
    desk.focus.setRun(desk.workspace.addBranch({desk.run->experiment(), desk.run->dataset()}, moment, {desk.run->name(), 12}));
    QTRY_VERIFY(!bar->runsButton().isHidden());
    emit bar->runChosen(desk.run);
    QCOMPARE(desk.focus.run(), desk.run);
    desk.window.session().openTask(smallTask(40));
    QTRY_VERIFY(bar->runsButton().isHidden());
}

void MainWindowTest::pagesByNumberKey() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    QVERIFY(desk.window.pages().size() >= 2);
    QTest::keyClick(&desk.window, Qt::Key_2);
    QCOMPARE(desk.window.pageIndex(), 1);
    QCOMPARE(desk.find<PageRail>()->current(), 1);
    QVERIFY(desk.window.pages()[1]->isVisible());
    QVERIFY(!desk.window.pages()[0]->isVisible());
    QTest::keyClick(&desk.window, Qt::Key_1);
    QCOMPARE(desk.window.pageIndex(), 0);
    // Also with a focus ring on screen, which moves with the pages.
    auto* slider = desk.find<PaceSlider>();
    slider->setFocus(Qt::TabFocusReason);
    QTest::keyClick(slider, Qt::Key_2);
    QCOMPARE(desk.window.pageIndex(), 1);
}

void MainWindowTest::theLiveMapLeadsToTheMaps() {
    WindowDesk desk;
    LiveMap* map = desk.find<LiveMap>();
    QTRY_VERIFY(map->isVisible());
    QTest::mouseClick(map, Qt::LeftButton);
    QCOMPARE(desk.window.pages()[static_cast<std::size_t>(desk.window.pageIndex())]->iconName(), QStringLiteral("maps"));
    desk.window.showPage(0);
    map->setFocus();
    QTest::keyClick(map, Qt::Key_Return);
    QCOMPARE(desk.window.pages()[static_cast<std::size_t>(desk.window.pageIndex())]->iconName(), QStringLiteral("maps"));
}

void MainWindowTest::tabComesToThePageThatIsShown() {
    WindowDesk desk;
    for (const int page : {0, 2, 1}) {
        desk.window.showPage(page);
        for (auto* button : desk.find<PageRail>()->findChildren<QAbstractButton*>())
            QCOMPARE((button->focusPolicy() & Qt::TabFocus) != 0, button->isChecked());
    }
}

void MainWindowTest::thePanelFoldsPerPage() {
    WindowDesk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    ExperimentPanel& panel = desk.window.experimentPanel();
    QVERIFY(!panel.isFolded());
    desk.window.showPage(1);
    QVERIFY(panel.isFolded());
    QTest::keyClick(&desk.window, Qt::Key_F4);
    QVERIFY(!panel.isFolded());
    desk.window.showPage(0);
    QTest::keyClick(&desk.window, Qt::Key_F4);
    QVERIFY(panel.isFolded());
    desk.window.showPage(1);
    QVERIFY(!panel.isFolded());
}

/// clip_norm is named as a cause only where it is off.
void MainWindowTest::divergenceIsToldInTheWindow() {
    for (const double clipNorm : {5.0, 0.0}) {
        Experiment experiment = smallTask().experiment;
        experiment.training.clip_norm = clipNorm;
        const LoadedTask task = loadTask(experiment, {});
        TrainingState broken = initialState(Model(task.experiment.model), task.experiment);
        broken.weights[0] = std::numeric_limits<float>::infinity();
        WindowDesk desk(task, broken);
        auto* strip = desk.find<ErrorStrip>();
        QVERIFY(!strip->isVisible());
        desk.run->train();
        QTRY_VERIFY(strip->isVisible());
        QVERIFY(strip->accessibleDescription().contains("Most often learning_rate"));
        QCOMPARE(strip->accessibleDescription().contains("clip_norm"), clipNorm == 0.0);
        QVERIFY(!QApplication::activeModalWidget());
        QTRY_COMPARE(desk.meter("Left")->value(), QStringLiteral("stopped"));
        desk.run->reset();
        QVERIFY(!strip->isVisible());
    }
}

void MainWindowTest::aPlaceOpensOnEveryPage() {
    WindowDesk desk;
    QTRY_VERIFY(desk.focus.trace());
    for (const char* text : {"train?head=1", "maps?head=1&stage=masked_scores", "maps?head=1&stage=flow", "maps?head=0&stage=weights",
                             "explain?query=2&stage=weights", "positions?key=1", "text?stage=write", "compare", "sweeps"}) {
        const auto wanted = Place::parse(text);
        QVERIFY2(desk.window.showPlace(*wanted), text);
        const Place now = desk.window.place();
        QCOMPARE(now.page, wanted->page);
        if (!wanted->stage.isEmpty()) QCOMPARE(now.stage, wanted->stage);
        if (wanted->head) QCOMPARE(now.head, wanted->head);
        if (wanted->query) QCOMPARE(now.query, wanted->query);
    }
    QCOMPARE(desk.window.problem(), QString());
    for (const char* text : {"nowhere", "maps?stage=none", "explain?stage=mix&cell=x", "train?stage=mix", "maps?head=99"}) {
        QVERIFY2(!desk.window.showPlace(*Place::parse(text)), text);
        QVERIFY2(!desk.window.problem().isEmpty(), text);
        desk.window.clearProblem();
    }
}

void MainWindowTest::trainTrainsTheDraft() {
    WindowDesk desk;
    QAction* toggle = desk.window.actions().find(QStringLiteral("train.toggle"));
    Session& session = desk.window.session();
    Experiment draft = session.draft();
    draft.training.batch_size = 4;
    session.setDraft(draft, QStringLiteral("batch_size: too small"));
    toggle->trigger();
    QCOMPARE(desk.run->state(), Run::State::paused);
    QCOMPARE(desk.window.problem(), QStringLiteral("The settings have an error"));
    session.setDraft(draft);
    toggle->trigger();
    QCOMPARE(desk.focus.run()->experiment().training.batch_size, 4);
    QCOMPARE(desk.focus.run()->state(), Run::State::training);
    toggle->trigger();
    QCOMPARE(desk.focus.run()->state(), Run::State::paused);
}

void MainWindowTest::anotherTaskKeepsATrainedRunOnly() {
    WindowDesk desk;
    desk.run->train();
    QTRY_VERIFY(desk.run->step() > 3);
    QPointer<Run> old = desk.run;
    Run* next = desk.window.session().openTask(smallTask(100, 7));
    QCOMPARE(desk.focus.run(), next);
    QCOMPARE(desk.workspace.runs(), (std::vector<Run*>{old, next}));
    QTRY_COMPARE(old->state(), Run::State::paused);
    QTRY_COMPARE(desk.meter("Step")->value(), QStringLiteral("0"));
    QPointer<Run> untrained = next;
    Run* last = desk.window.session().openTask(smallTask(100, 8));
    QCOMPARE(desk.workspace.runs(), (std::vector<Run*>{old, last}));
    QTRY_VERIFY(!untrained);
}

void MainWindowTest::aNarrowWindowFoldsThePanel() {
    WindowDesk desk;
    ExperimentPanel& panel = desk.window.experimentPanel();
    QVERIFY(!panel.isFolded());
    desk.window.resize(desk.window.minimumSizeHint().width(), 700);
    QTRY_VERIFY(panel.isFolded());
    desk.window.resize(1280, 800);
    QTRY_VERIFY(!panel.isFolded());
}

void MainWindowTest::sizeIsCycled() {
    WindowDesk desk;
    QAction* larger = desk.window.actions().find(QStringLiteral("view.larger"));
    QAction* smaller = desk.window.actions().find(QStringLiteral("view.smaller"));
    Theme::instance().setScale(1.25);
    QCOMPARE(desk.find<TransportBar>()->height(), 70);
    smaller->trigger();
    QCOMPARE(Theme::instance().scale(), 1.0);
    smaller->trigger();
    QCOMPARE(Theme::instance().scale(), 1.0);
    for (int i = 0; i < 5; ++i) larger->trigger();
    // As large as the screen allows, and not larger.
    const QSize screen = desk.window.screen()->availableGeometry().size();
    QVERIFY(desk.window.minimumSizeHint().width() <= screen.width());
    const double reached = Theme::instance().scale();
    QVERIFY(reached == 2.0 || desk.window.minimumSizeHint().width() * 1.34 > screen.width() ||
            desk.window.minimumSizeHint().height() * 1.34 > screen.height());
    desk.window.actions().find(QStringLiteral("view.cycle"))->trigger();
    QCOMPARE(Theme::instance().scale(), 1.0);
}

/// The button for the size never does nothing, and its turns lead back to where they began.
void MainWindowTest::aTurnOfSizesLeadsBack() {
    WindowDesk desk;
    desk.window.resize(desk.window.minimumSizeHint());
    QCoreApplication::processEvents();
    const QSize before = desk.window.size();
    QAction* cycle = desk.window.actions().find(QStringLiteral("view.cycle"));
    int turns = 0;
    do {
        const double scale = Theme::instance().scale();
        cycle->trigger();
        QVERIFY(Theme::instance().scale() != scale || !desk.window.problem().isEmpty());
        QTRY_VERIFY(desk.window.width() >= desk.window.minimumSizeHint().width());
        QVERIFY(desk.window.width() <= std::max(desk.window.screen()->availableGeometry().width(), before.width()));
    } while (Theme::instance().scale() != 1.0 && ++turns < 5);
    QVERIFY(turns < 5);
    QTRY_COMPARE(desk.window.size(), before);
}

void MainWindowTest::fitsASmallScreen() {
    WindowDesk desk;
    for (int page = 0; page < static_cast<int>(desk.window.pages().size()); ++page) {
        desk.window.showPage(page);
        const QSize least = desk.window.minimumSizeHint();
        QVERIFY2(least.width() <= 1024 && least.height() <= 640,
                 qPrintable(QStringLiteral("page %1: %2 x %3").arg(page).arg(least.width()).arg(least.height())));
    }
}

void MainWindowTest::stateSurvivesTheNextStart() {
    {
        WindowDesk desk;
        desk.window.showPage(1);
        desk.window.experimentPanel().setFolded(false);
        Theme::instance().setScale(1.25);
        desk.window.close();
    }
    Theme::instance().setScale(1.0);
    WindowDesk desk;
    desk.window.restoreWindowState();
    desk.window.resize(1800, 900);  // Qt 6.8 makes it no larger than the screen, which is small here: the panel would fold for want of room
    QCOMPARE(desk.window.pageIndex(), 1);
    QVERIFY(!desk.window.experimentPanel().isFolded());
    QCOMPARE(Theme::instance().scale(), 1.25);
    Theme::instance().setScale(1.0);
    QSettings().clear();
}

/// Pages that came later stand between older ones in the rail.
void MainWindowTest::settingsKeepPagesByNumbersOfTheirOwn() {
    WindowDesk desk;
    for (const auto& [number, page] : {std::pair(4, "text"), std::pair(9, "codes"), std::pair(10, "stream"), std::pair(99, "train")}) {
        QSettings().setValue(QStringLiteral("window/page"), number);
        desk.window.restoreWindowState();
        QCOMPARE(desk.window.place().page, QLatin1String(page));
    }
    desk.window.showPage(desk.window.indexOf(QStringLiteral("stream")));
    desk.window.saveWindowState();
    QCOMPARE(QSettings().value(QStringLiteral("window/page")).toInt(), 10);
    QSettings().clear();
}

void MainWindowTest::aSizeOfALargerScreenIsMadeSmaller() {
    WindowDesk desk;
    QSettings().setValue(QStringLiteral("window/scale"), 2.0);
    desk.window.restoreWindowState();
    desk.window.fitScale();
    const QSize screen = desk.window.screen()->availableGeometry().size(), least = desk.window.minimumSizeHint();
    QVERIFY(Theme::instance().scale() == 1.0 || (least.width() <= screen.width() && least.height() <= screen.height()));
    Theme::instance().setScale(1.0);
    QSettings().clear();
}

void MainWindowTest::shortcutsAreListed() {
    WindowDesk desk;
    desk.window.actions().find(QStringLiteral("help.shortcuts"))->trigger();
    auto* dialog = desk.find<ShortcutsDialog>();
    QVERIFY(dialog);
    QVERIFY(dialog->isVisible());
    QStringList texts;
    for (const QLabel* label : dialog->findChildren<QLabel*>()) texts << label->text();
    for (const char* key : {"Space", ".", "F4", "F", "1"}) QVERIFY2(texts.contains(QLatin1String(key)), key);
}

void MainWindowTest::noShortcutIsTakenTwice() {
    WindowDesk desk;
    QStringList keys;
    for (const QAction* action : desk.window.actions().all())
        for (const QKeySequence& key : action->shortcuts()) keys << key.toString();
    QStringList unique = keys;
    unique.removeDuplicates();
    QCOMPARE(keys, unique);
}

void MainWindowTest::paceFollowsSliderAndRun() {
    WindowDesk desk;
    auto* slider = desk.find<PaceSlider>();
    desk.run->setPace(60);
    QTRY_COMPARE(slider->pace(), 60.0);
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_End);
    QCOMPARE(desk.run->pace(), 0.0);
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(desk.run->pace(), 1.0);
    desk.run->setPace(37);  // between two stops of the slider
    QTRY_COMPARE(slider->pace(), 37.0);
    QCOMPARE(desk.run->pace(), 37.0);
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
